"""What the user is told of a case: public entries in plain words, replies, files; nothing else."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.records import mentions
from evenkeel.core.records.comments import Attachment
from evenkeel.core.records.entry import Audience, Entry
from evenkeel.core.records.record import Record
from evenkeel.core.web.mentioning import Piece, pieces
from evenkeel.core.web.portal.offer import Offer

TOLD = 200  # entries; more than a user ever had


@dataclass(frozen=True)
class Line:
    """Who did what when, and the words and files that came with it."""

    who: str
    did: str
    at: datetime
    text: Sequence[Piece] = ()
    files: list[Attachment] = field(default_factory=list)
    is_mine: bool = False


def story(record: Record, offer: Offer, user: User) -> list[Line]:
    """The last public things that happened to a case, oldest first. Three queries."""
    entries = record.entries.filter(audience=Audience.PUBLIC).select_related("actor")
    files: dict[int | None, list[Attachment]] = defaultdict(list)
    for file in record.attachments.filter(audience=Audience.PUBLIC).select_related("content"):
        files[file.comment_id].append(file)
    comments = dict(record.comments.filter(audience=Audience.PUBLIC).values_list("pk", "text"))
    loose = {file.pk: file for file in files[None]}
    found = []
    last = list(entries.order_by("-position")[:TOLD])
    names = _names(last)
    for entry in reversed(last):
        line = _line(entry, offer, comments, files, loose)
        if line:
            did, text, with_it = line
            mine = entry.actor_id == user.pk
            said = pieces(text, mentions.of(entry), names, {})
            found.append(Line(_who(entry, user), did, entry.at, said, with_it, mine))
    return found


def _names(entries: list[Entry]) -> dict[int, str]:
    """Whom they mention, by key; no query where that is nobody."""
    keys = {one.person for entry in entries for one in mentions.of(entry)}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=keys)} if keys else {}


def _line(
    entry: Entry,
    offer: Offer,
    comments: dict[int, str],
    files: dict[int | None, list[Attachment]],
    loose: dict[int, Attachment],
) -> tuple[str, str, list[Attachment]] | None:
    """What is told of an entry, or nothing."""
    verb = entry.verb.rsplit(".", 1)[-1]
    if verb == "comment":
        key = entry.given.get("comment")
        return ("wrote", comments[key], files[key]) if key in comments else None
    if verb == "attach":
        file = loose.get(entry.given.get("attachment", 0))
        return ("added a file", "", [file]) if file else None
    told = offer.told.get(verb)
    return (told.did, _quoted(entry, told.quotes), []) if told else None


def _quoted(entry: Entry, name: str) -> str:
    value: Any = entry.given.get(name) or (entry.difference.get(name) or ["", ""])[1]
    return str(value or "")


def _who(entry: Entry, user: User) -> str:
    if entry.actor is None or entry.actor.is_system:
        return "The service desk"
    return "You" if entry.actor_id == user.pk else str(entry.actor)
