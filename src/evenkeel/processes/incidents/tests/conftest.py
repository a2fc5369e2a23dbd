"""The cast: a requester, a member of process staff, the process manager, and an outsider."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Role
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident


def holder(login: str, role_type: RoleType, *, context: str = "ISRM", **fields: Any) -> User:
    """An account that holds a role, of ISRM unless another is named, since yesterday."""
    user = User.objects.create_user(login, **fields)
    role, _ = Role.objects.get_or_create(
        role_type=role_type,
        context=context,
        defaults={"number": f"ROLE-{role_type}", "of_kind": "role", "title": role_type.label},
    )
    RoleAssignment.objects.create(
        role=role, person=user, starts_at=timezone.now() - timedelta(days=1)
    )
    return user


@pytest.fixture
def rita() -> User:
    """The requester."""
    return User.objects.create_user("rita", full_name="Rita Ruiz")


@pytest.fixture
def sam() -> User:
    """A member of process staff."""
    return holder("sam", RoleType.PROCESS_STAFF, full_name="Sam Sorel")


@pytest.fixture
def mona() -> User:
    """The process manager."""
    return holder("mona", RoleType.PROCESS_MANAGER, full_name="Mona Moen")


@pytest.fixture
def omar() -> User:
    """Someone who has nothing to do with it."""
    return User.objects.create_user("omar", full_name="Omar Odeh")


@pytest.fixture
def incident(mona: User, rita: User) -> Incident:
    made: Incident = incidents.record(Incident(), by=rita, title="Mail is down")
    return made


@pytest.fixture
def desk(sam: User) -> Client:
    """The browser of a member of process staff."""
    return browser_of(sam)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
