"""Hierarchical escalation: who with more authority hears of a case, level by level, and when.

A pure reading of the levels (ISRM-22): authority only rises, and ends with the SMS owner (ROLE-05).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

TOP = "sms_owner"
IN_WORDS = {  # with more authority from line to line
    "team_lead": "lead of the team",
    "process_manager": "process manager",
    "process_owner": "process owner",
    TOP: "SMS owner",
}
RANKS = {rank: words[0].upper() + words[1:] for rank, words in IN_WORDS.items()}
LOWEST = 5  # of priorities
MOST = 1000  # per cent of a target
LONGEST = 24 * 60  # minutes


class Pressing(NamedTuple):
    """What makes a case press at once: its priority, and whether a VIP asks."""

    priority: int | None
    is_vip: bool = False


class Level(msgspec.Struct, forbid_unknown_fields=True):
    """One level: who hears of it, and what of several triggers is enough; without one, by hand."""

    to: str
    percent: int = 0  # of a target, once so much of it has passed
    breach: bool = False  # once more than the target has passed
    priority: int = 0  # at once, where the case has this priority or a higher one
    takes_over: bool = False  # owns the case until handing it back
    vip: bool = False  # at once, where the requester is a VIP
    silence: int = 0  # after so many minutes in which nobody acknowledges what presses

    def at_once(self, case: Pressing) -> str:
        """Why it hears of such a case before anything of a target has passed; "" if it does not."""
        if self.priority and case.priority and case.priority <= self.priority:
            return f"the priority is P{self.priority} or higher"
        return "the requester is a VIP" if self.vip and case.is_vip else ""

    def reached_after(self, target: int, case: Pressing) -> int | None:
        """After how many seconds of a target such a case gets there; None: by hand."""
        found = [-(-target * self.percent // 100)] if self.percent else []
        if self.breach:
            found.append(target + 1)  # the first second that is too much
        if self.at_once(case):
            found.append(0)
        return min(found, default=None)

    def because(self, target: int, passed: int, case: Pressing) -> str:
        """Which trigger it was, in words."""
        if passed == 0 and (why := self.at_once(case)):
            return why
        if self.percent and passed == -(-target * self.percent // 100):
            return f"{self.percent} % of the target have passed"
        if self.breach and passed == target + 1:
            return "the target is violated"
        return "the level above it is reached"

    @property
    def words(self) -> str:
        """Who it is."""
        return RANKS.get(self.to, self.to)

    @property
    def says(self) -> str:
        """When it hears of a case and what it does then, in words."""
        whens = [f"at {self.percent} % of a target"] if self.percent else []
        if self.breach:
            whens.append("when a target is violated")
        if self.priority:
            whens.append(
                "at once at P1" if self.priority == 1 else f"at once at P1 to P{self.priority}"
            )
        if self.vip:
            whens.append("at once for a VIP")
        if self.silence:
            whens.append(f"when nobody acknowledges P1 or a major incident in {self.silence} min")
        when = ", or ".join(whens) or "by hand only"
        return f"{when}; {'takes the case over for a time' if self.takes_over else 'is told'}"


def only_the_top() -> list[Level]:
    """The path of whoever said nothing of levels: by hand, to the SMS owner."""
    return [Level(TOP)]


def reached_after(levels: Sequence[Level], target: int, case: Pressing) -> list[int]:
    """After how many seconds of a target each level is reached, from the lowest.

    Who reaches a level has reached those below it; the highest may be reached by hand alone.
    """
    found: list[int] = []
    for level in reversed(levels):
        own = level.reached_after(target, case)
        if own is not None:
            found.append(min([own, *found[-1:]]))
        elif found:
            found.append(found[-1])
    return found[::-1]


def above(levels: Sequence[Level], rank: str) -> Level | None:
    """The lowest level with more authority than a rank; of no rank, the lowest of all."""
    order = list(RANKS)
    least = order.index(rank) + 1 if rank else 0
    return next((level for level in levels if order.index(level.to) >= least), None)


def up_to(levels: Sequence[Level], rank: str) -> int:
    """How many of the levels have no more authority than a rank."""
    order = list(RANKS)
    return sum(order.index(level.to) <= order.index(rank) for level in levels)


def faults_of(levels: Sequence[Level]) -> Iterator[str]:
    """What makes them unusable, in sentences."""
    order = list(RANKS)
    places = [order.index(level.to) if level.to in RANKS else -1 for level in levels]
    if -1 in places:
        yield f"A level is one of {', '.join(order)}."
    elif places != sorted(set(places)):
        yield f"Authority rises from level to level: {', then '.join(RANKS.values())}; each once."
    elif not levels or levels[-1].to != TOP:
        yield "The last level is the SMS owner: every escalation ends there."
    for level in levels:
        name = RANKS.get(level.to, level.to)
        if not 0 <= level.percent <= MOST:
            yield f"{name}: the share of a target is 1 to {MOST} per cent."
        if not 0 <= level.silence <= LONGEST:
            yield f"{name}: the minutes without acknowledgement are 1 to {LONGEST}."
        if not 0 <= level.priority <= LOWEST:
            yield f"{name}: a priority is 1 to {LOWEST}."


def edits_of(new: Sequence[Level], old: Sequence[Level]) -> Iterator[str]:
    """What they say otherwise than earlier ones, in sentences."""
    before = {level.to: level.says for level in old}
    after = {level.to: level.says for level in new}
    for to, says in after.items():
        if before.get(to) != says:
            yield f"Level {RANKS[to]} {'becomes' if to in before else 'is new'}: {says}."
    yield from (f"Level {RANKS[to]} is taken out." for to in before if to not in after)
