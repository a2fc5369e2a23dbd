"""The contract with the process that keeps agreements: which one governs a case, and its terms.

Processes do not import one another, so this is where they meet: one says how it chooses, the
clocks of the others ask here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from evenkeel.core.clocks.models import Clock
from evenkeel.core.clocks.targets import Targets
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record


@dataclass(frozen=True)
class Terms:
    """What one version of an agreement promises."""

    agreement: int  # the key of its record
    number: str
    title: str
    party: str  # with whom it is, in a word; "" where it is with everybody
    version: int
    calendar: str
    zone: str  # "" where it is that of the calendar
    begins_anew: bool  # what a reopened case's clock does
    targets: Targets
    maintenance: str = ""  # when a service may be away; see `maintenance`
    # The key of a service, "" for every one -> per cent of its hours in which it is to be there.
    availability: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """The terms that govern a case, and why these."""

    terms: Terms
    because: str


@dataclass(frozen=True)
class Keeper:
    """How agreements are chosen and read."""

    # customer and service by key, and when the case was recorded
    choose: Callable[[int | None, int | None, datetime], Choice | None]
    read: Callable[[int, int], Terms]  # an agreement's key and its version
    # "ola" or "ua", the key of who helps, the service, and when it came to them
    choose_helper: Callable[[str, int, int | None, datetime], Choice | None]
    suppliers: Callable[[int, datetime], list[int]]  # with whom a UA about a service is in force


_keepers: list[Keeper] = []
# For some thresholds: the case, its clock, a value of `Told`; when, and who tells it.
Passed = tuple[Record, Clock, int]
Hearer = Callable[[Sequence[Passed], datetime, User], None]
_hearers: list[Hearer] = []
_gathered: ContextVar[list[Passed] | None] = ContextVar("what is to be heard at once", default=None)


def kept_by(keeper: Keeper) -> None:
    """Say who keeps the agreements."""
    _keepers[:] = [keeper]


def choose(customer: int | None, service: int | None, at: datetime) -> Choice | None:
    """The agreement that governs a case; None where nobody keeps any or none applies."""
    return _keepers[0].choose(customer, service, at) if _keepers else None


def read(agreement: int, version: int) -> Terms | None:
    """The terms of a version that was chosen before."""
    return _keepers[0].read(agreement, version) if _keepers else None


def choose_helper(kind: str, party: int, service: int | None, at: datetime) -> Choice | None:
    """The OLA or UA with a party about a service; None where there is none."""
    return _keepers[0].choose_helper(kind, party, service, at) if _keepers else None


def suppliers(service: int, at: datetime) -> list[int]:
    """The suppliers, by key, with whom a UA about this very service is in force."""
    return _keepers[0].suppliers(service, at) if _keepers else []


def heard_by(hearer: Hearer) -> None:
    """Say who is told of thresholds, in the transaction in which they are told."""
    _hearers[:] = [hearer]


def hear(case: Record, clock: Clock, level: int, at: datetime, by: User) -> None:
    """A threshold of what is promised was passed."""
    waiting = _gathered.get()
    if waiting is not None:
        waiting.append((case, clock, level))
        return
    for hearer in _hearers:
        hearer([(case, clock, level)], at, by)


@contextmanager
def at_once(at: datetime, by: User) -> Iterator[None]:
    """What is passed meanwhile is heard together, at the end."""
    passed: list[Passed] = []
    outer = _gathered.set(passed)
    try:
        yield
    finally:
        _gathered.reset(outer)
    for hearer in _hearers:
        hearer(passed, at, by)
