"""Accounts, and who holds what: the tables from which every right is computed (FitSM-3)."""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from evenkeel.core.people.manner import Language, Theme
from evenkeel.core.people.rights import Rights, columns


class RoleType(models.TextChoices):
    """The generic roles of FitSM-3; any other role of the SMS is `OTHER`."""

    SMS_OWNER = "sms_owner", "SMS owner"
    SMS_MANAGER = "sms_manager", "SMS manager"
    PROCESS_OWNER = "process_owner", "Process owner"
    PROCESS_MANAGER = "process_manager", "Process manager"
    CASE_OWNER = "case_owner", "Case owner"
    PROCESS_STAFF = "process_staff", "Member of process staff"
    SERVICE_OWNER = "service_owner", "Service owner"
    AUDITOR = "auditor", "Auditor"
    PRIVACY = "privacy", "Data protection officer"
    OTHER = "other", "Other role"


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the name in `username` is the login, compared without regard to case."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def the_sms(self) -> "User":
        """The account under which the SMS itself acts: starters, jobs. It cannot sign in."""
        found, _ = self.get_or_create(
            username="evenkeel",
            defaults={
                "full_name": "Evenkeel",
                "is_system": True,
                "password": make_password(None),
            },
        )
        return found

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """An account: someone, or some program, who signs in. FitSM's user is the `requester`."""

    username = models.CharField("login", max_length=80, unique=True)
    full_name = models.CharField("name", max_length=120, blank=True)
    email = models.EmailField("e-mail", blank=True)
    organisation = models.ForeignKey(
        "core.Organisation", models.PROTECT, null=True, blank=True, related_name="people"
    )
    is_active = models.BooleanField("may sign in", default=True)
    is_system = models.BooleanField("is a program", default=False, editable=False)
    # Said on the record of the person, and copied from there.
    is_vip = models.BooleanField("VIP", default=False, editable=False)
    # So are these; "" is as the installation has it, or as the browser does.
    language = models.CharField(max_length=8, choices=Language, blank=True, editable=False)
    time_zone = models.CharField(max_length=64, blank=True, editable=False)
    theme = models.CharField(max_length=8, choices=Theme, blank=True, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    # Counted when a notice is made or seen, so that no page has to count.
    unseen_notices = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="one_login_in_any_case"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    @cached_property
    def rights(self) -> Rights:
        """What this account may draw on now; read once per request."""
        return Rights.of(self, at=timezone.now())

    def without_roles(self) -> "User":
        """The same account as if it held no role and belonged to no team."""
        bare = copy(self)
        bare.rights = Rights(frozenset(), frozenset(), (), self.organisation_id)
        return bare

    @classmethod
    def outsider(cls, organisation: int | None) -> Self:
        """Anybody of an organisation, or of none, who holds no role: an account of no person."""
        account = cls(pk=0, is_active=True, organisation_id=organisation)
        account.rights = Rights(frozenset(), frozenset(), (), organisation)
        return account

    @classmethod
    def columns_with_rights(cls, path: str, at: datetime) -> list[Any]:
        """What `with_rights` takes, in a query that reaches accounts by this path."""
        names = [f"{path}{field.attname}" for field in cls._meta.concrete_fields]
        return [*names, *columns(f"{path}pk", at)]

    @classmethod
    def with_rights(cls, row: Sequence[Any]) -> Self:
        """The account of a row, and its rights at the moment for which they were asked."""
        names = [field.attname for field in cls._meta.concrete_fields]
        account = cls.from_db(None, names, row[: len(names)])
        if account.is_active:  # else it has none
            account.rights = Rights.read(account.organisation_id, *row[len(names) :])
        return account


class TeamMembership(models.Model):
    """This person works in this team."""

    team = models.ForeignKey("core.Team", models.PROTECT, related_name="memberships")
    person = models.ForeignKey(User, models.PROTECT, related_name="memberships")

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "person"], name="one_membership_per_team"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"


def keys_of(pairs: Iterable[tuple[int | None, ...]]) -> list[int]:
    """Everybody in pairs of holder and deputy, each once."""
    return sorted({key for pair in pairs for key in pair if key})


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    """Assignments as they stand at a moment."""

    def in_force(self, at: datetime) -> Self:
        """Those that have begun and have not ended."""
        return self.filter(starts_at__lte=at).exclude(ends_at__lte=at)

    def not_ended(self, at: datetime) -> Self:
        """Those in force, and those that are still to begin."""
        return self.exclude(ends_at__lte=at)

    def holders(self, at: datetime, *roles: "tuple[RoleType, str]") -> list[int]:
        """Who holds one of these roles at a moment, or stands in for who does; by key."""
        return keys_of(self.pairs(at, *roles))

    def pairs(self, at: datetime, *roles: "tuple[RoleType, str]") -> "models.QuerySet[Any, Any]":
        """The same as holder and deputy."""
        wanted = models.Q()
        for role_type, context in roles:
            wanted |= models.Q(role__role_type=role_type, role__context=context)
        held = self.in_force(at).filter(wanted, person__is_active=True)
        return held.values_list("person", "deputy")

    def of_one(self, person: User | int) -> Self:
        """Those that give rights to this account, as holder or as deputy."""
        return self.filter(models.Q(person=person) | models.Q(deputy=person))


class RoleAssignment(models.Model):
    """A named individual holds a role from one moment to another (FitSM-3; ROLE-01).

    Rights come from here and nowhere else: they begin and end with the assignment.
    The deputy holds the same rights for as long.
    """

    role = models.ForeignKey("core.Role", models.PROTECT, related_name="assignments")
    person = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    deputy = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="deputy_assignments"
    )
    nominated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = RoleAssignmentQuerySet.as_manager()

    class Meta:
        app_label = "core"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gte=models.F("starts_at")),
                name="assignment_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.role}"

    def holds_at(self, moment: datetime) -> bool:
        """Is this assignment in force at the moment?"""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


class ApiToken(models.Model):
    """A secret by which a program acts for an account, within a scope and until a day.

    Only a keyed hash of the secret is kept; the secret is shown once.
    """

    class Scope(models.TextChoices):
        READ = "read", "Read only"
        WRITE = "write", "Read and write"
        EVENTS = "events", "Report events of monitoring, and nothing else"
        CALENDAR = "calendar", "Planned days as a calendar, nothing else"

    person = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    title = models.CharField("what it is for", max_length=80)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    scope = models.CharField(max_length=8, choices=Scope.choices, default=Scope.READ)
    issued_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What of its use is in the trail of a day: {"on": "2027-03-03", "what": ["from 10.1.2.3"]}
    noted = models.JSONField(default=dict, editable=False)

    class Meta:
        app_label = "core"

    def __str__(self) -> str:
        return self.title
