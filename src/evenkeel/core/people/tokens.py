"""Secrets of API tokens: random, shown once, kept as a keyed hash, found in one query.

A fast hash is enough, because the secret has 256 random bits; the key keeps whoever reads the
database, and does not know the secret key of the installation, from trying any.
"""

import functools
import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.conf import settings

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.people.models import ApiToken, User

PREFIX = "evk_"  # so that a leaked secret is recognised by those who search for such


def make() -> str:
    """A new secret."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is kept of a secret, 32 bytes."""
    key = key_for("api tokens", settings.SECRET_KEY)
    return hashlib.blake2b(secret.encode(), key=key, digest_size=32).digest()


class Bearer(NamedTuple):
    """For whom a token in force speaks, and how far."""

    person: User
    scope: str
    token: int
    noted: dict[str, Any]  # what of its use is in the trail


def find(secret: str, *, at: datetime, for_calendar: bool = False) -> Bearer | None:
    """The token in force with this secret, with its account, if that may sign in.

    One for a calendar travels in an address, where others may read it: it opens that and no more,
    and no other token opens it.
    """
    for scope, token, noted, *person in _IN_FORCE.rows(digest(secret), at):
        if (scope == ApiToken.Scope.CALENDAR) == for_calendar:
            return Bearer(User.with_rights(person), scope, token, noted)
    return None


def _in_force(digest: bytes, at: datetime) -> Any:
    tokens = ApiToken.objects.filter(digest=digest, revoked_at=None, expires_at__gt=at)
    person = User.columns_with_rights("person__", at)
    return tokens.filter(person__is_active=True).values_list("scope", "pk", "noted", *person)


_IN_FORCE = Compiled(_in_force, b"a digest", datetime(2000, 1, 1, tzinfo=UTC))


@functools.lru_cache(maxsize=8)
def key_for(purpose: str, secret_key: str) -> bytes:
    """A key of its own for each purpose (at most 16 letters), from that of the installation."""
    return hashlib.blake2b(secret_key.encode(), person=purpose.encode(), digest_size=32).digest()
