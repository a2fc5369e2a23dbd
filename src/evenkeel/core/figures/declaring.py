"""What a process declares about a figure: of which records it is made, and what is aimed at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from evenkeel.core.figures.months import Month
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record

EVERY = None  # priority


class Unit(StrEnum):
    """In what a figure is said."""

    PERCENT = "%"
    HOURS = "h"
    MARK = "of 5"


@dataclass(frozen=True)
class Target:
    """What is aimed at: at least so much, or at most."""

    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: float) -> bool:
        """Does a value lie where it should?"""
        if self.at_least is not None and value < self.at_least:
            return False
        return self.at_most is None or value <= self.at_most


@dataclass(frozen=True)
class Counted:
    """Records of one kind that a figure counts, in the month in which something happened to them.

    A share is of those that `hit` among all of them; a mean is of `value` where they have one.
    `standing` counts those that are there at the end of each month instead: `hit` is then a time
    since they were recorded.
    """

    model: type[Record]
    moment: str = ""  # the field that says in which month a record counts
    among: Q = field(default_factory=Q)
    hit: Q | None = None
    value: str = ""  # the field of a mean …
    scale: int = 1  # … and how many of its units make one of the figure's
    standing: timedelta | None = None


Behind = Iterator[tuple[Counted, QuerySet[Any]]]  # each annotated with `is_hit`


def _no_targets(now: datetime) -> Mapping[int, Target]:
    return {}


@dataclass(frozen=True)
class Worked:
    """How a process works out a share itself, told apart by something else than priority.

    A group is the key of a record, as of a customer; 0 is none.
    """

    by: str  # in a word: "customer"
    # By month and group what hits, and of how much; for a reader, up to a moment.
    amounts: Callable[
        [User, Sequence[Month], datetime], Mapping[Month, Mapping[int, tuple[int, int]]]
    ]
    # The records behind a month, of a group or of all, as far as somebody may see them.
    behind: Callable[[User, Month, int | None, datetime], Behind]
    targets: Callable[[datetime], Mapping[int, Target]] = _no_targets  # of groups with their own
    scale: int = 1  # how many of its units make one of …
    unit: str = ""  # … what is said: "h"


@dataclass(frozen=True)
class Figure:
    """One figure: `figures` has all that are declared, in their order."""

    code: str
    process: str  # the label of the app that declares it
    title: str
    formula: str  # in words
    unit: Unit
    counted: tuple[Counted, ...] = ()
    targets: Mapping[int | None, Target] = field(default_factory=dict)
    hit: str = "hit"  # in words: what the share is of …
    miss: str = "missed"  # … and what is left
    caution: str = ""  # what it does not say
    waits_for: str = ""  # what is not there yet, without which it cannot be counted
    worked: Worked | None = None  # instead of `counted`

    def __post_init__(self) -> None:
        figures[self.code] = self

    @property
    def is_share(self) -> bool:
        """Is it a part of a whole? Else it is a mean."""
        return self.unit == Unit.PERCENT

    @property
    def by(self) -> str:
        """By what its numbers are told apart, in a word."""
        return self.worked.by if self.worked else "priority"

    @property
    def is_standing(self) -> bool:
        """Does it tell how it stood at the end of each month?"""
        return any(one.standing for one in self.counted)

    def target(self, priority: int | None = EVERY) -> Target | None:
        """What is aimed at for a priority, or for all."""
        return self.targets.get(priority, self.targets.get(EVERY))


figures: dict[str, Figure] = {}


def of(process: str) -> Iterator[Figure]:
    """The figures of a process."""
    return (figure for figure in figures.values() if figure.process == process)
