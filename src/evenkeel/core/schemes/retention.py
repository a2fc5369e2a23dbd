"""How long what is over is kept with the people in it: a scheme of the SMS, approved like any.

Closed records lose the words and names of people and keep what figures are made of. What only helps
to run the house (sign-ins, notices, job failures, handed-in files) goes as a whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from evenkeel.core.schemes.kinds import SchemeKind, Starter, declare, starters
from evenkeel.core.schemes.models import in_force

NAME, CONTEXT = "retention", "SMS"
LONGEST_MONTHS, LONGEST_DAYS = 600, 3650


@dataclass(frozen=True)
class Kept:
    """A kind that can be anonymised: what it is called, and its columns with words of people."""

    title: str
    columns: tuple[str, ...]


KINDS: dict[str, Kept] = {}  # kind -> what goes of it; each process declares its own
# What goes by days: name -> in words, and after how many days it goes where nobody says otherwise.
DAYS: dict[str, tuple[str, int]] = {
    "sign_ins": ("Sign-ins and what else the door wrote down", 0),
    "notices": ("Notices", 365),
    "job_failures": ("Jobs that failed or were given up", 30),
    "import_files": ("Files that were handed in for an import", 30),
    "batch_reports": ("Reports on verbs for several records", 90),
}
_MAY_STAY = frozenset({"sign_ins"})  # 0 days: for ever


class OfKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how many months a closed record of a kind is anonymised; 0: never."""

    kind: str
    months: int


class OfRest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how many days something goes; 0, where that may be: never."""

    what: str
    days: int


class Retention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of a version; what it does not name stays as it is usual."""

    kinds: tuple[OfKind, ...] = ()
    rest: tuple[OfRest, ...] = ()

    def months(self, kind: str) -> int:
        """After how many months closed records of a kind are anonymised; 0: never."""
        return next((one.months for one in self.kinds if one.kind == kind), 0)

    def days(self, what: str) -> int:
        """After how many days something goes; 0: never."""
        return next((one.days for one in self.rest if one.what == what), DAYS[what][1])

    def faults(self) -> list[str]:
        """See `Content`."""
        return [*self._faults_of_kinds(), *self._faults_of_rest()]

    def _faults_of_kinds(self) -> Iterator[str]:
        named = [one.kind for one in self.kinds]
        if len(set(named)) < len(named):
            yield "A kind of record stands there once."
        for one in self.kinds:
            if one.kind not in KINDS:
                yield f"Records of the kind {one.kind} are not anonymised: {', '.join(KINDS)} are."
            if not 0 <= one.months <= LONGEST_MONTHS:
                yield f"“{one.kind}”: the months are 0 (never) to {LONGEST_MONTHS}."

    def _faults_of_rest(self) -> Iterator[str]:
        for one in self.rest:
            if one.what not in DAYS:
                yield f"There is no {one.what} to remove: there are {', '.join(DAYS)}."
            elif not (0 if one.what in _MAY_STAY else 1) <= one.days <= LONGEST_DAYS:
                least = "0 (never)" if one.what in _MAY_STAY else "1"
                yield f"“{DAYS[one.what][0]}”: the days are {least} to {LONGEST_DAYS}."

    def edits_of(self, earlier: "Retention") -> list[str]:
        """See `Content`."""
        edits = [
            f"{kept.title}: {_after(self.months(kind), 'month', 'anonymised')}."
            for kind, kept in KINDS.items()
            if self.months(kind) != earlier.months(kind)
        ]
        return edits + [
            f"{title}: {_after(self.days(what), 'day', 'removed')}."
            for what, (title, _) in DAYS.items()
            if self.days(what) != earlier.days(what)
        ]

    @property
    def says(self) -> list[tuple[str, str]]:
        """What goes, and after how long."""
        kinds = [
            (kept.title, _after(self.months(kind), "month", "anonymised"))
            for kind, kept in KINDS.items()
        ]
        rest = [
            (title, _after(self.days(what), "day", "removed")) for what, (title, _) in DAYS.items()
        ]
        return kinds + rest


def _after(count: int, unit: str, done: str) -> str:
    if not count:
        return f"never {done}"
    return f"{done} after {count} {unit}{'' if count == 1 else 's'}"


def rules(at: datetime) -> Retention:
    """What holds at a moment; the usual where nothing was approved yet."""
    version = in_force(NAME, CONTEXT, at)
    held: Retention = version.read if version else Retention()
    return held


KIND = declare(
    SchemeKind(
        NAME,
        "Retention",
        "How long closed records keep the people in them, and the house what it wrote down.",
        Retention,
    )
)
starters.append(Starter(NAME, CONTEXT, "Retention", {}))
