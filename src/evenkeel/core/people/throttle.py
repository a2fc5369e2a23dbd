"""How often may be tried: from one place, and for one login from one place.

Nothing is counted against an account alone, so nobody can shut another out by guessing: whoever
comes from another address, or on a device that is known, gets in.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from evenkeel.core.people import trail
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import AccessEntry, Kind, Visitor

WINDOW = timedelta(minutes=10)
OF_SOURCE = 50  # failed attempts within the window; many people may share one address
OF_CODES = 50  # second proofs of one account, from anywhere; six digits are few
SECOND = "Second proof"
OF_LOGIN = 5  # from one address


class Attempt(NamedTuple):
    """Somebody tries to come in."""

    login: str
    visitor: Visitor
    known: str  # the name of a device on which this account was signed in before, or nothing

    @property
    def said(self) -> str:
        """How a failure of it is written down, and counted."""
        return f"On the known device {self.known}" if self.known else ""


def is_too_often(attempt: Attempt, now: datetime) -> bool:
    """Must this attempt wait? The answer does not depend on whether there is such an account."""
    failed = AccessEntry.objects.filter(kind=Kind.FAILED, at__gt=now - WINDOW)
    of_login = failed.filter(login=trail.login_key(attempt.login))
    if attempt.known:  # it answers for itself alone, for it may be stolen
        return of_login.filter(said=attempt.said).count() >= OF_LOGIN
    of_source = failed.filter(source=attempt.visitor.source)
    of_both = of_login.filter(source=attempt.visitor.source)
    return of_both.count() >= OF_LOGIN or of_source.count() >= OF_SOURCE


def is_guessed_everywhere(person: User, now: datetime) -> bool:
    """Do many places try codes for one account? They know its password, then."""
    failed = AccessEntry.objects.filter(kind=Kind.FAILED, at__gt=now - WINDOW, person=person)
    return failed.filter(said=SECOND).count() >= OF_CODES


def note_refusal(attempt: Attempt, now: datetime) -> None:
    """Write down that it was refused; once in a window, so that no flood fills the trail."""
    refused = AccessEntry.objects.filter(
        source=attempt.visitor.source, kind=Kind.REFUSED, at__gt=now - WINDOW
    )
    if not refused.filter(login=trail.login_key(attempt.login)).exists():
        said = "Too many failed attempts"
        trail.append(Kind.REFUSED, attempt.visitor, login=attempt.login, said=said, at=now)
