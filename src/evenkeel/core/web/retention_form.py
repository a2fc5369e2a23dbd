"""The editor of how long what is over is kept."""

from collections.abc import Mapping
from typing import Any

from evenkeel.core.schemes import retention
from evenkeel.core.web.sheets import number, rows


class RetentionFace:
    """A number of months for each kind of record, a number of days for each of the rest."""

    template = "schemes/edit_retention.html"

    def sheet(self, content: Mapping[str, Any], context: str) -> dict[str, Any]:
        """See `Face`."""
        months = {one["kind"]: one["months"] for one in content.get("kinds", [])}
        days = {one["what"]: one["days"] for one in content.get("rest", [])}
        return {
            "kinds": [
                (kind, kept.title, months.get(kind, 0)) for kind, kept in retention.KINDS.items()
            ],
            "rest": [
                (what, title, days.get(what, usual))
                for what, (title, usual) in retention.DAYS.items()
            ],
            "most_months": retention.LONGEST_MONTHS,
            "most_days": retention.LONGEST_DAYS,
        }

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """See `Face`."""
        return {
            "kinds": [
                {"kind": row["kind"], "months": number(row.get("months", ""))}
                for _, row in rows(form, "kind", "kind")
            ],
            "rest": [
                {"what": row["what"], "days": number(row.get("days", ""))}
                for _, row in rows(form, "rest", "what")
            ],
        }
