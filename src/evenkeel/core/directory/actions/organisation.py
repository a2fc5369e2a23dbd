"""The verbs of an organisation (FitSM-0; BASE-07)."""

from datetime import datetime
from typing import Annotated

from django.db.models import Count

from evenkeel.core.directory import lifecycle, permissions
from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Actions, Asked, Invalid

Reason = Annotated[str, Asked("Reason", long=True)]

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
    _belongs_to_one_in_force(organisation)


@action(fields=True)
def edit(organisation: Organisation, *, by: User, at: datetime) -> None:
    """Correct or complete what is known of it."""
    _belongs_to_one_in_force(organisation)


@action(public=True)
def retire(organisation: Organisation, *, by: User, at: datetime, reason: Reason) -> None:
    """It takes no part in the SMS any more."""
    if left := organisation.people.filter(is_active=True, is_system=False).count():
        raise Invalid({"": [f"{left} of its people may still sign in; see to them first."]})
    if parts := organisation.parts.filter(is_open=True).count():
        raise Invalid({"": [f"{parts} organisations belong to it; see to them first."]})
    if hanging := _open_with(organisation):
        raise Invalid({"": [f"Still open with it: {hanging}; see to them first."]})


@action(public=True)
def reinstate(organisation: Organisation, *, by: User, at: datetime, reason: Reason) -> None:
    """It takes part in the SMS again."""
    _belongs_to_one_in_force(organisation)


def _belongs_to_one_in_force(organisation: Organisation) -> None:
    above = organisation.part_of
    if above is not None and not above.is_open:
        raise Invalid({"part_of": [f"{above.number} takes no part in the SMS any more."]})


def _open_with(organisation: Organisation) -> str:
    """What is open that concerns it, in words; whether its people may sign in is another matter."""
    found = Record.objects.filter(organisation=organisation, is_open=True)
    counts = found.exclude(of_kind="person").order_by("of_kind").values_list("of_kind")
    return ", ".join(
        f"{count} × {kinds()[kind]._meta.verbose_name}"
        for kind, count in counts.annotate(Count("pk"))
    )
