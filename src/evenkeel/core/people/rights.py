"""What an account may draw on: roles in force, teams, organisation.

Read with the account itself, as two columns beside its own: every request begins with both.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, F, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.people import parting
from evenkeel.core.people.parting import Apart

if TYPE_CHECKING:
    from evenkeel.core.people.models import User


@dataclass(frozen=True)
class Rights:
    """A picture of the assignments in force at one moment."""

    roles: frozenset[tuple[str, str]]  # (role type, context), e.g. ("process_manager", "ISRM")
    teams: frozenset[int]
    team_numbers: tuple[str, ...]  # of the same teams, as addresses cite them
    organisation: int | None
    apart: Apart | None = None  # from whom they are kept, where members of a federation are
    on_call: frozenset[int] = frozenset()  # those of the teams that have an on-call rota

    @classmethod
    def of(cls, user: "User", *, at: datetime) -> "Rights":
        """Read the rights of an account; an inactive account has none."""
        if not user.is_active:
            return cls(frozenset(), frozenset(), (), None)
        return cls.read(user.organisation_id, *_OF_ONE.rows(user.pk, at)[0])

    @classmethod
    def read(cls, organisation: int | None, roles: list[Any], teams: list[Any]) -> "Rights":
        """From the two columns that `columns` asks for."""
        held = frozenset((role_type, context) for role_type, context in roles)
        return cls(
            held,
            frozenset(int(team) for team, *_ in teams),
            tuple(number for _, number, _ in teams),
            organisation,
            parting.of(organisation, held),
            frozenset(int(team) for team, _, rota in teams if rota),
        )

    @property
    def is_staff(self) -> bool:
        """Is a role held, or does somebody work in a team? All others are users alone."""
        return bool(self.roles or self.teams)

    def hold(self, role_type: str, context: str) -> bool:
        """Is a role of this type held in this context (a FitSM process code, or "SMS")?"""
        return (role_type, context) in self.roles

    def hold_any(self, role_type: str) -> bool:
        """Is a role of this type held in any context?"""
        return any(held == role_type for held, _ in self.roles)


def columns(person: str, at: datetime) -> tuple[ArraySubquery, ArraySubquery]:
    """The rights at a moment of the account that this column of a query refers to."""
    whose = OuterRef(person)
    held = apps.get_model("core", "RoleAssignment").objects.in_force(at)
    held = held.filter(Q(person=whose) | Q(deputy=whose))
    teams = apps.get_model("core", "TeamMembership").objects.filter(person=whose)
    key = Cast("team_id", CharField())
    has_rota = When(team__rota__layers__0__isnull=False, then=Value("rota"))
    rota = Case(has_rota, default=Value(""))
    return (
        ArraySubquery(held.values(pair=_together(F("role__role_type"), F("role__context")))),
        ArraySubquery(teams.order_by("team_id").values(of=_together(key, F("team__number"), rota))),
    )


def _together(*some: Any) -> Func:
    return Func(*some, template="ARRAY[%(expressions)s]", output_field=ArrayField(CharField()))


def _of_one(person: int, at: datetime) -> "QuerySet[Any, Any]":
    accounts = apps.get_model("core", "User").objects.filter(pk=person)
    return accounts.values_list(*columns("pk", at))


_OF_ONE = Compiled(_of_one, -1, datetime(2000, 1, 1, tzinfo=UTC))
