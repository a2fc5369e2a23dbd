"""With whom a case is, and where it goes on to when it needs other skills (PR9.3)."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from evenkeel.core.directory.models import Organisation, Team
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.schemes import escalation, hierarchy
from evenkeel.core.schemes.escalation import FunctionalPath
from evenkeel.core.schemes.hierarchy import RANKS, Level
from evenkeel.core.schemes.models import in_force
from evenkeel.processes.incidents.lifecycle import ON_HOLD


def team_named(title: str) -> Team | None:
    """The team of this name, while there is one."""
    found: Any = Team.objects.filter(title=title, is_open=True).first()
    return found if isinstance(found, Team) else None


def by_level(kind: str) -> models.Index:
    """By which the list finds what was escalated upwards."""
    return models.Index(
        fields=["escalated_to"],
        name=f"{kind}_escalated",
        condition=~models.Q(escalated_to=""),
    )


def unacknowledged(kind: str) -> models.Index:
    """By which the job finds what presses and nobody has acknowledged."""
    return models.Index(
        fields=["presses_since"],
        name=f"{kind}_unacknowledged",
        condition=models.Q(presses_since__isnull=False, acknowledged_at=None),
    )


class Escalating(models.Model):
    """Beside `Record`: a case that the escalation paths lead on, and up."""

    state: str
    team: Team | None
    team_id: int | None
    service: Record | None
    category: str

    escalated_to = models.CharField(
        "escalated to", max_length=16, choices=[*RANKS.items()], blank=True, editable=False
    )
    escalated_from = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="owner before it was escalated",
        editable=False,
    )

    # Since when it is P1 or major, and still in the works; worked out whenever it is written.
    presses_since = models.DateTimeField(null=True, editable=False)
    # Layers of the team's rota that were called since it presses with this team; 0 is none.
    called_layer = models.PositiveSmallIntegerField(default=0, editable=False)
    called_since = models.DateTimeField(null=True, editable=False)
    acknowledged_at = models.DateTimeField("acknowledged", null=True, blank=True, editable=False)
    acknowledged_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="acknowledged by",
        editable=False,
    )

    waits_for = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="supplier it waits for",
        editable=False,
    )
    # The OLA or UA by key -> its number, version and party, and why this one: once it was theirs.
    helped_by = models.JSONField("with whom it was", default=dict, editable=False)

    class Meta:
        abstract = True

    @property
    def is_with(self) -> dict[str, int]:
        """Who has it now beside us, by the kind of agreement: OLA for a member, UA for a supplier.

        That is the organisation whose team works on it, and the supplier that it waits for.
        """
        found = {}
        if self.team_id and self.team and self.team.organisation_id:
            found["ola"] = self.team.organisation_id
        if self.waits_for_id and self.state == ON_HOLD:
            found["ua"] = self.waits_for_id
        return found

    def level_above(self, at: datetime) -> Level | None:
        """The next level of authority that has not heard of it; None where all have."""
        version = in_force(escalation.NAME, "ISRM", at)
        levels = version.read.hierarchical if version else []
        return hierarchy.above(levels, self.escalated_to)

    def stays_where_it_is(self) -> dict[str, str]:
        """See `Record.not_now`: nobody is above the top, or gives back what they were not given."""
        refused = {}
        if self.presses_since is None:
            refused["acknowledge"] = "It does not press: nobody waits for that."
        elif self.acknowledged_at:
            refused["acknowledge"] = "Somebody has acknowledged it already."
        if self.escalated_from_id is None:
            refused["hand_back"] = "Nobody with more authority has taken it over."
        if self.waits_for_id is None:
            refused["tell_supplier"] = "It waits for no supplier."
        if self.escalated_to == hierarchy.TOP:
            refused["escalate_up"] = "The SMS owner has heard of it; there is no level above."
        return refused

    def path_onward(self, at: datetime, to_team: str = "") -> FunctionalPath | None:
        """The functional path that leads on from here; or that leads to the team that is named."""
        version = in_force(escalation.NAME, "ISRM", at)
        if version is None:
            return None
        team, service = (one.title if one else "" for one in (self.team, self.service))
        standing = escalation.Standing(team, service, self.category)
        found: FunctionalPath | None = version.read.onward(standing, to_team)
        return found

    def proposed(self, verb: str) -> dict[str, Any]:
        """What the form of an escalation opens with, where a path leads on; or a letter."""
        if verb == "tell_supplier":
            number: str = self.number  # type: ignore[attr-defined]  # beside a record
            said = f"We wait for you with {number}. Please tell us when we may expect your answer."
            return {"text": said}
        path = self.path_onward(timezone.now())
        return {"kind": "functional", "team": team_named(path.to_team)} if path else {}
