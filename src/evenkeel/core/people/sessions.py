"""Who is signed in, read by queries that are compiled once: every page begins with both."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import Visitor

DUE = "second_proof_due"  # in a session that may do nothing but set one up
SEEN_EVERY = timedelta(minutes=15)  # so that looking at pages hardly writes


class Session(AbstractBaseSession):
    """A browser that somebody uses; theirs from the moment they sign in."""

    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200)

    objects: ClassVar[Any] = BaseSessionManager()

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return self.device or "A browser"

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore

    @property
    def name(self) -> str:
        """By which a page names it; the key itself would let whoever reads the page in."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:16]


class SessionStore(db.SessionStore):
    """Sessions in the database, with whose they are."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it has expired or never was."""
        now = timezone.now()
        for held, seen_at in _HELD.rows(self.session_key, now):
            if now - seen_at > SEEN_EVERY:
                Session.objects.filter(pk=self.session_key).update(seen_at=now)
            return self.decode(held)
        self._session_key = None
        return {}

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row to write: whose session it is, and where it began."""
        row: Any = super().create_model_instance(data)
        row.person_id = int(data["_auth_user_id"]) if "_auth_user_id" in data else None
        row.address, row.device = data.get("address"), data.get("device", "")
        if "began" in data:
            row.started_at = datetime.fromisoformat(data["began"])
        return row


class Backend(ModelBackend):
    """Accounts that may sign in, by password."""

    def get_user(self, user_id: int) -> User | None:
        """The account of a session, as long as it may sign in."""
        for row in _ACCOUNT.rows(user_id, timezone.now()):
            account = User.with_rights(row)
            return account if self.user_can_authenticate(account) else None
        return None


def begin(session: Any, visitor: Visitor) -> None:
    """Note in a new session when and where it began."""
    session["began"] = timezone.now().isoformat()
    session["address"], session["device"] = visitor.address, visitor.device


def of(person: User) -> "models.QuerySet[Session]":
    """The sessions of a person that have not expired, the last seen first."""
    alive: models.QuerySet[Session] = Session.objects.filter(person=person, expire_date__gt=Now())
    return alive.order_by("-seen_at")


def end(person: User, *, but: str | None = None, name: str | None = None) -> int:
    """End the sessions of a person: all, all but the one with a key, or the one of a name."""
    found = [one.pk for one in of(person) if one.pk != but and name in {None, one.name}]
    return int(Session.objects.filter(pk__in=found).delete()[0])


def _held(key: str, now: datetime) -> Any:
    alive = Session.objects.filter(session_key=key, expire_date__gt=now)
    return alive.values_list("session_data", "seen_at")


def _account(key: int, now: datetime) -> Any:
    return User.objects.filter(pk=key).values_list(*User.columns_with_rights("", now))


_HELD = Compiled(_held, "a key", datetime(2000, 1, 1, tzinfo=UTC))
_ACCOUNT = Compiled(_account, -1, datetime(2000, 1, 1, tzinfo=UTC))
