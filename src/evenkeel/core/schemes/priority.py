"""The priority matrix: scales of impact and urgency, the matrix, special rules (ISRM-20, R-06).

A pure calculation: the same facts under the same version always give the same priority, and the
steps that led there in words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Literal

import msgspec

from evenkeel.core.schemes.kinds import SchemeKind, declare

NAME = "priority_matrix"
LOWEST = 5  # P1 is the highest priority
FACTS: dict[str, tuple[str, ...]] = {}  # process -> what its special rules may speak of
VIP = "vip"  # is the requester one? "yes" or "no"
EFFECTS = {"set": "makes it", "at_least": "makes it at least", "raise": "raises it by"}


class Level(msgspec.Struct, forbid_unknown_fields=True):
    """One step of a scale; 1 is the gravest, then downwards."""

    name: str
    definition: str = ""


class Rule(msgspec.Struct, forbid_unknown_fields=True):
    """A special rule: where a fact has a value, the priority of the matrix is moved.

    "set" gives the priority `to`; "at_least" lifts a lower one to it; "raise" lifts by so many.
    """

    name: str
    fact: str  # "category", "wish", "channel", "kind", "vip"
    value: str  # its value; for a category also the beginning of its path
    effect: Literal["set", "at_least", "raise"]
    to: int

    def fits(self, facts: Mapping[str, str]) -> bool:
        """Does the rule speak of these facts?"""
        said = facts.get(self.fact, "")
        return said == self.value or said.startswith(f"{self.value} / ")

    def applied(self, priority: int) -> int:
        """The priority after this rule."""
        if self.effect == "set":
            return self.to
        if self.effect == "at_least":
            return min(priority, self.to)
        return max(1, priority - self.to)

    @property
    def says(self) -> str:
        """What the rule does, in words."""
        if self.effect == "set":
            return f"makes it P{self.to}"
        if self.effect == "at_least":
            return f"makes it P{self.to} or higher"
        return f"raises it by {self.to}"


@dataclass(frozen=True)
class Decision:
    """A priority, and each step that led to it, in order."""

    priority: int
    steps: tuple[str, ...]


class PriorityMatrix(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a version. `matrix[impact - 1][urgency - 1]` is a priority, 1 to 5."""

    impact: list[Level]
    urgency: list[Level]
    matrix: list[list[int]]
    rules: list[Rule] = []

    def decide(self, impact: int, urgency: int, facts: Mapping[str, str]) -> Decision:
        """The priority of a case: the matrix first, then each rule that fits, in their order."""
        priority = self.matrix[impact - 1][urgency - 1]
        steps = [f"Impact {impact} and urgency {urgency} give P{priority}."]
        for rule in self.rules:
            if rule.fits(facts) and (moved := rule.applied(priority)) != priority:
                priority = moved
                steps.append(f"“{rule.name}” {rule.says}: P{priority}.")
        return Decision(priority, tuple(steps))

    def asks_for(self, fact: str) -> bool:
        """Does a special rule speak of it?"""
        return any(rule.fact == fact for rule in self.rules)

    def faults(self) -> list[str]:
        """See `Content`."""
        return [*self._faults_of_scales(), *self._faults_of_matrix(), *self._faults_of_rules()]

    def edits_of(self, earlier: "PriorityMatrix") -> list[str]:
        """See `Content`."""
        scales = {
            "Impact": (earlier.impact, self.impact),
            "Urgency": (earlier.urgency, self.urgency),
        }
        edits = [
            f"{scale} {number}: {_said(old)} becomes {_said(new)}."
            for scale, (before, after) in scales.items()
            for number, (old, new) in enumerate(zip_longest(before, after), 1)
            if old != new
        ]
        before, after = earlier.cells(), self.cells()
        edits += [
            f"Impact {cell[0]} and urgency {cell[1]}: {_p(before.get(cell))} becomes"
            f" {_p(after.get(cell))}."
            for cell in sorted(before.keys() | after.keys())
            if before.get(cell) != after.get(cell)
        ]
        edits += [f"No longer special: “{r.name}”." for r in earlier.rules if r not in self.rules]
        edits += [
            f"Special: “{r.name}”, where {r.fact} is {r.value}, {r.says}."
            for r in self.rules
            if r not in earlier.rules
        ]
        return edits

    def cells(self) -> dict[tuple[int, int], int]:
        """(impact, urgency) -> priority."""
        return {
            (impact, urgency): priority
            for impact, row in enumerate(self.matrix, 1)
            for urgency, priority in enumerate(row, 1)
        }

    def _faults_of_scales(self) -> Iterator[str]:
        for scale, levels in (("impact", self.impact), ("urgency", self.urgency)):
            if not 2 <= len(levels) <= 6:
                yield f"A scale of {scale} has two to six levels, not {len(levels)}."
            if not all(level.name.strip() for level in levels):
                yield f"Every level of {scale} needs a name."
            if len({level.name for level in levels}) < len(levels):
                yield f"Two levels of {scale} have the same name."

    def _faults_of_matrix(self) -> Iterator[str]:
        wide = [len(row) for row in self.matrix]
        if wide != [len(self.urgency)] * len(self.impact):
            yield "The matrix needs one priority for each impact and urgency."
            return
        if not all(1 <= cell <= LOWEST for row in self.matrix for cell in row):
            yield f"A priority lies between P1 and P{LOWEST}."
        lines = [*self.matrix, *(list(column) for column in zip(*self.matrix, strict=True))]
        if not all(graver <= less for line in lines for graver, less in pairwise(line)):
            yield "A graver impact or urgency cannot give a lower priority."

    def _faults_of_rules(self) -> Iterator[str]:
        for place, rule in enumerate(self.rules, 1):
            if not (rule.name.strip() and rule.fact.strip() and rule.value.strip()):
                yield f"Special rule {place} needs a name, a fact and a value."
            if not 1 <= rule.to <= LOWEST:
                yield f"Special rule {place} names a priority or steps between 1 and {LOWEST}."
            if rule.fact == VIP and rule.value not in {"yes", "no"}:
                yield f"Special rule {place}: whether the requester is a VIP is “yes” or “no”."


def _said(level: Level | None) -> str:
    if level is None:
        return "nothing"
    return f"“{level.name}: {level.definition}”" if level.definition else f"“{level.name}”"


def _p(priority: int | None) -> str:
    return f"P{priority}" if priority else "nothing"


KIND = declare(
    SchemeKind(
        NAME,
        "Priority matrix",
        "How impact and urgency give the priority of a case, and which cases are special.",
        PriorityMatrix,
    )
)
