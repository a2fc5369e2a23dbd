"""The editor of escalation paths: a row for each step from team to team, and for each level."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evenkeel.core.schemes import escalation, hierarchy
from evenkeel.core.schemes.hierarchy import RANKS, TOP
from evenkeel.core.schemes.reminders import LONGEST
from evenkeel.core.web.sheets import number, rows

_NAMES = (
    ("to_team", "to team"),
    ("from_team", "from team"),
    ("service", "service"),
    ("category", "category"),
)


class EscalationFace:
    """See `Face`."""

    template = "schemes/edit_escalation_paths.html"

    def sheet(self, content: Mapping[str, Any], context: str) -> dict[str, Any]:
        """See `Face`."""
        more = dict.fromkeys((name for name, _ in _NAMES), "") | {"owner": escalation.STAYS}
        return {
            "functional": [*content.get("functional", []), more, more],
            "names": _NAMES,
            "ownership": escalation.OWNERSHIP,
            "levels": list(self._levels(content.get("hierarchical", []))),
            "top": TOP,
            "priorities": range(1, hierarchy.LOWEST + 1),
            "longest": LONGEST,
            **self._reminders(content.get("reminders", {})),
        }

    @staticmethod
    def _reminders(there: Mapping[str, Any]) -> dict[str, Any]:
        minutes = {one["priority"]: one["minutes"] for one in there.get("silence", [])}
        silence = [(p, minutes.get(p, "")) for p in range(1, hierarchy.LOWEST + 1)]
        return {"silence": silence, "task_hours": there.get("task_hours") or ""}

    @staticmethod
    def _levels(
        there: Sequence[Mapping[str, Any]],
    ) -> Iterator[tuple[str, bool, Mapping[str, Any]]]:
        """A line for each rank: its name, whether the path has it, and what holds of it."""
        blank = {"percent": 0, "priority": 0, "breach": False, "takes_over": False, "vip": False}
        blank["silence"] = 0
        known = {level["to"]: blank | dict(level) for level in there}
        for rank, words in RANKS.items():
            yield words, rank in known or rank == TOP, known.get(rank, blank | {"to": rank})

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """See `Face`."""
        return {
            "functional": [
                {name: row.get(name, "").strip() for name, _ in _NAMES}
                | {"owner": row.get("owner", "")}
                for _, row in rows(form, "path", "to_team")
            ],
            "hierarchical": [
                {
                    "to": row["to"],
                    "percent": number(row.get("percent", "")),
                    "priority": number(row.get("priority", "")),
                    "breach": row.get("breach") == "true",
                    "takes_over": row.get("takes_over") == "true",
                    "vip": row.get("vip") == "true",
                    "silence": number(row.get("silence", "")),
                }
                for _, row in rows(form, "level", "to")
                if row.get("is_there") == "true"
            ],
            "reminders": {
                "silence": [
                    {"priority": priority, "minutes": minutes}
                    for priority in range(1, hierarchy.LOWEST + 1)
                    if (minutes := number(form.get(f"silence-{priority}", "")))
                ],
                "task_hours": number(form.get("task_hours", "")),
            },
        }
