"""How a scheme gets its versions: drafted, approved, superseded, discarded."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.schemes import actions, priority
from evenkeel.core.schemes.models import Scheme, SchemeVersion, in_force

pytestmark = pytest.mark.django_db
SCALE = [{"name": "Wide"}, {"name": "Single"}]
CONTENT: dict[str, Any] = {"impact": SCALE, "urgency": SCALE, "matrix": [[1, 2], [2, 3]]}
STRICTER = CONTENT | {"matrix": [[1, 1], [1, 2]]}


def holding(login: str, role_type: RoleType, context: str) -> User:
    user = User.objects.create_user(login)
    role = apps.get_model("core", "Role").objects.create(
        number=f"R-{login}", of_kind="role", title=login, role_type=role_type, context=context
    )
    RoleAssignment.objects.create(
        role=role, person=user, starts_at=timezone.now() - timedelta(days=9)
    )
    return user


@pytest.fixture
def olga() -> User:
    """The owner of PM, a process of which no scheme is there to begin with."""
    return holding("olga", RoleType.PROCESS_OWNER, "PM")


@pytest.fixture
def scheme() -> Scheme:
    made: Scheme = actions.record(
        Scheme(),
        by=User.objects.the_sms(),
        title="Priorities of problems",
        scheme_kind=priority.NAME,
        context="PM",
    )
    return made


class TestScheme:
    @pytest.mark.row("BASE-17")
    def test_is_used_only_when_its_process_owner_has_approved_a_version(
        self, scheme: Scheme, olga: User
    ) -> None:
        manager = holding("mark", RoleType.PROCESS_MANAGER, "PM")
        actions.draft(scheme, by=manager, content=CONTENT)
        assert in_force(priority.NAME, "PM", timezone.now()) is None
        with pytest.raises(Denied, match="Only the owner of its process"):
            actions.approve(scheme, by=manager)
        actions.approve(scheme, by=olga)
        version = in_force(priority.NAME, "PM", timezone.now())
        assert version is not None
        assert (version.number, version.approved_by) == (1, olga)

    def test_is_not_approved_by_the_owner_of_another_process(self, scheme: Scheme) -> None:
        other = holding("otto", RoleType.PROCESS_OWNER, "CHM")
        actions.draft(scheme, by=User.objects.the_sms(), content=CONTENT)
        with pytest.raises(Denied):
            actions.approve(scheme, by=other)

    def test_has_one_version_in_force_and_keeps_the_others(
        self, scheme: Scheme, olga: User
    ) -> None:
        start = timezone.now()
        for days, content in enumerate((CONTENT, STRICTER)):
            actions.draft(scheme, by=olga, at=start + timedelta(days=days), content=content)
            actions.approve(scheme, by=olga, at=start + timedelta(days=days, hours=1))
        standings = scheme.versions.order_by("number").values_list("standing", flat=True)
        assert list(standings) == ["superseded", "in_force"]

    def test_answers_with_the_version_that_held_at_the_moment(
        self, scheme: Scheme, olga: User
    ) -> None:
        start = timezone.now()
        for days, content in enumerate((CONTENT, STRICTER)):
            actions.draft(scheme, by=olga, at=start + timedelta(days=days), content=content)
            actions.approve(scheme, by=olga, at=start + timedelta(days=days))
        moments = {-5: 1, 0: 1, 0.9: 1, 1: 2, 30: 2}
        found = {
            days: in_force(priority.NAME, "PM", start + timedelta(days=days)) for days in moments
        }
        assert {days: version and version.number for days, version in found.items()} == moments

    def test_is_not_drafted_with_content_that_cannot_be(self, scheme: Scheme, olga: User) -> None:
        with pytest.raises(Invalid, match="one priority for each impact and urgency"):
            actions.draft(scheme, by=olga, content=CONTENT | {"matrix": [[1]]})
        assert not scheme.versions.exists()

    def test_goes_on_with_its_draft_instead_of_beginning_another(
        self, scheme: Scheme, olga: User
    ) -> None:
        actions.draft(scheme, by=olga, content=CONTENT)
        actions.draft(scheme, by=olga, content=STRICTER, because="Everything is urgent")
        (version,) = scheme.versions.all()
        assert (version.number, version.content["matrix"]) == (1, [[1, 1], [1, 2]])

    def test_is_approved_in_the_version_that_was_read_or_not_at_all(
        self, scheme: Scheme, olga: User
    ) -> None:
        actions.draft(scheme, by=olga, content=CONTENT)
        with pytest.raises(Invalid, match="Version 7 is not the draft; 1 is"):
            actions.approve(scheme, by=olga, version=7)

    def test_has_nothing_to_approve_after_its_draft_was_discarded(
        self, scheme: Scheme, olga: User
    ) -> None:
        actions.draft(scheme, by=olga, content=CONTENT)
        actions.approve(scheme, by=olga)
        actions.draft(scheme, by=olga, content=STRICTER)
        actions.discard(scheme, by=olga, reason="Not agreed")
        with pytest.raises(Invalid, match="has no drafted version"):
            actions.approve(scheme, by=olga)

    def test_is_recorded_once_for_each_process(self, scheme: Scheme) -> None:
        with pytest.raises(Invalid, match="draft a version of it"):
            actions.record(
                Scheme(),
                by=User.objects.the_sms(),
                title="Again",
                scheme_kind=priority.NAME,
                context="PM",
            )

    def test_has_one_version_in_force_whatever_writes(self, scheme: Scheme, olga: User) -> None:
        now = timezone.now()
        versions = [
            SchemeVersion(
                scheme=scheme,
                number=number,
                standing="in_force",
                content={},
                drafted_by=olga,
                drafted_at=now,
                approved_at=now,
            )
            for number in (1, 2)
        ]
        with pytest.raises(IntegrityError), transaction.atomic():
            SchemeVersion.objects.bulk_create(versions)
