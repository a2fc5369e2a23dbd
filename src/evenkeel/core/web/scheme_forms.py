"""The editors of schemes: what each draws, and how what is sent becomes the content of a version.

Rows whose name was emptied are left out; every table ends with empty rows for more.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from evenkeel.core.clocks import calendars
from evenkeel.core.schemes import (
    categories,
    closure,
    escalation,
    intake,
    major,
    priority,
    quality,
    retention,
    scope,
)
from evenkeel.core.web.escalation_form import EscalationFace
from evenkeel.core.web.intake_form import IntakeFace
from evenkeel.core.web.quality_form import QualityFace
from evenkeel.core.web.retention_form import RetentionFace
from evenkeel.core.web.scope_form import ScopeFace
from evenkeel.core.web.sheets import number, rows

Content = Mapping[str, Any]
_SPACED = re.compile(r"\s*/\s*")


class Face(Protocol):
    """The editor of one kind of scheme."""

    template: str

    def sheet(self, content: Content, context: str) -> dict[str, Any]:
        """What the template needs to draw this content."""
        ...

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The content that was sent, as plain values; it may still be unsound."""
        ...


class MatrixFace:
    """Two scales, the table between them, special rules."""

    template = "schemes/edit_matrix.html"
    _SCALES = ("impact", "urgency")

    def sheet(self, content: Content, context: str) -> dict[str, Any]:
        """See `Face`."""
        blank = {"name": "", "definition": ""}
        more = {"name": "", "fact": "", "value": "", "effect": "at_least", "to": 1}
        return {
            "scales": [(name, [*content.get(name, []), blank]) for name in self._SCALES],
            "impact": content.get("impact", []),
            "urgency": content.get("urgency", []),
            "matrix": content.get("matrix", []),
            "rules": [*content.get("rules", []), more, more],
            "facts": priority.FACTS.get(context, ()),
            "effects": priority.EFFECTS,
            "priorities": range(1, priority.LOWEST + 1),
        }

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """See `Face`; a level that is new gets the priorities of the one before it."""
        impact, urgency = (list(rows(form, scale, "name")) for scale in self._SCALES)
        return {
            "impact": [self._level(row) for _, row in impact],
            "urgency": [self._level(row) for _, row in urgency],
            "matrix": [[_cell(form, i, u) for u, _ in urgency] for i, _ in impact],
            "rules": [
                {key: row.get(key, "").strip() for key in ("name", "fact", "value", "effect")}
                | {"to": number(row.get("to", ""))}
                for _, row in rows(form, "rule", "name")
            ],
        }

    @staticmethod
    def _level(row: Mapping[str, str]) -> dict[str, str]:
        return {key: row.get(key, "").strip() for key in ("name", "definition")}


class TreeFace:
    """One row for each category, its path naming those above it."""

    template = "schemes/edit_categories.html"

    def sheet(self, content: Content, context: str) -> dict[str, Any]:
        """See `Face`."""
        blank = {"path": "", "guidance": "", "retired": False}
        return {"rows": [*content.get("categories", []), blank, blank, blank]}

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """See `Face`; a category that is new stands after its last neighbour."""
        found: list[dict[str, Any]] = []
        for _, row in rows(form, "category", "path"):
            path = _SPACED.sub(categories.SEPARATOR, row["path"].strip())
            made = {
                "path": path,
                "guidance": row.get("guidance", "").strip(),
                "retired": row.get("retired") == "true",
            }
            found.insert(_place(found, path) if row.get("is_new") else len(found), made)
        return {"categories": found}


class CalendarsFace:
    """A sheet for each calendar: hours, zone, holidays, and a line for each day that differs."""

    template = "schemes/edit_calendars.html"
    _FIELDS = (
        ("name", "Name", 80),
        ("hours", "Hours", 400),
        ("zone", "Time zone", 40),
        ("country", "Holidays of the country", 2),
        ("region", "Region of it", 10),
        ("feed", "Feed of days off", 500),
    )

    def sheet(self, content: Content, context: str) -> dict[str, Any]:
        """See `Face`."""
        return {"rows": [*content.get("calendars", []), {"zone": "UTC"}], "fields": self._FIELDS}

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """See `Face`; holidays are copied in when the draft is kept."""
        return {
            "calendars": [
                {name: row.get(name, "").strip() for name, _, _ in self._FIELDS}
                | {"days": [day.strip() for day in row.get("days", "").splitlines() if day.strip()]}
                for _, row in rows(form, "calendar", "name")
            ]
        }


