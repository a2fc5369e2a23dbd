"""The verbs of an organisation (FitSM-0; BASE-07)."""

from datetime import datetime
from typing import Annotated

from evenkeel.core.directory import lifecycle, permissions
from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions, Asked, Invalid

action = Actions(
    Organisation,
    lifecycle.ORGANISATION,
    permissions.ORGANISATION,
    visible=permissions.VISIBLE,
    inside=permissions.INSIDE,
)


@action(public=True, fields=True)
def record(organisation: Organisation, *, by: User, at: datetime) -> None:
    """Take a party of the SMS into the directory."""


@action(public=True)
def retire(
    organisation: Organisation,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", long=True)],
) -> None:
    """It takes no part in the SMS any more."""
    left = organisation.people.filter(is_active=True, is_system=False).count()
    if left:
        raise Invalid({"": [f"{left} of its people may still sign in; see to them first."]})
