"""Attached files are read after the action that attached them, so that nobody waits for it."""

from evenkeel.core.jobs.declaring import LONG, every, long_job
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import within
from evenkeel.core.search import files


@long_job
def read_file(attachment: int) -> None:
    """Read the text of an attached file for the search."""
    files.read(attachment)


@every("7 4 * * *", LONG)
def read_files() -> None:
    """Read the text of attached files that nobody has read yet."""
    files.read_rest()


def _on_action(record: Record, entry: Entry) -> None:
    if isinstance(key := entry.given.get("attachment"), int):
        read_file.defer(attachment=key)


within.append(_on_action)
