"""Who needs a second proof, and whether it is there.

Where a setting names roles, whoever holds one comes no further than to set it up. Apart from the
pages that do so, for every door asks this, and the libraries of codes and keys are large.
"""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from evenkeel.core.people.models import User
from evenkeel.core.people.sessions import DUE

PROOFS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_needed(user: User) -> bool:
    """Does a setting ask a second proof of a role that this person holds?"""
    return any(user.rights.hold_any(role) for role in settings.SECOND_PROOF_ROLES)


def check(request: HttpRequest, user: User) -> None:
    """On signing in: is a second proof needed, and still missing?"""
    if settings.SECOND_PROOF_ROLES and is_needed(user) and not _has_one(user):
        request.session[DUE] = True


def is_due(request: HttpRequest, user: User) -> bool:
    """May this session do nothing but set up a second proof? It is asked of every session."""
    if DUE not in request.session:
        return False
    if _has_one(user):
        del request.session[DUE]
        return False
    return True


def _has_one(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=PROOFS).exists())
