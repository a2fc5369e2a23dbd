"""When a case that is done is closed: by the user, or after days without an answer (ISRM-23); and
for how long a case may be on hold (R-10).

A pure reading of the rules; what a working day is, the calendar of that name says.
"""

from collections.abc import Iterator

import msgspec

from evenkeel.core.schemes.kinds import SchemeKind, declare

NAME = "closure_rules"
LONGEST = 365  # days
LOWEST = 5
HELD = 10  # working days a case is on hold at most, where the rules name no other limit
KINDS: dict[str, dict[str, str]] = {}  # process -> the kinds of its cases, in words
HOLDS: dict[str, dict[str, str]] = {}  # process -> for what its cases are on hold, in words


class ClosureRule(msgspec.Struct, forbid_unknown_fields=True):
    """How cases of a kind and a priority are closed; without either it is for every case."""

    name: str
    days: int  # working days without an answer, after which it is closed by itself
    kind: str = ""
    priority: int = 0
    confirmation: bool = False  # before then, only the user closes it
    remind_days: int = 0  # working days, after which a user for whom it waits is asked again

    def fits(self, kind: str, priority: int | None) -> bool:
        """Is the rule for such a case?"""
        return self.kind in ("", kind) and self.priority in (0, priority)

    @property
    def says(self) -> str:
        """What the rule asks for, in words."""
        who = "the user confirms" if self.confirmation else "the user or the desk closes"
        days = days_of(self.days)
        asked = f", and they are asked again every {self.remind_days}" if self.remind_days else ""
        return f"{who}; without an answer it is closed after {days}{asked}"


class HoldLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how long a case may be on hold for a reason."""

    reason: str
    days: int  # working days

    @property
    def says(self) -> str:
        """What it limits, in words."""
        return f"{words_of(self.reason)}: {days_of(self.days)} at most"


class ClosureRules(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a version; of the rules, the first that fits decides."""

    rules: list[ClosureRule]
    reopen_days: int  # after closure, in which a case is reopened under its number
    calendar: str = ""  # tells the working days; without one they are Monday to Friday
    holds: list[HoldLimit] = []

    def limit_of(self, reason: str) -> int:
        """The working days that a case may be on hold for a reason."""
        return next((one.days for one in self.holds if one.reason == reason), HELD)

    def rule_for(self, kind: str, priority: int | None) -> ClosureRule:
        """The rule that decides about such a case; the last is for every case."""
        return next(rule for rule in self.rules if rule.fits(kind, priority))

    def faults(self) -> list[str]:
        """See `Content`."""
        faults = [
            f"“{rule.name}”: the days are 1 to {LONGEST}."
            for rule in self.rules
            if not 1 <= rule.days <= LONGEST
        ]
        faults += [
            f"“{rule.name}”: a user is asked again after 0 to {LONGEST} days."
            for rule in self.rules
            if not 0 <= rule.remind_days <= LONGEST
        ]
        faults += [
            f"“{rule.name}”: a priority is 1 to {LOWEST}, or 0 for all."
            for rule in self.rules
            if not 0 <= rule.priority <= LOWEST
        ]
        if not 0 <= self.reopen_days <= LONGEST:
            faults.append(f"The days in which a case is reopened are 0 to {LONGEST}.")
        faults += [
            f"“{words_of(one.reason)}” has a limit of 1 to {LONGEST} working days."
            for one in self.holds
            if not 1 <= one.days <= LONGEST
        ]
        if not self.rules or self.rules[-1].kind or self.rules[-1].priority:
            faults.append("The last rule is for every kind and every priority.")
        return faults

    def edits_of(self, earlier: "ClosureRules") -> list[str]:
        """See `Content`."""
        before = {rule.name: rule for rule in earlier.rules}
        after = {rule.name: rule for rule in self.rules}
        edits = [
            f"“{name}” is new: {rule.says}." for name, rule in after.items() if name not in before
        ]
        edits += [f"“{name}” is taken out." for name in before if name not in after]
        edits += [
            f"“{name}” becomes: {after[name].says}."
            for name in after
            if name in before and after[name] != before[name]
        ]
        if not edits and list(before) != list(after):
            edits.append("The rules stand in another order.")
        if self.reopen_days != earlier.reopen_days:
            edits.append(f"A case is reopened within {self.reopen_days} days after its closure.")
        if self.calendar != earlier.calendar:
            edits.append(f"Working days are those of “{self.calendar or 'Monday to Friday'}”.")
        return [*edits, *self._edits_of_holds(earlier)]

    def _edits_of_holds(self, earlier: "ClosureRules") -> Iterator[str]:
        for reason in dict.fromkeys(one.reason for one in [*earlier.holds, *self.holds]):
            old, new = earlier.limit_of(reason), self.limit_of(reason)
            if old != new:
                limit = f"“{words_of(reason)}” ends after {days_of(new)}"
                yield f"{limit}; it was {days_of(old)}."


def words_of(reason: str) -> str:
    """A reason for being on hold as a person reads it."""
    return next((known[reason] for known in HOLDS.values() if reason in known), reason)


def days_of(days: int) -> str:
    """ "one working day", "10 working days"."""
    return "one working day" if days == 1 else f"{days} working days"


KIND = declare(
    SchemeKind(
        NAME,
        "Closure rules",
        "Whose confirmation closes a case, when silence does, how long it can be reopened, and how"
        " long it may be on hold.",
        ClosureRules,
    )
)
