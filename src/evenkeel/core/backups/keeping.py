"""Backups by the timetable: where they lie, how many stay, and when the last good one was made."""

import time
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from django.conf import settings
from django.utils import timezone

from evenkeel.core.backups import writing
from evenkeel.core.backups.manifest import Manifest
from evenkeel.core.backups.writing import BackupFailed, Say

OLD_AFTER = timedelta(days=2)
_NAME = "evenkeel-*.zip"


class Last(msgspec.Struct):
    """The last good backup, wherever it was written to."""

    made_at: datetime
    file: str


def back_up(target: Path, say: Say) -> Manifest:
    """Make a backup and note that there is one. Raises BackupFailed."""
    made = writing.write(target, say)
    note = _note()
    fresh = note.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(Last(made.made_at, str(target))))
    fresh.replace(note)
    return made


def back_up_by_timetable(say: Say) -> None:
    """Make the backup of this hour, and only then remove the oldest. Raises BackupFailed."""
    folder = Path(settings.BACKUPS)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise BackupFailed(f"{fault.strerror}: {folder}") from fault
    back_up(folder / f"evenkeel-{timezone.now():%Y-%m-%dT%H%M%S}.zip", say)
    for old in sorted(folder.glob(_NAME))[: -settings.BACKUPS_KEPT]:
        old.unlink()
    for left in folder.glob(f".{_NAME}.*"):  # by a backup that was killed
        if time.time() - left.stat().st_mtime > OLD_AFTER.total_seconds():
            left.unlink()


def last() -> Last | None:
    """The last good backup that this data folder knows of, and whose file is still there."""
    try:
        found = msgspec.json.decode(_note().read_bytes(), type=Last)
    except (OSError, msgspec.MsgspecError):
        return None
    return found if Path(found.file).exists() else None


def _note() -> Path:
    return Path(settings.EVENKEEL_HOME) / "last-backup.json"
