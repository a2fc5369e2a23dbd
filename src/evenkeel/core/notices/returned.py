"""A mail that comes back: what a delivery status notification (RFC 3464) says, and nothing else.

It was written by a machine that we do not know, and may be anything. So no more is read of it than
the address, the reason and the name of our own mail, each in one line and cut.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import parseaddr
from typing import Any

from evenkeel.core.notices import names
from evenkeel.core.notices.names import Name
from evenkeel.core.notices.posting import one_line

LARGEST = 5_000_000  # bytes; it may hold the whole mail that came back
_PARTS = 20  # of the report; it has three
_HELD = 100_000  # characters of headers in which our name is looked for
_REASON = 200


class NotRead(Exception):
    """It is no report of a mail that came back; the text says why."""


@dataclass(frozen=True)
class Returned:
    """Which of our mails did not arrive, to which address it went, and why."""

    name: Name
    address: str
    reason: str


def read(raw: bytes) -> Returned | None:
    """What a report says; None where the mail arrived, or may still. Raises NotRead."""
    parts = list(_parts(raw))
    status = _first(parts, "message/delivery-status")
    if status is None:
        raise NotRead("It holds no delivery status (RFC 3464).")
    failed = _failed(status)
    if failed is None:
        return None
    original = _original(parts)
    name = next(_names(parts[0], original), None)
    if name is None:
        raise NotRead("It names no mail that was sent from here.")
    return Returned(name, _address(original, failed), _reason(failed))


def _parts(raw: bytes) -> Iterator["Message[Any, Any]"]:
    """The report itself, then its parts; not what is nested in them."""
    if len(raw) > LARGEST:
        raise NotRead(f"It is larger than {LARGEST:,} bytes.")
    try:
        report: Message[Any, Any] = message_from_bytes(raw)
    except (RecursionError, ValueError, LookupError) as fault:  # parts in parts in parts
        raise NotRead("It is no mail that can be read.") from fault
    if report.get_content_type() != "multipart/report" or not report.is_multipart():
        raise NotRead("It is no report about a mail (multipart/report).")
    yield report
    parts: Any = report.get_payload()
    yield from parts[:_PARTS]


def _first(parts: list["Message[Any, Any]"], kind: str) -> "Message[Any, Any] | None":
    return next((part for part in parts[1:] if part.get_content_type() == kind), None)


def _failed(status: "Message[Any, Any]") -> "Message[Any, Any] | None":
    """The fields of the first recipient whom it did not reach for good."""
    blocks: Any = status.get_payload()
    for block in blocks if isinstance(blocks, list) else [message_from_string(str(blocks))]:
        if _field(block, "Action").lower() == "failed":
            return block
    return None


def _original(parts: list["Message[Any, Any]"]) -> "Message[Any, Any] | None":
    """The headers of our mail, where the report gives them back."""
    if whole := _first(parts, "message/rfc822"):
        held: Any = whole.get_payload()
        return held[0] if isinstance(held, list) and held else None
    if headers := _first(parts, "text/rfc822-headers"):
        text: Any = headers.get_payload(decode=True)
        return message_from_string((text or b"")[:_HELD].decode(errors="replace"))
    return None


def _names(report: "Message[Any, Any]", original: "Message[Any, Any] | None") -> Iterator[Name]:
    """Ours, as the mail itself or else the report about it names them."""
    if original is not None:
        yield from names.found(_field(original, "Message-ID"))
    for header in ("In-Reply-To", "References"):
        yield from names.found(_field(report, header))


def _address(original: "Message[Any, Any] | None", failed: "Message[Any, Any]") -> str:
    """To whom we sent it; who forwards says another address in the report."""
    sent = parseaddr(_field(original, "To"))[1] if original is not None else ""
    told = _field(failed, "Original-Recipient") or _field(failed, "Final-Recipient")
    return sent or told.rpartition(";")[2].strip()


def _reason(failed: "Message[Any, Any]") -> str:
    said = _field(failed, "Diagnostic-Code")
    kind, _, words = said.partition(";")
    reason = words.strip() if kind.strip().lower() in {"smtp", "x-unix"} else said
    return (reason or _field(failed, "Status") or "It came back without a reason.")[:_REASON]


def _field(part: "Message[Any, Any]", name: str) -> str:
    """A header in one line; nothing where there is none."""
    return one_line(str(part.get(name) or "")[:_HELD])
