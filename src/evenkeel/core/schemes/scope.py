"""Which processes of FitSM-1 the SMS covers: a scheme of the SMS, decided like any other (BASE-18).

What is decided and what the software carries are two things: each process package declares the
second in `carry`, and whoever runs the SMS drafts the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from django.utils import timezone

from evenkeel.core.schemes.kinds import SchemeKind, Starter, declare, gaps, starters
from evenkeel.core.schemes.models import SchemeVersion, in_force

NAME, CONTEXT = "scope", "SMS"
LONGEST = 400
# As FitSM-1 numbers its requirements: the first is PR1, the last PR14.
PROCESSES: dict[str, str] = {
    "SPM": "Service Portfolio Management",
    "SLM": "Service Level Management",
    "SRM": "Service Reporting Management",
    "SACM": "Service Availability & Continuity Management",
    "CAPM": "Capacity Management",
    "ISM": "Information Security Management",
    "CRM": "Customer Relationship Management",
    "SUPPM": "Supplier Relationship Management",
    "ISRM": "Incident & Service Request Management",
    "PM": "Problem Management",
    "CONFM": "Configuration Management",
    "CHM": "Change Management",
    "RDM": "Release & Deployment Management",
    "CSI": "Continual Service Improvement Management",
}
IN_SCOPE, LIGHT, PLANNED, OUT = "in_scope", "light", "planned", "out_of_scope"
STATUS = {IN_SCOPE: "In scope", LIGHT: "Light", PLANNED: "Planned", OUT: "Out of scope"}


@dataclass(frozen=True)
class Carried:
    """What of a process the software carries."""

    holds: str  # in a few words
    light: bool  # only what the other processes need of it
    process: str = ""  # the label of the package; "" where the kernel carries it


CARRIED: dict[str, Carried] = {}  # FitSM code -> what is there of it


def carry(code: str, holds: str, *, process: str = "", light: bool = False) -> None:
    """Say that the software carries a process, or only its light part."""
    CARRIED[code] = Carried(holds, light, process)


# Customers and suppliers are organisations, which every process names.
carry("CRM", "Customers and their people", light=True)
carry("SUPPM", "Suppliers and federation members", light=True)


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """Whether a process is in the scope of the SMS, since when, and why."""

    code: str
    status: str
    since: date | None = None  # left out, the day on which it is drafted
    because: str = ""

    def faults(self) -> Iterator[str]:
        """What makes it unusable, in sentences."""
        if self.code not in PROCESSES:
            yield f"FitSM-1 has no process {self.code}: it has {', '.join(PROCESSES)}."
        if self.status not in STATUS:
            yield f"{self.code}: there is no status {self.status}: there are {', '.join(STATUS)}."
        elif self.status != IN_SCOPE and not self.because.strip():
            yield f"{self.code}: give a reason why it is {STATUS[self.status].lower()}."
        if len(self.because) > LONGEST:
            yield f"{self.code}: the reason has at most {LONGEST} characters."

    @property
    def says(self) -> str:
        """In a line: "planned since 1 Mar 2026 (nobody can look after it yet)"."""
        since = f" since {self.since:%-d %b %Y}" if self.since else ""
        return f"{STATUS[self.status].lower()}{since}{f' ({self.because})' if self.because else ''}"


class Scope(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a version: a decision about each process."""

    processes: list[Decision] = []

    def of(self, code: str) -> Decision | None:
        """What was decided about a process, if anything."""
        return next((one for one in self.processes if one.code == code), None)

    def faults(self) -> list[str]:
        """See `Content`."""
        named = [one.code for one in self.processes]
        twice = sorted({code for code in named if named.count(code) > 1})
        faults = [f"{code} stands there twice." for code in twice]
        return faults + [fault for one in self.processes for fault in one.faults()]

    def edits_of(self, earlier: "Scope") -> list[str]:
        """See `Content`."""
        edits = []
        for one in self.processes:
            before = earlier.of(one.code)
            if before != one:
                was = f"; it was {before.says}" if before else ""
                edits.append(f"{one.code}: {one.says}{was}.")
        return edits

    @property
    def rows(self) -> list[tuple[str, str, str, date | None, str]]:
        """Code, name, status in words, since when and why, in the order of FitSM-1."""
        found = ((code, title, self.of(code)) for code, title in PROCESSES.items())
        return [
            (code, title, STATUS[one.status], one.since, one.because)
            for code, title, one in found
            if one
        ]


def complete(content: Scope, at: datetime) -> None:
    """Decide what was left out by what the software carries, and date what has no day."""
    content.processes += [_usual(code) for code in PROCESSES if content.of(code) is None]
    content.processes.sort(key=lambda one: list(PROCESSES).index(one.code))
    for one in content.processes:
        one.since = one.since or timezone.localdate(at)


def _usual(code: str) -> Decision:
    carried = CARRIED.get(code)
    if carried is None:
        return Decision(code, PLANNED, because="The software does not carry it yet.")
    if carried.light:
        return Decision(code, LIGHT, because="Only what other processes need of it.")
    return Decision(code, IN_SCOPE)


def left(content: Scope, at: datetime) -> list[str]:
    """Where more is in scope than the software carries, in sentences."""
    found = []
    for one in content.processes:
        carried = CARRIED.get(one.code)
        if carried is None and one.status in (IN_SCOPE, LIGHT):
            found.append(f"{one.code} is in scope, and the software carries nothing of it.")
        elif carried and carried.light and one.status == IN_SCOPE:
            found.append(f"{one.code} is in scope, and the software carries its light part only.")
    return found


def decided(at: datetime) -> SchemeVersion | None:
    """The version in force at a moment; None where none was approved yet."""
    return in_force(NAME, CONTEXT, at)


KIND = declare(
    SchemeKind(
        NAME,
        "Scope of the SMS",
        "Which processes of FitSM-1 the SMS covers, since when, and why others are left out.",
        Scope,
        complete,
    )
)
gaps[NAME, CONTEXT] = left
starters.append(Starter(NAME, CONTEXT, "Scope of the SMS", {}))
