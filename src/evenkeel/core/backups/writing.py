"""Making a backup while everything runs: one snapshot of the database, and the files it names."""

import os
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from evenkeel.core.backups import manifest
from evenkeel.core.backups.manifest import ATTACHMENTS, DUMP, MANIFEST, Manifest
from evenkeel.core.database import programs
from evenkeel.core.records import store
from evenkeel.core.records.comments import Content

Say = Callable[[str], None]
# Who is signed in is nobody's evidence, and worth nothing under another secret key.
LEFT_OUT = ("core_session",)


class BackupFailed(Exception):
    """There is no backup; the message says why."""

    is_impersonal = True  # may stand in a log


def write(target: Path, say: Say) -> Manifest:
    """Make a backup; the file is there when it is whole, or not at all.

    Raises BackupFailed.
    """
    if target.exists():
        raise BackupFailed(f"{target} is there already; name another file.")
    try:
        made = _written(target, say)
    except OSError as fault:
        raise BackupFailed(f"{fault.strerror or fault}: {fault.filename or target}") from fault
    return made


def _written(target: Path, say: Say) -> Manifest:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # for us alone
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                made = _filled(archive, say)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        os.unlink(name)
        raise
    os.replace(name, target)
    return made


def _filled(archive: zipfile.ZipFile, say: Say) -> Manifest:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        made = manifest.describe(timezone.now(), _settings())
        say(f"The database: {made.chains.records} records, {made.chains.entries} entries …")
        with archive.open(DUMP, "w", force_zip64=True) as member:
            made.members[DUMP] = _dumped(snapshot, member)
        contents = list(Content.objects.order_by("sha256").values_list("sha256", flat=True))
    say(f"{len(contents)} attachments …")
    for sha256 in contents:
        name = f"{ATTACHMENTS}{sha256[:2]}/{sha256}"
        made.members[name] = _attached(archive, name, sha256)
    archive.writestr(MANIFEST, manifest.encode(made))
    return made


def _dumped(snapshot: str, member: IO[bytes]) -> str:
    named, secret = manifest.server()
    command = [programs.find()["pg_dump"], f"--dbname={named}", f"--snapshot={snapshot}"]
    command += ["--format=custom", "--no-owner", "--no-privileges", "--schema=public"]
    command += ["--extension=*", *(f"--exclude-table-data={table}" for table in LEFT_OUT)]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=said, env={**os.environ, **secret}
        ) as dump:
            assert dump.stdout  # noqa: S101  (it was asked for)
            digest = manifest.copied(dump.stdout, member)
        if dump.returncode:
            said.seek(0)
            raise BackupFailed(f"pg_dump: {said.read().decode(errors='replace').strip()}")
    return digest


def _attached(archive: zipfile.ZipFile, name: str, sha256: str) -> str:
    """A file that is lost or damaged must not be found out at the restore only."""
    path = store.path_of(sha256)
    if not path.exists():
        raise BackupFailed(f"The attachment {sha256} is not in {settings.MEDIA_ROOT}.")
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as member:
        digest = manifest.copied(source, member)
    if digest != sha256:
        raise BackupFailed(f"The attachment {sha256} is damaged.")
    return digest


def _settings() -> dict[str, str]:
    """What was set from outside, without secrets."""
    return dict(settings.EVENKEEL_SETTINGS)
