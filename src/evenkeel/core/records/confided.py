"""What is hidden from somebody because it is restricted (R-05): few records, found by an index.

The rule takes these few away from what somebody may see. It compares keys, which all indexes of
lists hold, so what is left is still counted and found inside them.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Q
from django.db.models.expressions import RawSQL

_HIDDEN = """
FROM core_record AS kept WHERE kept.is_restricted AND kept.of_kind = ANY(%s)
AND kept.case_owner_id IS DISTINCT FROM %s
AND (kept.of_kind = ANY(%s) OR kept.requester_id IS DISTINCT FROM %s)"""


class Restrictable(Protocol):
    """As much of a record as the rule looks at."""

    of_kind: str
    is_restricted: bool
    case_owner_id: int | None
    requester_id: int | None


@dataclass(frozen=True)
class Hidden:
    """The restricted records of some kinds, without those that somebody owns or has reported.

    Whoever is inside a kind would see there what is internal, too: what they have reported of it
    they see in the portal, as any user does, and nowhere else.
    """

    person: int
    kinds: tuple[str, ...]
    inside: tuple[str, ...]

    @property
    def condition(self) -> Q:
        """Every record but these."""
        sql, values = self.sql("kept.id")
        return ~Q(pk__in=RawSQL(sql, values))  # noqa: S611  (ours)

    def sql(self, columns: str) -> tuple[str, tuple[Any, ...]]:
        """The question for them, and its values."""
        values = (list(self.kinds), self.person, list(self.inside), self.person)
        return f"SELECT {columns} {_HIDDEN}", values
