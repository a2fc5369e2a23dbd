"""Who is on duty for a team, with names: its rota, and who of those it names is still there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from evenkeel.core.directory import rota as rotas
from evenkeel.core.directory.models import Team
from evenkeel.core.directory.rota import Duty, Rota, Span
from evenkeel.core.people.models import User

SHOWN_FOR = timedelta(weeks=4)
SOON = timedelta(weeks=9)  # a turn is at most 60 days


class Turn(NamedTuple):
    """Somebody on duty from a moment to another; the hours of the layer may pause it."""

    layer: int
    starts: datetime
    ends: datetime
    person: User | None  # nobody: whoever is named has left
    instead_of: User | None = None
    missing: User | None = None
    reason: str = ""


class Held(NamedTuple):
    """That somebody is on duty for a team now."""

    team: Team
    layer: int
    until: datetime | None  # nobody else takes over as far as the rota is looked through


def held_by(user: User, at: datetime) -> list[Held]:
    """For which of their teams somebody is on duty; one query, for those in a team with a rota."""
    if not user.rights.on_call:
        return []
    teams: Any = Team.objects.visible_to(user).filter(pk__in=user.rights.on_call)
    return [
        Held(team, duty.layer, _until(rota, duty.layer, user.pk, at))
        for team in teams.order_by("title", "pk")
        for rota in (rotas.read(team.rota),)
        for duty in rotas.on_duty(rota, at)
        if duty.person == user.pk  # who is signed in, and a member, has not left
    ]


def _until(rota: Rota, layer: int, person: int, at: datetime) -> datetime | None:
    end = at + SOON
    for span in rotas.spans(rota, layer, at, end):
        if span.duty.person != person:
            return span.starts
    return None


class Duties:
    """The rota of a team; one query for all whom it names."""

    def __init__(self, team: Team) -> None:
        self.team = team

    @cached_property
    def rota(self) -> Rota:
        """As the team keeps it."""
        return rotas.read(self.team.rota)

    @cached_property
    def people(self) -> dict[int, User]:
        """Whom it names, by key."""
        named = {key for layer in self.rota.layers for key in layer.people}
        named |= {one.person for one in self.rota.stand_ins}
        return User.objects.in_bulk(named)

    @cached_property
    def left(self) -> set[int]:
        """Those it names who have left, or work in the team no longer."""
        there = set(self.team.memberships.values_list("person_id", flat=True))
        return {key for key, one in self.people.items() if not one.is_active or key not in there}

    def at(self, moment: datetime) -> list[Duty]:
        """Layer by layer."""
        return rotas.on_duty(self.rota, moment, self.left)

    def called(self, moment: datetime, after: int = 0) -> tuple[int, User] | None:
        """Who is called next, after a layer has been; layers in which nobody is are passed over."""
        for duty in self.at(moment)[after:]:
            if duty.person is not None:
                return duty.layer, self.people[duty.person]
        return None

    def turns(self, start: datetime, end: datetime) -> Iterator[Turn]:
        """The turns of all layers, in order of layer and time; hours off duty are left out."""
        for number in range(1, len(self.rota.layers) + 1):
            held: Turn | None = None
            for span in rotas.spans(self.rota, number, start, end, self.left):
                if span.duty.turn_of is None:
                    continue
                turn = self._turn(span)
                if held and _same(held, turn):
                    held = held._replace(ends=turn.ends)
                    continue
                if held:
                    yield held
                held = turn
            if held:
                yield held

    def plain(self, moment: datetime) -> list[dict[str, Any]]:
        """Who is on duty layer by layer, for programs: accounts by their logins."""
        return [
            {
                "layer": one.layer,
                "person": self._login(one.person),
                "turn_of": self._login(one.turn_of),
                "is_gap": one.is_gap,
            }
            for one in self.at(moment)
        ]

    def _login(self, key: int | None) -> str | None:
        return self.people[key].username if key is not None else None

    def _turn(self, span: Span) -> Turn:
        duty = span.duty
        named = duty.missing or duty.person
        stands_in = named != duty.turn_of
        return Turn(
            duty.layer,
            span.starts,
            span.ends,
            self.people.get(duty.person or 0),
            self.people.get(duty.turn_of or 0) if stands_in else None,
            self.people.get(duty.missing or 0),
            self._reason(span) if stands_in else "",
        )

    def _reason(self, span: Span) -> str:
        named = span.duty.missing or span.duty.person
        found = [
            one.reason
            for one in self.rota.stand_ins
            if one.layer == span.duty.layer and one.person == named
            if one.starts <= span.starts < one.ends
        ]
        return found[-1] if found else ""


def _same(one: Turn, other: Turn) -> bool:
    return one._replace(starts=other.starts, ends=other.ends) == other
