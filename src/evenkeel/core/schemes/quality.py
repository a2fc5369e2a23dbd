"""What a good record has, for each kind of case: how complete one is, and what it lacks (ISRM-46).

A pure reading: the same record under the same version is always as complete.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from evenkeel.core.schemes.kinds import SchemeKind, declare

NAME = "record_quality"
HEAVIEST = 100
FACTS: dict[str, dict[str, str]] = {}  # process -> what a record may have, in words
KINDS: dict[str, dict[str, str]] = {}  # process -> the kinds of its cases, in words
Has = Callable[[str], bool]


class Expectation(msgspec.Struct, forbid_unknown_fields=True):
    """One thing that a good record has."""

    fact: str
    weight: int
    kind: str = ""  # of case; "" is every kind
    done: bool = False  # only once the case is resolved or fulfilled

    def holds_for(self, kind: str, *, is_done: bool) -> bool:
        """Is it expected of such a case?"""
        return self.kind in ("", kind) and (is_done or not self.done)


class Judgement(NamedTuple):
    """How complete a record is, in per cent, and the facts that it lacks."""

    complete: int
    lacks: list[str]
    is_good: bool


class RecordQuality(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a version."""

    expected: list[Expectation]
    good: int = 80  # per cent, from which a record is a good one
    sample: int = 10  # closed cases that are looked at each week

    def judge(self, kind: str, has: Has, *, is_done: bool) -> Judgement:
        """Hold a record against what is expected of it."""
        asked = [one for one in self.expected if one.holds_for(kind, is_done=is_done)]
        lacks = [one for one in asked if not has(one.fact)]
        whole = sum(one.weight for one in asked)
        there = whole - sum(one.weight for one in lacks)
        complete = 100 * there // whole if whole else 100
        return Judgement(complete, [one.fact for one in lacks], complete >= self.good)

    def faults(self) -> list[str]:
        """See `Content`."""
        return list(self._faults())

    def edits_of(self, earlier: "RecordQuality") -> list[str]:
        """See `Content`."""
        before = {(one.fact, one.kind): one for one in earlier.expected}
        after = {(one.fact, one.kind): one for one in self.expected}
        edits = [f"{said(one)} is expected." for key, one in after.items() if key not in before]
        edits += [
            f"{said(one)} is no longer expected." for key, one in before.items() if key not in after
        ]
        edits += [
            f"{said(one)} replaces {before[key].weight}."
            for key, one in after.items()
            if key in before and one != before[key]
        ]
        if self.good != earlier.good:
            edits.append(f"A record is good from {self.good} % on.")
        if self.sample != earlier.sample:
            edits.append(f"{self.sample} closed cases are looked at each week.")
        return edits

    def _faults(self) -> Iterator[str]:
        if not self.expected:
            yield "There is at least one expectation."
        keys = [(one.fact, one.kind) for one in self.expected]
        for fact in sorted({fact for fact, kind in keys if keys.count((fact, kind)) > 1}):
            yield f"“{fact}” is expected twice of the same kind."
        for one in self.expected:
            if not 1 <= one.weight <= HEAVIEST:
                yield f"“{one.fact}”: the weight is 1 to {HEAVIEST}."
        if not 1 <= self.good <= 100:
            yield "A record is good from 1 to 100 %."
        if not 0 <= self.sample <= 50:
            yield "The sample has 0 to 50 cases."


def said(one: Expectation) -> str:
    """An expectation in words."""
    fact = one.fact.replace("_", " ")
    of = f" of {one.kind.replace('_', ' ')}s" if one.kind else ""
    when = ", once done," if one.done else ""
    return f"“{fact}”{of}{when} with weight {one.weight}"


KIND = declare(
    SchemeKind(
        NAME,
        "Record quality",
        "What a good record of a case has, and how much each part of it counts.",
        RecordQuality,
    )
)
