"""Who may set up organisations, people, teams and roles, and who may know of them."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q
from django.utils import timezone

from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records.record import Record
from evenkeel.core.records.visibility import Reach
from evenkeel.core.rules.permissions import (
    Who,
    anyone,
    auditor,
    named_in,
    of_user,
    privacy_officer,
    requester,
    sms_manager,
    sms_owner,
    system,
)


def _is_lesser_role(user: User, role: Record) -> bool:
    return getattr(role, "role_type", None) != RoleType.SMS_OWNER


def _lesser_people(user: User) -> Reach:
    owners = RoleAssignment.objects.in_force(timezone.now()).filter(
        role__role_type=RoleType.SMS_OWNER
    )
    deputies = owners.exclude(deputy=None).values("deputy")
    return ~Q(user__in=owners.values("person")) & ~Q(user__in=deputies)


def _is_lesser_person(user: User, person: Record) -> bool:
    account = getattr(person, "user", None)
    return account is None or not account.rights.hold_any(RoleType.SMS_OWNER)


def _is_program(user: User, person: Record) -> bool:
    account = getattr(person, "user", None)
    return account is not None and not account.has_usable_password()


# Nobody names, removes or takes the place of those above them.
_lesser_role = Who(
    "for a role below the SMS owner", lambda user: ~Q(role_type=RoleType.SMS_OWNER), _is_lesser_role
)
_lesser_person = Who("for people other than the SMS owner", _lesser_people, _is_lesser_person)

_managers = (sms_owner | sms_manager | system).named("the SMS owner or the SMS manager")
_nominators = (sms_owner | system | sms_manager & _lesser_role).named(
    "the SMS owner, or for other roles the SMS manager,"
)
_keepers = (sms_owner | system | sms_manager & _lesser_person).named(
    "the SMS owner, or for other people the SMS manager,"
)

# Nobody gets a token for somebody else, but a program cannot ask for its own.
_program = Who(
    "for an account without a password",
    lambda user: Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX),
    _is_program,
)
_token_issuers = (requester | _managers & _program).named(
    "the person, or for an account without a password the SMS owner or the SMS manager,"
)

holds_a_role = of_user("someone who holds a role", lambda user: bool(user.rights.roles))
process_managers = of_user(
    "a process manager", lambda user: user.rights.hold_any(RoleType.PROCESS_MANAGER)
)
colleague = Who(
    "someone of the same organisation",
    lambda user: Q(organisation_id=user.organisation_id) if user.organisation_id else False,
    lambda user, record: (
        bool(user.organisation_id) and record.organisation_id == user.organisation_id
    ),
)

VISIBLE = anyone
INSIDE = sms_owner | sms_manager | auditor
# Names and addresses are personal data: a user of one customer has no need of another's.
PEOPLE_VISIBLE = holds_a_role | system | requester | colleague

_SHARED = {"record": _managers, "edit": _managers, "retire": _managers}
ORGANISATION = {**_SHARED, "reinstate": _managers}
_planners = named_in("lead", "the lead of the team") | process_managers | _managers
TEAM = {
    **_SHARED,
    "admit": _managers,
    "dismiss": _managers,
    **dict.fromkeys(("plan_duty", "drop_layer", "stand_in", "end_stand_in"), _planners),
}
ROLE = {
    **_SHARED,
    "retire": _nominators,
    "assign": _nominators,
    "end_assignment": _nominators,
    "delegate": _managers,
    "take_back": _managers,
}
PERSON = {
    "record": _managers,
    "edit": _keepers,
    "set_password": _keepers,
    "invite": _keepers,
    "forget_second_proof": _keepers,
    "choose_notices": requester.named("the person"),
    "choose_service_notices": requester.named("the person"),
    "choose_manner": requester.named("the person"),
    "issue_token": _token_issuers,
    "revoke_token": requester | _managers,
    "suspend": _keepers,
    "admit": _keepers,
    "hand_over": _keepers,
    "retire": _keepers,
    "erase": _keepers | privacy_officer,
}
