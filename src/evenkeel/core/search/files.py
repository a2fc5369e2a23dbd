"""What stands in attached files: read once for each content, and found with the records."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec
from django.db import transaction
from django.utils import timezone

from evenkeel.core.records import store
from evenkeel.core.records.comments import Attachment, Content, FileText
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.search import filetext, indexing

PATIENCE = 60  # seconds; a third of it is all the processor time that a file gets
_TOO_LONG = "Reading it takes too much time or memory."
_GONE = "The file itself is not there."


class _Read(msgspec.Struct):
    text: str
    unread: str


def read(key: int) -> None:
    """Read the file of an attachment, if nobody did, and let its record be found by it."""
    found = Attachment.objects.select_related("content").filter(pk=key).first()
    if found is None:
        return
    if found.content.read_at is None:
        _keep(found.content, _text_of(found.content_id, found.filename))
    _index([found.record_id])


def read_rest() -> int:
    """Read what nobody has read yet, such as what was there before; how many files that were."""
    waiting = Content.objects.filter(read_at=None).order_by("stored_at")
    done = 0
    for content in waiting.iterator(chunk_size=100):
        there = Attachment.objects.filter(content=content).values_list("filename", "record_id")
        names = [name for name, _ in there]
        _keep(content, _text_of(content.pk, names[0] if names else ""))
        _index({record for _, record in there})
        done += 1
    return done


def _text_of(sha256: str, name: str) -> _Read:
    """What the process that reads it says of it."""
    path = store.path_of(sha256)
    if not path.is_file():
        return _Read("", _GONE)
    try:
        said = subprocess.run(
            [sys.executable, "-I", str(Path(filetext.__file__)), str(path), name],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=True,
        ).stdout  # fmt: skip
        return msgspec.json.decode(said, type=_Read)
    except (subprocess.SubprocessError, msgspec.DecodeError):
        return _Read("", _TOO_LONG)


def _keep(content: Content, found: _Read) -> None:
    with transaction.atomic():
        if found.text:
            FileText.objects.update_or_create(content=content, defaults={"text": found.text})
        Content.objects.filter(pk=content.pk).update(
            read_at=timezone.now(), unread=found.unread[:200]
        )


def _index(keys: Iterable[int]) -> None:
    """The row of the record is locked, as an action does, so that neither overwrites the other."""
    by_kind: dict[str, list[int]] = {}
    with transaction.atomic():
        locked = Record.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk")
        for key, kind in locked.values_list("pk", "of_kind"):
            by_kind.setdefault(kind, []).append(key)
        for kind, some in by_kind.items():
            indexing.index(kinds()[kind], some)
