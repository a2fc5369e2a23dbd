"""What hangs off a record: `GET /api/incidents/INC-7/entries`, `…/comments`, and so on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from evenkeel.core.imports import undoing
from evenkeel.core.people.models import User
from evenkeel.core.records import mentions, readable, reads, store, visibility
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.links import INVERSE, LinkKind
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record
from evenkeel.core.rest import clocks, lists, records
from evenkeel.core.rest.names import by_key
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.web import clocks as web_clocks
from evenkeel.core.web.door import visitor
from evenkeel.core.web.screen import Screen

Rows = list[Any]


@dataclass(frozen=True)
class Part:
    """One sort of thing that hangs off a record: how it is read and what is said of it."""

    read: Callable[[Record, User], "models.QuerySet[Any]"]
    say: Callable[[Screen, Record, User, Rows], Iterable[dict[str, Any]]]
    related: tuple[str, ...] = ()
    key: str = "pk"  # they come in this order, and the next page begins after it


def show(request: HttpRequest, user: User, collection: str, number: str, part: str) -> HttpResponse:
    """One page of the part, oldest first."""
    screen, record, _ = records.found(user, collection, number)
    reads.note(record, user, visitor(request))
    if part not in records.parts_of(record.of_kind):
        raise Problem(404, f"{number} has no {part}.")
    params, wanted = lists.once_each(request), PARTS[part]
    if unknown := params.keys() - {"limit", "after"}:
        raise Invalid({name: ["There are: limit, after."] for name in sorted(unknown)})
    limit, after = lists.limit_of(params), _after(params.get("after", "0"))
    rows = wanted.read(record, user).filter(**{f"{wanted.key}__gt": after}).order_by(wanted.key)
    if wanted.related:
        rows = rows.select_related(*wanted.related)
    taken = list(rows[: limit + 1])
    said = {"items": list(wanted.say(screen, record, user, taken[:limit]))}
    last = getattr(taken[limit - 1], wanted.key) if len(taken) > limit else None
    return lists.page(f"/api/{collection}/{number}/{part}", said, params, last)


def file(request: HttpRequest, user: User, key: int) -> StreamingHttpResponse:
    """The bytes of a file, always to be saved, never to be shown as a page."""
    found = readable.attachment(key, user)
    if found is None:
        raise Problem(404, f"There is no attachment {key}.")
    reads.note(found.record, user, visitor(request), what=found.filename)
    return StreamingHttpResponse(
        store.pieces(found.content_id),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": str(content_disposition_header(True, found.filename)),
            "Content-Length": str(found.content.size),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _after(given: str) -> int:
    if not (given.isascii() and given.isdecimal() and len(given) < 19):
        raise Invalid({"after": ["Take it from `next` of the page before."]})
    return int(given)


def _entries(screen: Screen, record: Record, user: User, rows: Rows) -> Iterable[dict[str, Any]]:
    """What was done. Fields that are hidden from the user are hidden in the differences, too."""
    differences = by_key(type(record), [row.difference for row in rows], user)
    fields = {f.attname: f.name for f in record._meta.concrete_fields}
    shown = set(screen.shown(tuple(fields.values()), user))
    inside = visibility.is_inside(user, record.of_kind)
    for row, difference in zip(rows, differences, strict=True):
        yield {
            **_plain(row, "position", "verb", "at", "written_at", "via", "audience"),
            "given": row.given if inside else _for_outsiders(row),
            "actor": _login(row.actor),
            "difference": {
                fields.get(column, column): values
                for column, values in difference.items()
                if fields.get(column, column) in shown
            },
            "hash": bytes(row.hash).hex(),
        }


def _for_outsiders(row: Entry) -> dict[str, Any]:
    """What another system said of it may hold more than its public fields, a verb its secrets."""
    action = registry.get(row.verb)
    hidden = {"row"} | (action.inside_inputs if action else set())
    return {name: value for name, value in row.given.items() if name not in hidden}


def _comments(screen: Screen, record: Record, user: User, rows: Rows) -> Iterable[dict[str, Any]]:
    called = _called(record, rows)
    for row in rows:
        yield {
            **_plain(row, "id", "text", "audience", "said_at"),
            "said_by": _login(row.said_by),
            "mentions": called.get(row.pk, []),
        }


def _called(record: Record, comments: Rows) -> dict[int, list[str]]:
    """Whom each comment mentions, in the order of the text; no query where there is no sign."""
    if not any("@" in row.text for row in comments):
        return {}
    keys = [row.pk for row in comments]
    said = Entry.objects.filter(record_id=record.pk, given__comment__in=keys)
    found = {entry.given["comment"]: mentions.of(entry) for entry in said}
    people = {one.person for each in found.values() for one in each}
    logins = dict(User.objects.filter(pk__in=people).values_list("pk", "username"))
    return {key: list(dict.fromkeys(logins[m.person] for m in found[key])) for key in found}


def _tasks(screen: Screen, record: Record, user: User, rows: Rows) -> Iterable[dict[str, Any]]:
    for row in rows:
        yield {
            **_plain(row, "id", "title", "due_at", "added_at", "done_at"),
            "assigned_to": _login(row.assigned_to),
            "done_by": _login(row.done_by),
            "steps": [
                {**_plain(step, "id", "text", "ticked_at"), "ticked_by": _login(step.ticked_by)}
                for step in row.steps.all()
            ],
        }


def _links(screen: Screen, record: Record, user: User, rows: Rows) -> Iterable[dict[str, Any]]:
    """Both ways; `sense` reads from this record to the other."""
    for row in rows:
        out = row.source_id == record.pk
        other = row.target if out else row.source
        yield {
            **_plain(row, "id", "kind", "made_at"),
            "sense": LinkKind(row.kind).label if out else INVERSE[row.kind],
            "number": other.number,
            "title": other.title,
            "state": other.state,
            "url": f"/api{other.url.rstrip('/')}",
        }


def _attachments(
    screen: Screen, record: Record, user: User, rows: Rows
) -> Iterable[dict[str, Any]]:
    for row in rows:
        yield {
            **_plain(row, "id", "filename", "media_type", "audience", "added_at"),
            "comment": row.comment_id,
            "added_by": _login(row.added_by),
            "size": row.content.size,
            "sha256": row.content_id,
            "unread": row.content.unread,
            "url": f"/api/attachments/{row.pk}",
        }


def _plain(row: models.Model, *names: str) -> dict[str, Any]:
    return {name: as_plain(getattr(row, name)) for name in names}


def _login(person: User | None) -> str | None:
    return person.username if person else None


def _kept(screen: Screen, record: Record, user: User, rows: Rows) -> Iterable[dict[str, Any]]:
    for row in rows:
        url = f"/api{row.record.url.rstrip('/')}"
        yield {"id": row.pk, "number": row.record.number, "why": row.why, "url": url}


PARTS = {
    "entries": Part(readable.entries, _entries, ("actor",), "position"),
    "comments": Part(readable.comments, _comments, ("said_by",)),
    "tasks": Part(readable.tasks, _tasks, ("assigned_to", "done_by")),
    "links": Part(readable.links, _links, ("source", "target")),
    "attachments": Part(readable.attachments, _attachments, ("added_by", "content")),
    "clocks": Part(web_clocks.seen, clocks.say),
    "kept": Part(undoing.kept, _kept),
}
