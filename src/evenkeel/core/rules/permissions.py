"""Who may do or see what: one declaration each, that is a test of a record and a condition in SQL.

A "no" carries its reason, in a sentence the reader may be shown.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.record import Record
from evenkeel.core.records.visibility import Reach


@dataclass(frozen=True)
class Answer:
    """Yes, or no with its reason."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


class Denied(Exception):
    """The action was not done; the message says why and may be shown to the user."""


@dataclass(frozen=True)
class Who:
    """A named set of people, relative to a record; joined with `|` and `&`.

    `reach` tells which records a person stands in this relation to; `test` tells the same of one
    record in memory. Both are made together below, and a test holds them to each other.
    """

    label: str
    reach: Callable[[User], Reach]
    test: Callable[[User, Record], bool]

    def __call__(self, user: User, record: Record) -> Answer:
        if getattr(user, "is_active", False) and self.test(user, record):
            return Answer(True)
        return Answer(False, f"Only {self.label} can do this.")

    def __or__(self, other: "Who") -> "Who":
        return Who(
            f"{self.label} or {other.label}",
            lambda user: _either(self.reach(user), other.reach, user),
            lambda user, record: self.test(user, record) or other.test(user, record),
        )

    def __and__(self, other: "Who") -> "Who":
        return Who(
            f"{self.label} who is also {other.label}",
            lambda user: _both(self.reach(user), other.reach, user),
            lambda user, record: self.test(user, record) and other.test(user, record),
        )

    def named(self, label: str) -> "Who":
        """The same people under a shorter name, for the sentence of refusal."""
        return Who(label, self.reach, self.test)

    def everywhere(self, user: User) -> bool:
        """Does this user stand in the relation to every record?"""
        return self.reach(user) is True


def _either(one: Reach, second: Callable[[User], Reach], user: User) -> Reach:
    """The second is asked only where the first leaves something open: it may cost queries."""
    if one is True:
        return True
    other = second(user)
    if one is False or other is True:
        return other
    return one if other is False else one | other


def _both(one: Reach, second: Callable[[User], Reach], user: User) -> Reach:
    if one is False:
        return False
    other = second(user)
    if one is True or other is False:
        return other
    return one if other is True else one & other


def of_user(label: str, test: Callable[[User], bool]) -> Who:
    """People known by what they hold, whatever the record."""
    return Who(label, test, lambda user, record: test(user))


def named_in(column: str, label: str) -> Who:
    """The person whom this column of the record names."""
    attribute = f"{column}_id"
    return Who(
        label,
        lambda user: Q(**{attribute: user.pk}),
        lambda user, record: getattr(record, attribute) == user.pk,
    )


def holder(role_type: RoleType, context: str) -> Who:
    """Whoever holds a role of this type in this context now."""
    is_staff = role_type is RoleType.PROCESS_STAFF
    return of_user(
        f"the {'process staff' if is_staff else role_type.label.lower()} of {context}",
        lambda user: user.rights.hold(role_type, context),
    )


anyone = of_user("a person who is signed in", lambda user: True)
nobody = of_user("nobody", lambda user: False)
requester = named_in("requester", "the requester")
case_owner = named_in("case_owner", "the case owner")
team_member = Who(
    "a member of its team",
    lambda user: Q(team_id__in=user.rights.teams) if user.rights.teams else False,
    lambda user, record: record.team_id in user.rights.teams,
)
sms_owner = holder(RoleType.SMS_OWNER, "SMS").named("the SMS owner")
sms_manager = holder(RoleType.SMS_MANAGER, "SMS").named("the SMS manager")
privacy_officer = holder(RoleType.PRIVACY, "SMS").named("the data protection officer")
auditor = of_user("an auditor", lambda user: user.rights.hold_any(RoleType.AUDITOR))
system = of_user("the SMS itself", lambda user: user.is_system)
security = (holder(RoleType.PROCESS_MANAGER, "ISM") | holder(RoleType.PROCESS_STAFF, "ISM")).named(
    "the security staff (ISM)"
)
_restricted = Who(
    "of a restricted record",
    lambda user: Q(is_restricted=True),
    lambda user, record: record.is_restricted,
)
# Who sees what is restricted, and who therefore works on it.
confided = security | system
security_of_restricted = security & _restricted
