"""What is being written on the page of a record, for whatever is suggested to its writer."""

from dataclasses import dataclass

from django.http import HttpRequest

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Audience
from evenkeel.core.records.record import Record
from evenkeel.core.rules import registry
from evenkeel.core.web.finding import record_of, screen_of

LONGEST = 80  # letters that are looked at
_VERBS = {Audience.PUBLIC: "comment", Audience.INTERNAL: "note"}


@dataclass(frozen=True)
class Composed:
    """Where and for whom it is written, whether its writer may send it, and the word begun."""

    record: Record
    audience: Audience
    may: bool
    begun: str
    field: str


def read(request: HttpRequest, user: User, collection: str, number: str) -> Composed:
    """What the address says of it; raises Http404 for a record that is not there to be seen."""
    record = record_of(screen_of(collection), user, number)
    asked = request.GET
    audience = Audience.PUBLIC if asked.get("audience") == Audience.PUBLIC else Audience.INTERNAL
    action = registry.get(f"{collection}.{_VERBS[audience]}")
    begun = asked.get("text", "").replace("\0", "")[:LONGEST]
    may = bool(action and action.may(user, record))
    return Composed(record, audience, may, begun, asked.get("field", "field"))
