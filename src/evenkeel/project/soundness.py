"""What `evenkeel check` looks at, once the database answers: sound or not, and a sentence."""

import shutil
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from evenkeel.core.backups import keeping
from evenkeel.core.database import tables as needed
from evenkeel.core.records import sealing
from evenkeel.core.search import rebuilding
from evenkeel.core.web import assets

Looked = tuple[bool, str]
NEEDED = ("pg_trgm", "unaccent")
SAMPLE = 200  # records whose chains are verified; `evenkeel audit verify` takes all
LEAST_SPACE = 1_000_000_000  # bytes
GUARDS = {
    *("entry_is_evidence", "entries_are_evidence"),
    *("access_is_evidence", "accesses_are_evidence"),
    *("checkpoint_is_evidence", "checkpoints_are_evidence"),
    *("record_is_bypassed", "record_is_deleted"),
    *("report_is_sealed", "sealed_report_stays", "case_of_sealed_report"),
}


def database() -> Looked:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), pg_database_size(current_database())"
        )
        version, size = cursor.fetchone()
    return True, f"PostgreSQL {version}, {_size(size)}."


def extensions() -> Looked:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_available_extensions")
        missing = set(NEEDED) - {name for (name,) in cursor.fetchall()}
    if missing:
        return False, f"PostgreSQL lacks {_names(missing)}; install its contrib package."
    return True, f"{_names(set(NEEDED))} are there."


def tables() -> Looked:
    if pending := needed.pending():
        return False, f"{len(pending)} are missing; `evenkeel run` makes them."
    return True, "as this version of the software needs them."


def house() -> Looked:
    faults = [fault for fault in run_checks() if fault.level >= WARNING]
    return not faults, " ".join(
        f"{fault.obj}: {fault.msg}." for fault in faults
    ) or "in order: processes, lifecycles, permissions, settings of Django."


def evidence() -> Looked:
    """The triggers that keep entries from being changed can be switched off by the database's
    administrator; so see that they are on, and that what can be read fits its chain."""
    if needed.pending():
        return False, "not looked at, because tables are missing."
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgname = ANY(%s) AND tgenabled IN ('O', 'A')",
            [sorted(GUARDS)],
        )
        missing = GUARDS - {name for (name,) in cursor.fetchall()}
    if missing:
        return False, f"entries can be changed: the trigger {_names(missing)} is off."
    verified, faults = sealing.sample(SAMPLE)
    return not faults, " ".join(faults) or f"{verified} chains of entries were taken and hold."


def search() -> Looked:
    if needed.pending():
        return False, "not looked at, because tables are missing."
    if missing := rebuilding.missing():
        return False, f"{missing} records are not found by it; `evenkeel reindex` puts it right."
    return True, "every record is found by it."


def built_assets() -> Looked:
    try:
        named = set(assets.manifest().values())
    except RuntimeError as missing:
        return False, str(missing)
    if lost := {name for name in named if not (assets.DIST / name).exists()}:
        return False, f"{_names(lost)} not found in {assets.DIST}; install Evenkeel again."
    return True, f"{len(named)} files are there."


def backup() -> Looked:
    """Somebody who began yesterday need not have one."""
    if needed.pending():
        return False, "not looked at, because tables are missing."
    found = keeping.last()
    if found and timezone.now() - found.made_at < keeping.OLD_AFTER:
        return True, f"the last is of {found.made_at:%Y-%m-%d %H:%M} UTC, {found.file}."
    applied: Any = MigrationRecorder(connection).applied_migrations().values()
    if not found and timezone.now() - min(one.applied for one in applied) < keeping.OLD_AFTER:
        return True, "there is none yet."
    said = f"the last is of {found.made_at:%Y-%m-%d %H:%M} UTC" if found else "there is none"
    return False, f"{said}; see why in the log of the worker, or make one: `evenkeel backup FILE`."


def disk() -> Looked:
    free = shutil.disk_usage(settings.EVENKEEL_HOME).free
    if free < LEAST_SPACE:
        return False, f"only {_size(free)} are free in {settings.EVENKEEL_HOME}; make room."
    return True, f"{_size(free)} are free."


def _names(names: set[str]) -> str:
    return " and ".join(sorted(names))


def _size(count: int) -> str:
    return f"{count / 1_000_000_000:.1f} GB" if count >= 1e9 else f"{count / 1_000_000:.0f} MB"


LOOKS: dict[str, Callable[[], Looked]] = {
    "database": database,
    "extensions": extensions,
    "tables": tables,
    "house": house,
    "evidence": evidence,
    "search": search,
    "assets": built_assets,
    "backup": backup,
    "disk": disk,
}
