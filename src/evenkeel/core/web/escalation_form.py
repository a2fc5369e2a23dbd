"""The editor of escalation paths: a row for each step from team to team."""

from collections.abc import Mapping
from typing import Any

from evenkeel.core.schemes import escalation
from evenkeel.core.web.sheets import rows

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
        }

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """See `Face`."""
        return {
            "functional": [
                {name: row.get(name, "").strip() for name, _ in _NAMES}
                | {"owner": row.get("owner", "")}
                for _, row in rows(form, "path", "to_team")
            ]
        }
