"""That a token is used: in the trail of the door the first time a day from each place, and the
first time a day that it takes a list away page by page. Not each call; those are thousands."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from evenkeel.core.people import trail
from evenkeel.core.people.models import ApiToken
from evenkeel.core.people.tokens import Bearer
from evenkeel.core.people.trail import Kind, Visitor

MOST = 50  # a day and token; whoever changes their address with each call fills no trail


def note(bearer: Bearer, visitor: Visitor, at: datetime, *, taking: str = "") -> None:
    """Write down what is new of this use; `taking` is the list that is read page by page."""
    said = [f"from {visitor.source}", *([f"takes {taking}"] if taking else [])]
    if not any(_new(said, bearer.noted, at)):
        return
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().get(pk=bearer.token)
        for what in (new := list(_new(said, token.noted, at))):
            kind = Kind.EXPORTED if what.startswith("takes ") else Kind.TOKEN
            told = f"{taking}, page by page" if kind is Kind.EXPORTED else token.scope
            trail.append(kind, visitor, person=bearer.person, said=f"{told}: {token.title}", at=at)
        token.noted = {"on": _day(at), "what": [*_known(token.noted, at), *new]}
        token.save(update_fields=["noted"])


def _new(said: list[str], noted: dict[str, object], at: datetime) -> Iterator[str]:
    known = _known(noted, at)
    return (what for what in said if what not in known and len(known) < MOST)


def _known(noted: dict[str, object], at: datetime) -> list[str]:
    what = noted.get("what")
    return what if noted.get("on") == _day(at) and isinstance(what, list) else []


def _day(at: datetime) -> str:
    return at.date().isoformat()
