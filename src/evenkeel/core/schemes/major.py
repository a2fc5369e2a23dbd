"""Major incidents: by which criteria an incident is one, and how it is handled then (ISRM-24, -25).

A pure reading of the criteria: the same facts under the same version always meet the same ones.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec

from evenkeel.core.schemes.kinds import SchemeKind, declare

NAME = "major_incidents"
# What a condition may speak of, and how it reads with its value.
FACTS = {
    "priority": "its priority is P{} or higher",
    "impact": "its impact is {} or graver",
    "urgency": "its urgency is {} or graver",
    "reports": "it was reported {} times or more",
    "users": "{} users or more have reported it",
    "services": "{} services or more are hurt",
    "customers": "{} customers or more are hurt",
    "service": "{} is hurt",
    "customer": "{} is hurt",
    "category": "its category is {}",
    "channel": "it came by {}",
}
GRAVER_BELOW = frozenset({"priority", "impact", "urgency"})
COUNTED = frozenset({"reports", "users", "services", "customers"})
WITH_OTHERS = COUNTED | {"service", "customer"}  # told by what has joined the incident, too
LONGEST = 60 * 24 * 7  # minutes
Facts = Mapping[str, Any]  # numbers, or for what is named the names


class Condition(msgspec.Struct, forbid_unknown_fields=True):
    """One thing that has to be so."""

    fact: str
    value: str

    def holds(self, facts: Facts) -> bool:
        """Is it so?"""
        said = facts.get(self.fact)
        if not said:
            return False
        if self.fact in GRAVER_BELOW:
            return bool(said <= int(self.value))
        if self.fact in COUNTED:
            return bool(said >= int(self.value))
        return any(name == self.value or name.startswith(f"{self.value} / ") for name in said)

    @property
    def says(self) -> str:
        """In words."""
        return FACTS.get(self.fact, "{}").format(self.value)

    @property
    def is_sound(self) -> bool:
        """Is it about something there is, with a value that this can have?"""
        if self.fact in GRAVER_BELOW | COUNTED:
            return self.value.isdecimal() and 0 < int(self.value) < 1_000_000
        return self.fact in FACTS and bool(self.value.strip())


class Criterion(msgspec.Struct, forbid_unknown_fields=True):
    """Where all its conditions hold, an incident is to be treated as major."""

    name: str
    conditions: list[Condition]

    def is_met(self, facts: Facts) -> bool:
        """Do all conditions hold?"""
        return all(condition.holds(facts) for condition in self.conditions)

    @property
    def says(self) -> str:
        """Its conditions in words."""
        return " and ".join(condition.says for condition in self.conditions)


class Step(msgspec.Struct, forbid_unknown_fields=True):
    """A part of the procedure; it becomes a task of the incident when it is declared major."""

    name: str
    steps: list[str] = []
    minutes: int = 0  # after declaring, by which it is to be done; 0: no time is set

    @property
    def says(self) -> str:
        """When and what, in words."""
        due = f"within {self.minutes} min" if self.minutes else "without a time"
        return f"{due}: {'; '.join(self.steps)}" if self.steps else due


class MajorIncidents(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a version: an incident that meets any of the criteria may be major."""

    criteria: list[Criterion]
    procedure: list[Step]
    coordinator_minutes: int = 15  # without a coordinator, after which the process owner is told
    update_minutes: int = 60  # between what those concerned are told
    review_days: int = 10  # working days after the resolution, for the approved review

    @property
    def speaks_of(self) -> frozenset[str]:
        """The facts that its criteria need."""
        return frozenset(one.fact for each in self.criteria for one in each.conditions)

    def met(self, facts: Facts) -> list[Criterion]:
        """The criteria that an incident meets."""
        return [criterion for criterion in self.criteria if criterion.is_met(facts)]

    def gaps(self, there: Mapping[str, Collection[str]]) -> list[str]:
        """Criteria that nothing can meet: they name what is not there, of a fact the names."""
        return [
            f"“{criterion.name}”: there is no {one.fact} “{one.value}”."
            for criterion in self.criteria
            for one in criterion.conditions
            if one.fact in there and one.value not in there[one.fact]
        ]

    def faults(self) -> list[str]:
        """See `Content`."""
        return [*self._faults_of_criteria(), *self._faults_of_procedure()]

    def edits_of(self, earlier: "MajorIncidents") -> list[str]:
        """See `Content`."""
        edits = list(_edits("Criterion", earlier.criteria, self.criteria))
        edits += _edits("Step", earlier.procedure, self.procedure)
        if self.coordinator_minutes != earlier.coordinator_minutes:
            edits.append(f"A coordinator is named within {self.coordinator_minutes} min.")
        if self.update_minutes != earlier.update_minutes:
            edits.append(f"Those concerned hear every {self.update_minutes} min.")
        if self.review_days != earlier.review_days:
            edits.append(f"The review is approved within {self.review_days} working days.")
        return edits

    def _faults_of_criteria(self) -> Iterator[str]:
        if not self.criteria:
            yield "There is at least one criterion."
        names = [criterion.name.strip() for criterion in self.criteria]
        if not all(names) or len(set(names)) < len(names):
            yield "Every criterion has a name of its own."
        for criterion in self.criteria:
            if not criterion.conditions:
                yield f"“{criterion.name}” has at least one condition."
            for one in criterion.conditions:
                if not one.is_sound:
                    yield f"“{criterion.name}”: “{one.fact} {one.value}” is no condition."

    def _faults_of_procedure(self) -> Iterator[str]:
        names = [step.name.strip() for step in self.procedure]
        if not names or not all(names) or len(set(names)) < len(names):
            yield "The procedure has at least one step, and every step a name of its own."
        times = [self.coordinator_minutes, self.update_minutes]
        if not all(1 <= minutes <= LONGEST for minutes in times):
            yield f"Coordinator and updates have 1 to {LONGEST} minutes."
        if not all(0 <= step.minutes <= LONGEST for step in self.procedure):
            yield f"A step has up to {LONGEST} minutes, or 0 where no time is set."
        if not 1 <= self.review_days <= 100:
            yield "The review has 1 to 100 working days."


def _edits(
    what: str, before: list[Criterion] | list[Step], after: list[Criterion] | list[Step]
) -> Iterator[str]:
    old = {one.name: one.says for one in before}
    new = {one.name: one.says for one in after}
    for name, says in new.items():
        if name not in old:
            yield f"{what} “{name}” is new: {says}."
        elif says != old[name]:
            yield f"{what} “{name}” becomes: {says}."
    for name in old:
        if name not in new:
            yield f"{what} “{name}” is taken out."
    if old == new and list(old) != list(new):
        yield f"The order is another: {what.lower()} by {what.lower()}."


KIND = declare(
    SchemeKind(
        NAME,
        "Major incidents",
        "By which criteria an incident is major, and the procedure by which it is handled.",
        MajorIncidents,
    )
)
