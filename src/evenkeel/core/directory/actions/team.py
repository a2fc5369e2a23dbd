"""The verbs of a team."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.directory import lifecycle, permissions
from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import TeamMembership, User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Actions, Asked, Invalid

Someone = Annotated[User, Asked("Person")]

action = Actions(
    Team,
    lifecycle.TEAM,
    permissions.TEAM,
    visible=permissions.VISIBLE,
    inside=permissions.INSIDE,
)


@action(fields=True)
def record(team: Team, *, by: User, at: datetime) -> None:
    """Set up a team."""


@action
def retire(
    team: Team, *, by: User, at: datetime, reason: Annotated[str, Asked("Reason", long=True)]
) -> dict[str, Any]:
    """The team is no longer there; nobody works in it."""
    if waiting := Record.objects.filter(team=team, is_open=True).count():
        raise Invalid({"": [f"{waiting} open records wait for this team; hand them on first."]})
    members = sorted(team.memberships.values_list("person_id", flat=True))
    team.memberships.all().delete()
    return {"reason": reason, "dismissed": members}


@action
def admit(team: Team, *, by: User, at: datetime, person: Someone) -> dict[str, Any]:
    """Take someone into the team."""
    _, made = TeamMembership.objects.get_or_create(team=team, person=person)
    if not made:
        raise Invalid({"person": [f"{person} works in this team already."]})
    return {"person": person.pk}


@action
def dismiss(team: Team, *, by: User, at: datetime, person: Someone) -> dict[str, Any]:
    """Someone works in this team no longer; what they could do as its member ends now."""
    gone, _ = team.memberships.filter(person=person).delete()
    if not gone:
        raise Invalid({"person": [f"{person} does not work in this team."]})
    return {"person": person.pk}
