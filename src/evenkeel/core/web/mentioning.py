"""Mentions on pages: whom "@ni" may mean while one writes, and names where a text says "@nils"."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenkeel.core.directory.models import Person
from evenkeel.core.people.models import RoleAssignment, User
from evenkeel.core.records import mentions, visibility
from evenkeel.core.records.comments import Comment
from evenkeel.core.records.mentions import Mention
from evenkeel.core.records.record import Record
from evenkeel.core.records.tasks import Watch
from evenkeel.core.web import composing
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

MOST = 8
_ASKED = 40  # accounts that are looked at, of those whom the letters fit


@dataclass(frozen=True)
class Piece:
    """A piece of what was said: plain text, or a name, with the way to the person if one may."""

    text: str
    is_name: bool = False
    url: str = ""


def pieces(
    text: str, found: Iterable[Mention], names: Mapping[int, str], urls: Mapping[int, str]
) -> list[Piece]:
    """A text with the names of those whom it mentions, as they are called today."""
    said, end = [], 0
    for one in sorted(found):
        written = text[one.start : one.start + one.length]
        if one.start < end or not written.startswith("@"):
            continue  # the text is another one by now
        said.append(Piece(text[end : one.start]))
        name = names.get(one.person, "")
        said.append(Piece(f"@{name}" if name else written, True, urls.get(one.person, "")))
        end = one.start + one.length
    return [piece for piece in (*said, Piece(text[end:])) if piece.text]


def urls(reader: User, people: Iterable[int]) -> dict[int, str]:
    """Where the directory has these accounts, as far as the reader may see it; one query, or none.

    Who sees only some of the directory is given names without a way.
    """
    wanted = set(people)
    if not wanted or visibility.reach(reader, Person.kind()) is not True:
        return {}
    known: QuerySet[Any] = Person.objects.all()
    rows = known.filter(user__in=wanted).values_list("user", "number")
    return {key: f"/{Person.collection}/{number}/" for key, number in rows}


@require_safe
@signed_in
def suggest(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponseBase:
    """People whom these letters may mean, and who may read what is being written."""
    written = composing.read(request, user, collection, number)
    found = _readers(written.record, written.audience, written.begun, user) if written.may else ()
    options = [(one.username, str(one), one.username) for one in found]
    context = {"options": options, "field": written.field}
    return draw(request, "parts/options.html", context)


def _readers(record: Record, audience: str, text: str, asker: User) -> list[User]:
    readers: list[User] = []
    for one in _candidates(record, text):
        if one.pk != asker.pk and mentions.may_read(one, record, audience):
            readers.append(one)
        if len(readers) == MOST:
            break
    return readers


def _candidates(record: Record, text: str) -> Iterator[User]:
    """Those who have to do with the record first, then those who hold a role, then others."""
    now = timezone.now()
    near = Q(pk__in=[record.requester_id, record.case_owner_id]) | Q(
        Exists(Watch.objects.filter(record_id=record.pk, person=OuterRef("pk")))
        | Exists(Comment.objects.filter(record_id=record.pk, said_by=OuterRef("pk")))
    )
    holds = Q(person=OuterRef("pk")) | Q(deputy=OuterRef("pk"))
    held = Exists(RoleAssignment.objects.in_force(now).filter(holds))
    known: QuerySet[Any] = User.objects.filter(is_active=True, is_system=False)
    if text:
        begins = Q(full_name__istartswith=text) | Q(full_name__icontains=f" {text}")
        known = known.filter(Q(username__istartswith=text) | begins)
    ordered = known.annotate(near=near, held=held).order_by("-near", "-held", "full_name", "pk")
    for row in ordered.values_list(*User.columns_with_rights("", now))[:_ASKED]:
        yield User.with_rights(row)
