"""What a process declares beside its states: on what its targets are counted, and when they run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from evenkeel.core.clocks.engine import Phase


@dataclass(frozen=True)
class Measure:
    """One clock that every case of a kind has, as far as a target of its kind is agreed.

    It runs in every state but those named here. `answers` are verbs that, done by anybody but the
    requester and the SMS itself, stop it for good, or begin it anew where `again` is true.
    """

    kind: str  # "response", "resolution", "update"
    title: str
    stops: frozenset[str]  # states
    cancels: frozenset[str]
    waits: str = "on_hold"  # the state in which it may be paused …
    pauses: Mapping[str, str] = field(default_factory=dict)  # … by these reasons, in words
    answers: frozenset[str] = frozenset()
    in_person: frozenset[str] = frozenset()  # channels on which being recorded is being answered
    again: bool = False
    until: str = ""  # the field that says when it was reached, of cases that have no clock
    is_helped: bool = False  # suppliers and members promise it to us, too; see `helping`
    climbs: str = ""  # the process whose levels of authority it climbs; of most, none

    def phase(self, state: str, reason: str) -> Phase:
        """How it should stand in a state, on hold for a reason."""
        if state in self.cancels:
            return Phase.CANCELLED
        if state in self.stops:
            return Phase.STOPPED
        return Phase.PAUSED if state == self.waits and reason in self.pauses else Phase.RUNNING


@dataclass(frozen=True)
class Outage:
    """Which records of a kind mean that their service was not there, or worse than agreed."""

    which: Q
    until: str  # the field that says when it was there again; not when the case was done
    since: tuple[str, ...] = ()  # of these fields the first that is set, else when it was recorded
    degree: str = ""  # the field that says how much was missing, in per cent; empty: all of it
    earlier: str = ""  # the field with the outages before, as pairs of moments


measures: dict[str, tuple[Measure, ...]] = {}  # by kind of record
outages: dict[str, Outage] = {}
# By kind the states in which a record goes on as one of another kind, which counts instead of it.
continued: dict[str, frozenset[str]] = {}


def declare(kind: str, *those: Measure) -> None:
    """Say which clocks the records of a kind have. Its model has `agreement` and its reason.

    Where a measure `is_helped` the model says with whom it is, too, and has `helped_by`.
    """
    measures[kind] = those


def of(kind: str) -> tuple[Measure, ...]:
    """The clocks of a kind; most have none."""
    return measures.get(kind, ())
