"""The verbs of a contact with the service desk."""

from datetime import datetime

from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions
from evenkeel.core.schemes import intake as forms
from evenkeel.core.schemes.models import in_force
from evenkeel.processes.incidents import lifecycle, permissions
from evenkeel.processes.incidents.actions import intake, shared
from evenkeel.processes.incidents.models import Contact

action = Actions(
    Contact,
    lifecycle.CONTACT,
    permissions.CONTACT,
    visible=permissions.VISIBLE,
    inside=permissions.INSIDE,
)


@action(public=True, fields=True)
def record(contact: Contact, *, by: User, at: datetime) -> None:
    """Write down that someone got in touch."""
    shared.take_organisation(contact)
    if version := in_force(forms.NAME, "ISRM", at):
        intake.take(contact, version)


@action(fields=True)
def edit(contact: Contact, *, by: User, at: datetime) -> None:
    """Correct or complete what is written."""
    intake.check_edit(contact, at)


@action(public=True)
def close(contact: Contact, *, by: User, at: datetime) -> None:
    """The contact needs nothing more; a case it led to goes its own way."""
