"""The verbs of a team."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.directory import lifecycle, permissions
from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import TeamMembership, User
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
) -> None:
    """The team is no longer there."""


@action
def admit(team: Team, *, by: User, at: datetime, person: Someone) -> dict[str, Any]:
    """Take someone into the team."""
    _, made = TeamMembership.objects.get_or_create(team=team, person=person)
    if not made:
        raise Invalid({"person": [f"{person} works in this team already."]})
    return {"person": person.pk}
