"""Secrets of API tokens: random, shown once, kept as a keyed hash, found in one query.

A fast hash is enough, because the secret has 256 random bits; the key keeps whoever reads the
database, and does not know the secret key of the installation, from trying any.
"""

import functools
import hashlib
import secrets
from datetime import datetime

from django.conf import settings

from evenkeel.core.people.models import ApiToken

PREFIX = "evk_"  # so that a leaked secret is recognised by those who search for such


def make() -> str:
    """A new secret."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is kept of a secret, 32 bytes."""
    key = key_for("api tokens", settings.SECRET_KEY)
    return hashlib.blake2b(secret.encode(), key=key, digest_size=32).digest()


def find(secret: str, *, at: datetime) -> ApiToken | None:
    """The token in force with this secret, with its account, if that may sign in."""
    return (
        ApiToken.objects.select_related("person")
        .filter(digest=digest(secret), revoked_at=None, expires_at__gt=at, person__is_active=True)
        .first()
    )


@functools.lru_cache(maxsize=8)
def key_for(purpose: str, secret_key: str) -> bytes:
    """A key of its own for each purpose (at most 16 letters), from that of the installation."""
    return hashlib.blake2b(secret_key.encode(), person=purpose.encode(), digest_size=32).digest()
