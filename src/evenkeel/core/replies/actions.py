"""The verbs of a reply template."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import QuerySet

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.replies import lifecycle, permissions
from evenkeel.core.replies.models import ReplyTemplate
from evenkeel.core.rules import Actions, Asked, Invalid

action = Actions(
    ReplyTemplate,
    lifecycle.TEMPLATE,
    permissions.TEMPLATE,
    visible=permissions.VISIBLE,
    inside=permissions.INSIDE,
)
ForTeam = Annotated[
    Team | None, Asked("For the team", "A team of yours, which may use it, too. Empty: only you.")
]


@action(fields=True)
def record(
    template: ReplyTemplate, *, by: User, at: datetime, for_team: ForTeam = None
) -> dict[str, Any]:
    """Keep what is said again and again."""
    return _show_to(template, for_team, by)


@action(fields=True)
def edit(template: ReplyTemplate, *, by: User, at: datetime) -> None:
    """Say it otherwise from now on; what was said with it stays."""


@action
def show_to(
    template: ReplyTemplate, *, by: User, at: datetime, for_team: ForTeam = None
) -> dict[str, Any]:
    """Let a team use it, or nobody but its owner."""
    return _show_to(template, for_team, by)


@action
def retire(template: ReplyTemplate, *, by: User, at: datetime) -> None:
    """It is no longer offered."""


@action
def reinstate(template: ReplyTemplate, *, by: User, at: datetime) -> None:
    """It is offered again."""


def offered(user: User, begun: str, most: int) -> "QuerySet[Any]":
    """The templates that somebody may use and whose name holds what was typed; theirs first."""
    seen = ReplyTemplate.objects.visible_to(user).filter(state=lifecycle.State.OFFERED)
    usable = seen.filter(requester=user) | seen.filter(team_id__in=user.rights.teams)
    found: QuerySet[Any] = usable.filter(title__icontains=begun).order_by("title", "pk")[:most]
    return found


def _show_to(template: ReplyTemplate, team: Team | None, by: User) -> dict[str, Any]:
    if (
        team is not None
        and team.pk not in by.rights.teams
        and not permissions.INSIDE.everywhere(by)
    ):
        raise Invalid({"for_team": [f"You do not work in the team {team.title}."]})
    template.team = team
    return {"for_team": team.number if team else ""}
