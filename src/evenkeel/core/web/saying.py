"""What is said in the composer: a reply or a note, and the files that come with it."""

from dataclasses import dataclass
from typing import Any, Self

from django.http import HttpRequest

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Audience, Entry, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Invalid, registry


@dataclass(frozen=True)
class Sent:
    """Text, files, and for whom they are."""

    audience: Audience
    text: str
    files: list[Any]

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """What a form sent; without a known audience it stays inside."""
        asked = request.POST.get("audience", "")
        audience = Audience.PUBLIC if asked == Audience.PUBLIC else Audience.INTERNAL
        return cls(audience, request.POST.get("text", ""), request.FILES.getlist("files"))


def say(record: Record, by: User, sent: Sent) -> str:
    """Comment, then attach each file to the comment. Raises Denied and Invalid as the verbs do.

    Answers what the writer should know of it, as that somebody who is mentioned may not read it.
    """
    if not (sent.text.strip() or sent.files):
        raise Invalid({"text": ["Write something, or attach a file."]})
    comment, remark = _comment(record, by, sent) if sent.text.strip() else (None, "")
    attach = registry[f"{record.collection}.attach"] if sent.files else None
    for file in sent.files:
        if attach:
            raw = {"audience": sent.audience, "comment": comment or ""}
            inputs = attach.clean(raw, by=by, files={"file": file})
            attach(record, by=by, via=Via.PAGE, **inputs)
    return remark


def _comment(record: Record, by: User, sent: Sent) -> tuple[int, str]:
    """The key of the new comment, and what is to be remarked on it."""
    verb = "comment" if sent.audience == Audience.PUBLIC else "note"
    action = registry.get(f"{record.collection}.{verb}")
    if action is None:
        raise Invalid({"text": ["Nothing can be said here."]})
    inputs = action.clean({"text": sent.text}, by=by)
    done = action(record, by=by, via=Via.PAGE, **inputs)
    # Not simply the last entry: an answer may set going again what waited for it.
    entry = Entry.objects.filter(record_id=done.pk, verb=action.name).latest("position")
    return int(entry.given["comment"]), done.remark
