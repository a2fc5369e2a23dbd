"""One import from its beginning to its end: who may, one at a time, on record, to be resumed.

Batches are committed one by one, each with the names of its rows; so an import that was killed is
resumed by doing it again: what is in is passed over.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.utils import timezone

from evenkeel.core.imports import actions
from evenkeel.core.imports.intake import Intake
from evenkeel.core.imports.lifecycle import State
from evenkeel.core.imports.loading import Loading, Progress
from evenkeel.core.imports.models import ImportRun
from evenkeel.core.imports.opening import sha256_of
from evenkeel.core.imports.permissions import IMPORTERS
from evenkeel.core.imports.profile import Profile
from evenkeel.core.imports.recognise import Source
from evenkeel.core.imports.refusals import RefusalsFile
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Denied

IMPORTER = "importer"  # the account in whose name rows come in, unless another is named
_LOCK = "evenkeel import"


class Busy(Exception):
    """Another import runs; the message says what to do."""


def importer(*, writes: bool = True) -> User:
    """The SMS's own account for imports; where nothing may be written, perhaps one to be."""
    user = User.objects.filter(username=IMPORTER).first()
    if user is None:
        user = User(username=IMPORTER, full_name="Import", is_system=True)
        user.set_unusable_password()
        if writes:
            user.save()
    return user


def check_may_import(user: User) -> None:
    """Raises Denied with the reason when this account may not import."""
    if not (answer := IMPORTERS(user, ImportRun())):
        raise Denied(answer.reason)


def run(
    profile: Profile,
    sources: Sequence[Source],
    *,
    by: User,
    refusals: Callable[[str], Path],  # where to put what is refused, given the import's number
    progress: Progress,
    writes: bool = True,
) -> tuple[Intake, Path | None]:
    """Import the sources; answers how it went, and the refusals file if there is one."""
    check_may_import(by)
    with alone():
        record = _begun(profile, sources, by) if writes else None
        name = record.number if record else ""
        file = RefusalsFile(refusals(name), [name for one in sources for name in one.columns])
        intake = Intake(profile, by, timezone.now(), file, writes=writes, name=name)
        try:
            Loading(intake, progress).load(sources)
        except BaseException as error:
            if record:
                _break_off(record, f"{type(error).__name__}: {error}".strip(": "))
            raise
        finally:
            refused = file.close()
        if record:
            actions.finish(
                record,
                by=importer(),
                via=Via.IMPORT,
                rows=json.dumps({kind: one.as_dict() for kind, one in intake.figures.items()}),
                remarks=json.dumps(intake.notes),
            )
    return intake, refused


def _begun(profile: Profile, sources: Sequence[Source], by: User) -> ImportRun:
    for left in ImportRun.objects.filter(state=State.RUNNING):
        _break_off(left, "It was killed; what it had brought in is kept.")
    files = {source.path: source.path.stat().st_size for source in sources}
    names = ", ".join(path.name for path in files)
    started = ImportRun(
        title=f"{profile.title}: {names}"[:200],
        requester=by,
        system=profile.system,
        profile=profile.title,
        files=[
            {"name": path.name, "sha256": sha256_of(path), "size": size}
            for path, size in files.items()
        ],
    )
    begun: ImportRun = actions.record(started, by=importer(), via=Via.IMPORT)
    return begun


def _break_off(record: Record, reason: str) -> None:
    actions.break_off(record, by=importer(), via=Via.IMPORT, reason=reason[:10_000])


@contextmanager
def alone() -> Iterator[None]:
    """Two imports at once could bring in one row twice; so the second is refused.

    So is one beside an undoing, which takes away the names that rows are known by.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_LOCK])
        row = cursor.fetchone()
    if not row or not row[0]:
        raise Busy(
            "Another import is running, or being undone. Wait until it has ended, then try again."
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_LOCK])
