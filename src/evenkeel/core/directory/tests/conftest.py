"""The cast of the directory: the SMS itself, its owner and its manager, and someone else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from evenkeel.core.directory import starter
from evenkeel.core.directory.actions import person, role
from evenkeel.core.directory.models import Person, Role
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.testing.parties import party

YESTERDAY = timezone.now() - timedelta(days=1)


def someone(login: str, **fields: Any) -> User:
    """A person of the directory with their account, read anew; alone in their organisation."""
    fields.setdefault("organisation", party(f"Of {login}", "customer"))
    made = person.record(
        Person(), by=User.objects.the_sms(), login=login, title=login.title(), **fields
    )
    return User.objects.get(pk=made.user_id)


def again(user: User) -> User:
    """The account as the next request sees it."""
    return User.objects.get(pk=user.pk)


def give(
    user: User, role_type: RoleType, context: str = "SMS", *, at: datetime = YESTERDAY
) -> User:
    """Let the SMS give the role to this person; as the next request sees them."""
    held = Role.objects.get(role_type=role_type, context=context)
    role.assign(held, by=User.objects.the_sms(), at=at, person=user)
    return again(user)


@pytest.fixture
def roles(db: None) -> None:
    starter.record_roles(["ISRM", "CHM"], at=YESTERDAY)


@pytest.fixture
def olga(roles: None) -> User:
    """The SMS owner."""
    return give(someone("olga"), RoleType.SMS_OWNER)


@pytest.fixture
def max_(roles: None) -> User:
    """The SMS manager."""
    return give(someone("max"), RoleType.SMS_MANAGER)


@pytest.fixture
def rita(roles: None) -> User:
    """Someone without a role."""
    return someone("rita")
