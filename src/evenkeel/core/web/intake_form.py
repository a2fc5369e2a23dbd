"""The editor of how cases come in."""

from collections.abc import Mapping
from typing import Any

from evenkeel.core.schemes import intake
from evenkeel.core.web.sheets import rows


class IntakeFace:
    """A box for each channel, a row for each field of each kind, the address of the procedure."""

    template = "schemes/edit_intake.html"

    def sheet(self, content: Mapping[str, Any], context: str) -> dict[str, Any]:
        """See `Face`."""
        is_open = {one["name"]: one.get("is_open", True) for one in content.get("channels", [])}
        said = {(one["kind"], one["field"]): one for one in content.get("fields", [])}
        nothing = {"needed": False, "users": False, "help": ""}
        fields = intake.FIELDS.get(context, {})
        kinds = intake.KINDS.get(context, {})
        return {
            "channels": [
                (name, words, is_open.get(name, False))
                for name, words in intake.CHANNELS.get(context, {}).items()
            ],
            "fields": [
                (kind, of, field, words, nothing | said.get((kind, field), {}))
                for kind, of in kinds.items()
                for field, words in fields.items()
            ],
            "procedure": content.get("procedure", ""),
        }

    def sent(self, form: Mapping[str, str]) -> dict[str, Any]:
        """See `Face`; a field of which nothing is said is left out."""
        fields = [
            {
                "kind": row.get("kind", ""),
                "field": row["field"],
                "needed": row.get("needed") == "true",
                "users": row.get("users") == "true",
                "help": row.get("help", "").strip(),
            }
            for _, row in rows(form, "rule", "field")
        ]
        return {
            "channels": [
                {"name": row["name"], "is_open": row.get("is_open") == "true"}
                for _, row in rows(form, "channel", "name")
            ],
            "fields": [one for one in fields if one["needed"] or one["help"]],
            "procedure": form.get("procedure", "").strip(),
        }
