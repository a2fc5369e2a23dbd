"""Where the bytes of attachments lie: one file per content, named by its SHA-256."""

import hashlib
import mimetypes
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.text import get_valid_filename

from evenkeel.core.records.comments import Attachment, Content

# Files that a desktop runs when they are opened; nobody needs them on a case unpacked.
REFUSED_ENDINGS = frozenset(
    {
        *("apk", "bat", "cmd", "com", "cpl", "dll", "exe", "hta", "jar", "js", "jse", "lnk"),
        *("msi", "msp", "ps1", "reg", "scr", "vb", "vbe", "vbs", "wsf", "wsh"),
    }
)
_PIECE = 1 << 16
_SETTLES = 60  # seconds, in which a file that was stored is attached


class Unfit(Exception):
    """The file was not kept; the message says why."""


def keep(file: File) -> Content:  # type: ignore[type-arg]  # bytes; Django's stub wants AnyStr
    """Store the bytes of a file, once per content. Raises Unfit when it is too large or empty."""
    folder = _folder()
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        try:
            digest, size = _copy(file, target)
        except BaseException:
            os.unlink(target.name)
            raise
        target.flush()
        os.fsync(target.fileno())
    place = path_of(digest)
    place.parent.mkdir(exist_ok=True)
    os.replace(target.name, place)
    content, _ = Content.objects.get_or_create(
        sha256=digest, defaults={"size": size, "stored_at": timezone.now()}
    )
    return content


def check_name(name: str) -> tuple[str, str]:
    """A safe file name and its media type; the type is told from the name, never from the sender.

    Raises Unfit for a kind of file that is not taken.
    """
    safe = get_valid_filename(Path(name or "file").name)[-200:]
    ending = safe.rsplit(".", 1)[-1].lower() if "." in safe else ""
    if ending in REFUSED_ENDINGS:
        raise Unfit(f"Files that end in .{ending} are not taken, because opening them runs them.")
    return safe, mimetypes.guess_type(safe)[0] or "application/octet-stream"


def path_of(sha256: str) -> Path:
    """Where the content of that hash lies."""
    return _folder() / sha256[:2] / sha256


def drop(sha256: str) -> None:
    """Forget a content that nothing is attached by any more; its bytes go with the commit."""
    if not Attachment.objects.filter(content_id=sha256).exists():
        Content.objects.filter(pk=sha256).delete()
        transaction.on_commit(lambda: _unlink(sha256))


def _unlink(sha256: str) -> None:
    path = path_of(sha256)
    with suppress(FileNotFoundError):
        is_new = time.time() - path.stat().st_mtime < _SETTLES  # attached anew, perhaps just now
        if not is_new and not Content.objects.filter(pk=sha256).exists():
            path.unlink()


def pieces(sha256: str) -> Iterator[bytes]:
    """The bytes of a content, piece by piece."""
    with path_of(sha256).open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _copy(file: File, target: IO[bytes]) -> tuple[str, int]:  # type: ignore[type-arg]
    limit, size, digest = int(settings.ATTACHMENT_LIMIT), 0, hashlib.sha256()
    for piece in file.chunks(_PIECE):
        size += len(piece)
        if size > limit:
            raise Unfit(f"The file is larger than {limit // 1_000_000} MB, the most that is taken.")
        digest.update(piece)
        target.write(piece)
    if not size:
        raise Unfit("The file is empty.")
    return digest.hexdigest(), size


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
