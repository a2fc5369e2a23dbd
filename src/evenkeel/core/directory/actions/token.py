"""The verbs of API tokens: secrets by which programs act for a person."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.conf import settings

from evenkeel.core.directory.actions.person import action
from evenkeel.core.directory.models import Person
from evenkeel.core.people import tokens
from evenkeel.core.people.models import ApiToken, User
from evenkeel.core.rules import Asked, Invalid

LONGEST = 366  # days

Title = Annotated[str, Asked("Title", "What it is for; it is revoked by this.", max_length=80)]


@action
def issue_token(
    person: Person,
    *,
    by: User,
    at: datetime,
    title: Title,
    scope: Annotated[ApiToken.Scope, Asked("Scope")] = ApiToken.Scope.READ,
    days: Annotated[int, Asked("Days in force", f"At most {LONGEST}.")] = 90,
) -> dict[str, Any]:
    """Let a program act for this person with their rights; its secret is told once, to you.

    For a calendar an address is told, from which calendar programs read what is planned.
    """
    if not 1 <= days <= LONGEST:
        raise Invalid({"days": [f"From 1 to {LONGEST} days."]})
    if _in_force(person, at).filter(title=title).exists():
        raise Invalid({"title": ["There is a token with this title; revoke it first."]})
    secret = tokens.make()
    made = ApiToken.objects.create(
        person_id=person.user_id,
        title=title,
        digest=tokens.digest(secret),
        scope=scope,
        issued_at=at,
        expires_at=at + timedelta(days=days),
    )
    for_calendar = scope == ApiToken.Scope.CALENDAR
    person.told = f"{settings.EVENKEEL_URL}/calendar/{secret}.ics" if for_calendar else secret
    return {"title": title, "scope": scope.value, "expires_at": made.expires_at.isoformat()}


@action
def revoke_token(person: Person, *, by: User, at: datetime, title: Title) -> dict[str, Any]:
    """The token with this title is worth nothing any more."""
    if not _in_force(person, at).filter(title=title).update(revoked_at=at):
        raise Invalid({"title": ["There is no token in force with this title."]})
    return {"title": title}


def _in_force(person: Person, at: datetime) -> Any:
    return ApiToken.objects.filter(person_id=person.user_id, revoked_at=None, expires_at__gt=at)
