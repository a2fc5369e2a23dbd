"""The editor of what a good record has."""

from collections.abc import Mapping
from typing import Any

from evenkeel.core.schemes import quality
from evenkeel.core.web.sheets import number, rows


class QualityFace:
    """A row for each thing that is expected, and from which share on a record is a good one."""

    template = "schemes/edit_record_quality.html"
    _NUMBERS = (
        ("good", "Per cent from which a record is a good one", 100, 80),
        ("sample", "Closed cases that are looked at each week", 50, 10),
    )

    def sheet(self, content: Mapping[str, Any], context: str) -> dict[str, Any]:
        """See `Face`."""
        more = {"fact": "", "weight": 10, "kind": "", "done": False}
        return {
            "expected": [*content.get("expected", []), more, more],
            "facts": quality.FACTS.get(context, {}),
            "kinds": quality.KINDS.get(context, {}),
            "heaviest": quality.HEAVIEST,
            "numbers": [
                (name, label, most, content.get(name, usual))
                for name, label, most, usual in self._NUMBERS
            ],
        }

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """See `Face`."""
        return {
            "expected": [
                {
                    "fact": row["fact"].strip(),
                    "weight": number(row.get("weight", "")),
                    "kind": row.get("kind", ""),
                    "done": row.get("done") == "true",
                }
                for _, row in rows(form, "expected", "fact")
            ],
            **{name: number(form.get(name, "")) for name, *_ in self._NUMBERS},
        }
