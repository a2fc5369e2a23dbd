"""Organisations for the people of tests: everybody belongs to one."""

from typing import Any

from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import User
from evenkeel.core.rules import registry


def party(title: str = "Provider", part: str = Organisation.Part.PROVIDER) -> Organisation:
    """The organisation of this name, recorded where there is none."""
    known: Any = Organisation.objects.filter(title=title).first()
    if known is None:
        record = registry["organisations.record"]
        known = record(Organisation(), by=User.objects.the_sms(), title=title, part=part)
    found: Organisation = known
    return found
