"""Who is signed in, read by queries that are compiled once: every page begins with both."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.people.models import User


class SessionStore(db.SessionStore):
    """Sessions as Django keeps them in the database."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it has expired or never was."""
        for (held,) in _HELD.rows(self.session_key, timezone.now()):
            return self.decode(held)
        self._session_key = None
        return {}


class Backend(ModelBackend):
    """Accounts that may sign in, by password."""

    def get_user(self, user_id: int) -> User | None:
        """The account of a session, as long as it may sign in."""
        found: list[User] = _ACCOUNT.records(user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None


def _held(key: str, now: datetime) -> Any:
    alive = Session.objects.filter(session_key=key, expire_date__gt=now)
    return alive.values_list("session_data")


_HELD = Compiled(_held, "a key", datetime(2000, 1, 1, tzinfo=UTC))
_ACCOUNT = Compiled(lambda key: User.objects.filter(pk=key), -1)
