"""Making an installation of a backup: looked through first, loaded in one transaction, compared."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO

import msgspec
from django.conf import settings
from django.db import connection

from evenkeel.core.backups import manifest
from evenkeel.core.backups.manifest import ATTACHMENTS, DUMP, FORMAT, MANIFEST, Manifest
from evenkeel.core.database import programs
from evenkeel.core.records import store

Say = Callable[[str], None]
_ATTACHED = re.compile(r"attachments/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_GONE = frozenset({"sessions"})  # apps that earlier versions had
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


class RestoreRefused(Exception):
    """Nothing was changed; the message says why."""


def opened(file: Path, known: Collection[str], say: Say) -> Manifest:
    """Look a backup through, every byte of it. `known` are the migrations that the software has.

    Raises RestoreRefused for one that is damaged, incomplete or of a newer version.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            made = manifest.decode(archive.read(MANIFEST))
            if made.format > FORMAT or (unknown := _unknown(made, known)):
                newest = max(unknown, default="") if made.format <= FORMAT else ""
                raise RestoreRefused(
                    f"It was made by Evenkeel {made.evenkeel}, which is newer than this"
                    f" {f'(it has {newest})' if newest else ''}; install that version first."
                )
            say(f"Looking through {len(made.members)} members of {file} …")
            _compare(archive, made)
    except OSError as fault:
        raise RestoreRefused(f"{fault.strerror or fault}: {file}") from fault
    except (zipfile.BadZipFile, KeyError, msgspec.MsgspecError) as fault:
        raise RestoreRefused(f"{file} is no backup, or not a whole one: {fault}") from fault
    return made


def _unknown(made: Manifest, known: Collection[str]) -> set[str]:
    """The migrations that a newer version has; those of parts that are gone are of an older one."""
    return {one for one in set(made.migrations) - set(known) if one.partition(".")[0] not in _GONE}


def _compare(archive: zipfile.ZipFile, made: Manifest) -> None:
    names = {name for name in archive.namelist() if name != MANIFEST}
    if names != set(made.members) or DUMP not in names:
        raise RestoreRefused("It does not hold what its manifest names.")
    for name, sha256 in made.members.items():
        if name != DUMP and not _ATTACHED.fullmatch(name):
            raise RestoreRefused(f"It holds something that is no attachment: {name!r}")
        with archive.open(name) as member:
            if manifest.copied(member, None) != sha256:
                raise RestoreRefused(f"It is damaged: {name} is not as it was written.")


def check_target(*, replace: bool) -> None:
    """Raises RestoreRefused where something would be lost, or somebody is at work."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        (tables,) = cursor.fetchone()
        cursor.execute(_OTHERS)
        (others,) = cursor.fetchone()
    if tables and not replace:
        raise RestoreRefused(
            "The database is not empty. Name an empty one, or give --replace, which removes"
            " everything that is in it."
        )
    if others:
        raise RestoreRefused("Somebody uses the database; stop Evenkeel first.")


def load(file: Path, made: Manifest, say: Say) -> None:
    """Files first, for they do no harm alone; then the database, all of it or nothing.

    Raises RestoreRefused; only where it says that what was restored differs, was anything changed.
    """
    with zipfile.ZipFile(file) as archive:
        names = [name for name in made.members if name.startswith(ATTACHMENTS)]
        say(f"{len(names)} attachments …")
        for name in names:
            _put_back(archive, name)
        say(f"The database: {made.chains.records} records …")
        connection.close()
        _load_database(archive)
    if (found := manifest.chains()) != made.chains:
        raise RestoreRefused(
            f"What was restored is not what was saved: {found.records} records with"
            f" {found.entries} entries instead of {made.chains.records} with {made.chains.entries},"
            " or other ones."
        )


def _beside_the_data() -> IO[bytes]:
    """A file without a name, where there is room for a database."""
    return tempfile.TemporaryFile(dir=settings.EVENKEEL_HOME)


def _put_back(archive: zipfile.ZipFile, name: str) -> None:
    target = store.path_of(Path(name).name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as copy:
        with archive.open(name) as member:
            shutil.copyfileobj(member, copy)
        copy.flush()
        os.fsync(copy.fileno())
    os.replace(copy.name, target)


def _load_database(archive: zipfile.ZipFile) -> None:
    """PostgreSQL is given a whole script or none: what is cut short must not be committed."""
    with tempfile.TemporaryFile() as said, _beside_the_data() as script:
        if not (_made_a_script(archive, script, said) and _run(script, said)):
            said.seek(0)
            first = said.read().decode(errors="replace").strip().splitlines()[:1]
            raise RestoreRefused(f"PostgreSQL refused it: {' '.join(first)}")


def _made_a_script(archive: zipfile.ZipFile, script: IO[bytes], said: IO[bytes]) -> bool:
    command = [programs.find()["pg_restore"], "--no-owner", "--no-privileges", "--file=-"]
    with (
        archive.open(DUMP) as member,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=script, stderr=said) as made,
    ):
        assert made.stdin  # noqa: S101  (it was asked for)
        with contextlib.suppress(BrokenPipeError):  # it has seen enough, and says why
            manifest.copied(member, made.stdin)
            made.stdin.close()
    return made.returncode == 0


def _run(script: IO[bytes], said: IO[bytes]) -> bool:
    script.seek(0)
    named, secret = manifest.server()
    command = [programs.find()["psql"], f"--dbname={named}", "--no-psqlrc", "--quiet"]
    command += ["--single-transaction", "--set=ON_ERROR_STOP=1"]
    command += ["--command=DROP SCHEMA IF EXISTS public CASCADE", "--file=-"]
    environment = {**os.environ, **secret}
    done = subprocess.run(
        command, stdin=script, stdout=subprocess.DEVNULL, stderr=said, env=environment, check=False
    )
    return done.returncode == 0
