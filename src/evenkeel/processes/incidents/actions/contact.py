"""The verbs of a contact with the service desk."""

from datetime import datetime

from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions
from evenkeel.processes.incidents import lifecycle, permissions
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


@action(public=True)
def close(contact: Contact, *, by: User, at: datetime) -> None:
    """The contact needs nothing more; a case it led to goes its own way."""