class ClosureFace:
    """A row for each rule, the window of reopening, the working days, the limits of holds."""

    template = "schemes/edit_closure_rules.html"

    def sheet(self, content: Content, context: str) -> dict[str, Any]:
        """See `Face`."""
        more = {"name": "", "kind": "", "priority": 0, "confirmation": False, "days": 5}
        more["remind_days"] = 2
        return {
            "rules": [more, *({"remind_days": 0} | rule for rule in content.get("rules", []))],
            "reopen_days": content.get("reopen_days", 14),
            "calendar": content.get("calendar", ""),
            "kinds": closure.KINDS.get(context, {}),
            "priorities": range(1, closure.LOWEST + 1),
            "holds": list(self._holds(content.get("holds", []), context)),
        }

    @staticmethod
    def _holds(there: Sequence[Mapping[str, Any]], context: str) -> Iterator[tuple[str, str, int]]:
        """Each reason for being on hold, in words, and after how many working days it ends."""
        days = {one["reason"]: one["days"] for one in there}
        for reason, words in closure.HOLDS.get(context, {}).items():
            yield reason, words, days.get(reason, closure.HELD)

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """See `Face`; a rule that is new stands first, for the last is for every case."""
        return {
            "rules": [
                {
                    "name": row["name"].strip(),
                    "kind": row.get("kind", ""),
                    "priority": number(row.get("priority", "")),
                    "confirmation": row.get("confirmation") == "true",
                    "days": number(row.get("days", "")),
                    "remind_days": number(row.get("remind_days", "")),
                }
                for _, row in rows(form, "rule", "name")
            ],
            "reopen_days": number(form.get("reopen_days", "")),
            "calendar": form.get("calendar", "").strip(),
            "holds": [
                {"reason": reason, "days": number(form.get(f"hold-{reason}", ""))}
                for known in closure.HOLDS.values()
                for reason in known
                if f"hold-{reason}" in form
            ],
        }


class MajorFace:
    """A row for each criterion with its conditions, a row for each task of the procedure."""

    template = "schemes/edit_major_incidents.html"
    _NUMBERS = (
        ("coordinator_minutes", "Minutes until a coordinator is named", major.LONGEST, 15),
        ("update_minutes", "Minutes between what those concerned are told", major.LONGEST, 60),
        ("review_days", "Working days until the review is approved", 100, 10),
    )

    def sheet(self, content: Content, context: str) -> dict[str, Any]:
        """See `Face`."""
        more = {"name": "", "conditions": []}
        criteria = [*content.get("criteria", []), more, more]
        widest = max(len(row["conditions"]) for row in criteria)
        return {
            "criteria": criteria,
            "places": range(max(2, widest)),
            "facts": list(major.FACTS),
            "procedure": [
                *content.get("procedure", []),
                {"name": "", "steps": [], "minutes": 0},
            ],
            "numbers": [line[:3] for line in self._NUMBERS],
            **{name: content.get(name, usual) for name, _, _, usual in self._NUMBERS},
        }

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """See `Face`."""
        return {
            "criteria": [
                {"name": row["name"].strip(), "conditions": list(self._conditions(row))}
                for _, row in rows(form, "criterion", "name")
            ],
            "procedure": [
                {
                    "name": row["name"].strip(),
                    "steps": [s.strip() for s in row.get("steps", "").splitlines() if s.strip()],
                    "minutes": number(row.get("minutes", "")),
                }
                for _, row in rows(form, "step", "name")
            ],
            **{name: number(form.get(name, "")) for name, *_ in self._NUMBERS},
        }

    @staticmethod
    def _conditions(row: Mapping[str, str]) -> Iterator[dict[str, str]]:
        place = 0
        while (fact := row.get(f"fact-{place}")) is not None:
            if fact:
                yield {"fact": fact, "value": row.get(f"value-{place}", "").strip()}
            place += 1


def _place(found: list[dict[str, Any]], path: str) -> int:
    above = path.rpartition(categories.SEPARATOR)[0]
    family = [
        place
        for place, row in enumerate(found)
        if above and (row["path"] == above or row["path"].startswith(above + categories.SEPARATOR))
    ]
    return family[-1] + 1 if family else len(found)


def _cell(form: Mapping[str, str], impact: int, urgency: int) -> int:
    """What was chosen, or for a new level what its nearest neighbour has."""
    for i in range(impact, 0, -1):
        for u in range(urgency, 0, -1):
            if said := form.get(f"cell-{i}-{u}"):
                return number(said)
    return priority.LOWEST


FACES: dict[str, Face] = {
    priority.NAME: MatrixFace(),
    categories.NAME: TreeFace(),
    calendars.NAME: CalendarsFace(),
    closure.NAME: ClosureFace(),
    major.NAME: MajorFace(),
    escalation.NAME: EscalationFace(),
    quality.NAME: QualityFace(),
    intake.NAME: IntakeFace(),
    retention.NAME: RetentionFace(),
    scope.NAME: ScopeFace(),
}
