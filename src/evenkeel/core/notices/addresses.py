"""Addresses to which mail did not arrive: noted beside the account, to be put right."""

from datetime import datetime

from evenkeel.core.notices.models import Bounce
from evenkeel.core.people.models import User


def keep(person: User, address: str, reason: str, now: datetime) -> None:
    """Note that mail to this address was refused for good, or came back."""
    said = {"address": address[:254], "reason": reason[:200], "at": now}
    Bounce.objects.update_or_create(person=person, defaults=said)


def of(person: User) -> Bounce | None:
    """That of the address which this account has now; a new address begins anew."""
    found = Bounce.objects.filter(person=person).first()
    is_it = found is not None and found.address.lower() == person.email.lower()
    return found if is_it else None
