"""Notices in words, read from their entries anew each time: for the page and for mail alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from evenkeel.core.notices.models import Notice
from evenkeel.core.notices.telling import tell_for
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.comments import Comment
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import registry


@dataclass(frozen=True)
class Said:
    """A notice as it is read: one sentence, and what is quoted."""

    notice: Notice
    sentence: str
    quoted: str = ""

    @property
    def path(self) -> str:
        """Where it is opened; from there it leads to the record."""
        return f"/notices/{self.notice.pk}/"


def said(notices: Sequence[Notice]) -> list[Said]:
    """Each in words; the notices came with record, entry and actor. One query."""
    wanted = [notice.entry.given.get("comment") for notice in notices]
    found = Comment.objects.filter(pk__in=[pk for pk in wanted if pk])
    comments = dict(found.values_list("pk", "text")) if any(wanted) else {}
    return [_said(notice, comments) for notice in notices]


def of(user: User) -> "QuerySet[Notice]":
    """The notices of somebody, of what they still may see."""
    return Notice.objects.filter(recipient=user, record__in=Record.objects.visible_to(user))


def newest(user: User, most: int, before: int | None = None) -> list[Notice]:
    """The last notices of somebody, newest first."""
    found = of(user).filter(pk__lt=before) if before else of(user)
    notices = list(found.select_related("record", "entry__actor").order_by("-pk")[:most])
    for notice in notices:
        notice.recipient = user  # whose rights say what may be quoted
    return notices


def _said(notice: Notice, comments: dict[int, str]) -> Said:
    tell = tell_for(notice.entry, notice.told_as)
    if tell is None:
        return Said(notice, f"{notice.record.number} “{notice.record.title}” has news.")
    sentence = tell.sentence(notice.entry, notice.record)
    if _is_hidden(notice, tell.quotes):
        return Said(notice, sentence)
    return Said(notice, sentence, _quoted(notice.entry, tell.quotes, comments))


def _is_hidden(notice: Notice, quotes: str) -> bool:
    """Is it for those inside only, and the reader is not one of them?"""
    action = registry.get(notice.entry.verb)
    if action is None or quotes not in action.inside_inputs:
        return False
    return not visibility.is_inside(notice.recipient, notice.record.of_kind)


def _quoted(entry: Entry, name: str, comments: dict[int, str]) -> str:
    if name == "comment":
        return comments.get(entry.given.get("comment", 0), "")
    return str(entry.given.get(name) or (entry.difference.get(name) or ["", ""])[1] or "")
