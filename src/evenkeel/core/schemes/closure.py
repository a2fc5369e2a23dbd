"""When a case that is done is closed: by the user, or after days without an answer (ISRM-23).

A pure reading of the rules; what a working day is, the calendar of that name says.
"""

import msgspec

from evenkeel.core.schemes.kinds import SchemeKind, declare

NAME = "closure_rules"
LONGEST = 365  # days
LOWEST = 5
KINDS: dict[str, dict[str, str]] = {}  # process -> the kinds of its cases, in words


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
        days = "one working day" if self.days == 1 else f"{self.days} working days"
        asked = f", and they are asked again every {self.remind_days}" if self.remind_days else ""
        return f"{who}; without an answer it is closed after {days}{asked}"


class ClosureRules(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a version; of the rules, the first that fits decides."""

    rules: list[ClosureRule]
    reopen_days: int  # after closure, in which a case is reopened under its number
    calendar: str = ""  # tells the working days; without one they are Monday to Friday

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
        return edits


KIND = declare(
    SchemeKind(
        NAME,
        "Closure rules",
        "Whose confirmation closes a case, when silence does, and how long it can be reopened.",
        ClosureRules,
    )
)
