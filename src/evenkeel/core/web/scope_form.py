"""The editor of the scope of the SMS."""

from collections.abc import Mapping
from typing import Any

from evenkeel.core.schemes import scope
from evenkeel.core.web.sheets import rows


class ScopeFace:
    """A row for each process of FitSM-1: whether it is in scope, since when, and why."""

    template = "schemes/edit_scope.html"

    def sheet(self, content: Mapping[str, Any], context: str) -> dict[str, Any]:
        """See `Face`."""
        decided = {one["code"]: one for one in content.get("processes", [])}
        nothing = {"status": scope.PLANNED, "since": "", "because": ""}
        return {
            "rows": [
                (code, title, nothing | decided.get(code, {}))
                for code, title in scope.PROCESSES.items()
            ],
            "status": scope.STATUS,
            "longest": scope.LONGEST,
        }

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """See `Face`."""
        return {
            "processes": [
                {
                    "code": row["code"],
                    "status": row.get("status", ""),
                    "since": row.get("since", "").strip() or None,
                    "because": row.get("because", "").strip(),
                }
                for _, row in rows(form, "process", "code")
            ]
        }
