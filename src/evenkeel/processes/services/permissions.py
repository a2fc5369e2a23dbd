"""Who may do what to services and agreements, and who may know which services are offered."""

from django.apps import apps
from django.db.models import Q

from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records import apart
from evenkeel.core.records.apart import Kept
from evenkeel.core.records.record import Record
from evenkeel.core.records.visibility import Reach
from evenkeel.core.rules.permissions import (
    Who,
    auditor,
    case_owner,
    confided,
    holder,
    of_user,
    security,
    security_of_restricted,
    sms_manager,
    sms_owner,
    system,
)
from evenkeel.processes.services.lifecycle import COMING, AgreementState

apart.declare(Kept.PARTIES, "agreement")
apart.declare(Kept.PARTIES, "violation", about="about")
apart.declare(Kept.SUMS, "service_report")

owner = holder(RoleType.PROCESS_OWNER, "SPM")
manager = holder(RoleType.PROCESS_MANAGER, "SPM")

INSIDE = manager | owner | sms_owner | sms_manager | auditor | system


def _reach(user: User) -> Reach:
    return Q(organisation=None) | Q(organisation=user.organisation_id)


def _is_party(user: User, record: Record) -> bool:
    return record.organisation_id in {None, user.organisation_id}


# The default is for all to see; any other for those who work on services and for its parties.
party = Who("whoever it is agreed with", _reach, _is_party)
works = of_user("whoever holds a role", lambda user: bool(user.rights.roles))


def _entitled(user: User) -> Reach:
    """What is open to all, or agreed on with the user's organisation or with everybody.

    What is proposed or planned is no promise yet. An agreement about no service in particular
    says how well services are kept, not which of them a customer has.
    """
    services = apps.get_model("services", "Service")
    agreements = apps.get_model("services", "Agreement")
    held = agreements.objects.filter(
        _reach(user), state=AgreementState.IN_FORCE, service__isnull=False
    )
    known = Q(pk__in=services.objects.filter(open_to_all=True).values("pk"))
    return ~Q(state__in=COMING) & (known | Q(pk__in=held.values("service")))


def _is_entitled(user: User, record: Record) -> bool:
    return Record.objects.filter(_entitled(user), pk=record.pk).exists()


entitled = Who("whoever is entitled to it", _entitled, _is_entitled)
VISIBLE = INSIDE | works | entitled
PARTIES = INSIDE | works | party


def _services(user: User) -> list[str]:
    """The numbers of the services that somebody answers for."""
    return [context for held, context in user.rights.roles if held == RoleType.SERVICE_OWNER]


answers_for = Who(
    "the service owner",
    lambda user: Q(number__in=_services(user)) if _services(user) else False,
    lambda user, record: record.number in _services(user),
)
_PORTFOLIO = manager | sms_manager
_TENDS = _PORTFOLIO | answers_for
SERVICE = {
    "record": _PORTFOLIO,
    "edit": _TENDS,
    "plan": _PORTFOLIO,
    "launch": _PORTFOLIO,
    "phase_out": _PORTFOLIO,
    "retire": _PORTFOLIO,
    "review": _TENDS,
    "remind": system,
}
# What services are made of is the provider's own affair.
BUILT = INSIDE | works
COMPONENT = {"record": _PORTFOLIO, "edit": _PORTFOLIO, "retire": _PORTFOLIO}
_SHAPES = manager | sms_manager | system
AGREEMENT = {
    "record": _SHAPES,
    "edit": _SHAPES,
    "hand_over": _SHAPES,
    "draft": _SHAPES,
    "discard": _SHAPES,
    "approve": owner | system,
    "begin": system,
    "end": owner | system,
    "review": _SHAPES,
    "remind": system,
    "comment": INSIDE,
    "watch": INSIDE,
    "unwatch": INSIDE,
}

# Whoever works on the case tells the customer; who works on agreements sees that it is done.
HANDLERS = (
    case_owner | holder(RoleType.PROCESS_STAFF, "ISRM") | holder(RoleType.PROCESS_MANAGER, "ISRM")
)
CONCERNED = INSIDE | HANDLERS | security
CONFIDED = confided
VIOLATION = {
    "record": system,
    "communicate": (HANDLERS | security_of_restricted).named(HANDLERS.label),
    "waive": HANDLERS | manager | sms_manager | security_of_restricted,
    "tell_supplier": HANDLERS | manager | sms_manager | security_of_restricted,
    "restrict": system,
    "lift_restriction": system,
    "withdraw": system,
    "note": CONCERNED,
    "watch": CONCERNED,
    "unwatch": CONCERNED,
}

# Whoever approves the calendars lets them judge what was recorded before.
RECOMPUTATION = {
    "record": manager | owner | sms_manager,
    "present": system,
    "confirm": owner | sms_manager,
    "finish": system,
    "discard": manager | owner | sms_manager,
    "comment": INSIDE,
    "watch": INSIDE,
    "unwatch": INSIDE,
}

# A customer sees the reports about itself that were sent to it.
_SENT = "sent"


def _addressed(user: User) -> Reach:
    return Q(organisation=user.organisation_id, state=_SENT) if user.organisation_id else False


def _is_addressed(user: User, record: Record) -> bool:
    mine = record.organisation_id is not None and record.organisation_id == user.organisation_id
    return mine and record.state == _SENT


READERS = INSIDE | works | Who("whoever it was sent to", _addressed, _is_addressed)
REPORT = {
    "record": _SHAPES,
    "recount": _SHAPES,
    "present": system,
    "approve": owner | manager | system,
    "discard": _SHAPES,
    "send": manager | sms_manager,
    "comment": INSIDE,
    "watch": INSIDE,
    "unwatch": INSIDE,
}
