"""Who had a case while its clock counted: its time by team and by owner (PR9.3, time-per-team).

What is counted is cut where the case changed hands, and nothing is left out: the parts add up to
what the clock shows, to the second.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from evenkeel.core.clocks.engine import Phase, Reading
from evenkeel.core.clocks.hours import Hours
from evenkeel.core.clocks.models import seconds_of
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record

FIELDS = {"team_id": "team", "case_owner_id": "owner"}
_NEVER = -(2**62)  # before anything was recorded
Hands = Sequence[tuple[int, int | None]]  # since which second, whose; in order


class Part(NamedTuple):
    """How much was counted while somebody, or nobody, had it."""

    name: str  # "" where nobody had it
    key: str  # the number of a team, the login of a person
    seconds: int


@dataclass(frozen=True)
class Course:
    """Through whose hands a record went, and what they are called."""

    hands: Mapping[str, Hands]  # "team", "owner"
    names: Mapping[str, Mapping[int | None, tuple[str, str]]]

    def parts(self, reading: Reading, hours: Hours) -> dict[str, list[Part]]:
        """What a clock counted, by team and by owner; who had it first comes first."""
        return {
            what: [
                Part(*self.names[what].get(whose, ("", "")), seconds)
                for whose, seconds in shares(reading, hours, hands).items()
            ]
            for what, hands in self.hands.items()
        }


def of(record: Record) -> Course:
    """The course of a record. Three queries, however many clocks it has."""
    hands = _hands(record)
    keys = {what: {whose for _, whose in of if whose} for what, of in hands.items()}
    teams = Record.objects.filter(pk__in=keys["team"])
    people = User.objects.filter(pk__in=keys["owner"])
    names: dict[str, dict[int | None, tuple[str, str]]] = {
        "team": {one.pk: (one.title, one.number) for one in teams},
        "owner": {one.pk: (str(one), one.username) for one in people},
    }
    return Course(hands, names)


def shares(reading: Reading, hours: Hours, hands: Hands) -> dict[int | None, int]:
    """The seconds that were counted in whose hands; their sum is what the clock shows."""
    found: dict[int | None, int] = {}
    for stretch in reading.stretches:
        if stretch.phase != Phase.RUNNING:
            continue
        for start, end, whose in _cut(stretch.start, stretch.end, hands):
            if counted := hours.count(start, end):
                found[whose] = found.get(whose, 0) + counted
    return found


def _cut(start: int, end: int, hands: Hands) -> Iterator[tuple[int, int, int | None]]:
    """A time cut where it changed hands."""
    edges = [*hands, (end, None)]
    for (since, whose), (until, _) in pairwise(edges):
        if max(since, start) < min(until, end):
            yield max(since, start), min(until, end), whose


def _hands(record: Record) -> Mapping[str, Hands]:
    """By team and by owner, as its entries say."""
    moved = Entry.objects.filter(record=record.pk, difference__has_any_keys=list(FIELDS))
    rows = list(moved.order_by("at", "position").values_list("at", "difference"))
    found: dict[str, Hands] = {}
    for field, what in FIELDS.items():
        turns: list[tuple[int, Any, Any]] = [
            (seconds_of(at), *changed[field]) for at, changed in rows if field in changed
        ]
        first = turns[0][1] if turns else getattr(record, field)
        found[what] = [(_NEVER, first), *((at, new) for at, _, new in turns)]
    return found
