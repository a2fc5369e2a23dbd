"""Who may do what to incidents and service requests, and who sees them (FitSM-3)."""

from django.db.models import Q

from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records import apart, visibility
from evenkeel.core.records.apart import Kept
from evenkeel.core.records.record import Record
from evenkeel.core.records.visibility import Reach
from evenkeel.core.rules.permissions import (
    Who,
    auditor,
    case_owner,
    confided,
    holder,
    requester,
    security,
    security_of_restricted,
    sms_manager,
    sms_owner,
    system,
)

apart.declare(Kept.CASES, "incident", "service_request", "contact")
apart.declare(Kept.CASES, "major_incident_review", about="about")

owner = holder(RoleType.PROCESS_OWNER, "ISRM")
manager = holder(RoleType.PROCESS_MANAGER, "ISRM")
staff = holder(RoleType.PROCESS_STAFF, "ISRM")
workers = staff | manager
handlers = case_owner | workers  # who moves a case on, and writes down how
leads = workers | owner  # who decides about and leads a major incident

CONFIDED: Who = confided  # who sees what is restricted
INSIDE: Who = workers | owner | security | sms_owner | sms_manager | auditor | system
VISIBLE: Who = INSIDE | requester | case_owner


def _known(user: User) -> Reach:
    seen = visibility.reach(user, "service")
    if seen is True:
        return True
    nothing = Q(service=None)
    if seen is False:
        return nothing
    return nothing | Q(service__in=Record.objects.filter(seen, of_kind="service").values("pk"))


def _is_known(user: User, record: Record) -> bool:
    if record.service_id is None or visibility.reach(user, "service") is True:
        return True
    return Record.objects.visible_to(user).filter(pk=record.service_id).exists()


# What is about a service that a customer is not entitled to is not for that customer.
KNOWN: Who = Who("whoever is entitled to the service", _known, _is_known)


def _addressed(user: User) -> Reach:
    return Q(organisation=None) | Q(organisation=user.organisation_id)


def _is_addressed(user: User, record: Record) -> bool:
    return record.organisation_id in {None, user.organisation_id}


# What is announced is for all to see, or for the people of one customer.
ADDRESSED: Who = INSIDE | (
    Who("whoever it is announced to", _addressed, _is_addressed) & KNOWN
).named("whoever it is announced to")


def _offered(user: User) -> Reach:
    theirs = Q(organisation=None) | Q(organisation=user.organisation_id)
    return Q(state__in=("in_force", "review")) & theirs


def _is_offered(user: User, record: Record) -> bool:
    return record.state in {"in_force", "review"} and _is_addressed(user, record)


# What can be ordered is for all to see, or for the people of one customer.
OFFERED: Who = INSIDE | (Who("whoever it is offered to", _offered, _is_offered) & KNOWN).named(
    "whoever it is offered to"
)


def _services(user: User) -> list[str]:
    """The numbers of the services that somebody answers for."""
    return [context for held, context in user.rights.roles if held == RoleType.SERVICE_OWNER]


def _answers_for(user: User) -> Reach:
    return Q(service__number__in=_services(user)) if _services(user) else False


def _does_answer_for(user: User, record: Record) -> bool:
    owned = _services(user)
    return bool(owned and record.service and record.service.number in owned)


service_owner = Who("the owner of the service", _answers_for, _does_answer_for)
OF_SERVICE: Who = VISIBLE | service_owner


def _awaited(role: str) -> Who:
    """Those requests whose approval is asked of a role."""
    return Who(
        "whoever is asked",
        lambda user: Q(approval_by=role),
        lambda user, record: getattr(record, "approval_by", "") == role,
    )


_for_another = Who(
    "somebody else than the requester",
    lambda user: ~Q(requester=user.pk),
    lambda user, record: record.requester_id != user.pk,
)
approver: Who = (
    (
        (_awaited("service_owner") & service_owner)
        | (_awaited("process_manager") & manager)
        | (_awaited("process_owner") & owner)
    )
    & _for_another
).named("whoever is asked to approve it, and did not order it,")

_SHARED: dict[str, Who] = {
    "record": requester | workers,
    "edit": workers,
    "comment": requester | handlers,
    "note": handlers,
    "attach": requester | handlers,
    "link": handlers,
    "unlink": handlers,
    "add_task": handlers,
    "tick_step": handlers,
    "untick_step": handlers,
    "complete_task": handlers,
    "watch": OF_SERVICE,
    "unwatch": OF_SERVICE,
    "classify": workers,
    "prioritise": workers,
    "assign": workers,
    "escalate": handlers,
    "escalate_up": handlers,
    "acknowledge": handlers | owner,
    "call_on_duty": system,
    "escalate_silence": system,
    "hand_back": handlers,
    "remind": handlers | owner,
    "note_elsewhere": handlers,
    "put_on_hold": handlers,
    "tell_supplier": handlers,
    "resume": handlers | system,
    "close": requester | handlers | system,  # whose word ends it, the closure rules say
    "reopen": requester | workers,
    "cancel": requester | manager,
    "convert": workers,
    "rate": requester,
    "review_record": manager | owner,
    "restrict": handlers | owner | security,
    "lift_restriction": security,
    "warn": system,
    "breach": system,
    "climb": system,
    "remind_of_word": system,
    "remind_of_task": system,
    "remind_user": system,
    "lapse": system,
    "remind_of_hold": system,
    "limit_hold": system,
    "withdraw_import": system,
}


def _for_security(table: dict[str, Who]) -> dict[str, Who]:
    """Of a restricted case the security staff does what the roles of the process do of others."""
    alone = (requester, system, security)
    return {
        verb: who if who in alone else (who | security_of_restricted).named(who.label)
        for verb, who in table.items()
    }


_INCIDENT = {
    **_SHARED,
    "assess": handlers,
    "apply_workaround": handlers,
    "join_parent": handlers,
    "choose_model": workers,
    "add_event": system,
    "note_recovery": system,
    "propose_major": system,
    "declare_major": leads,
    "dismiss_major": leads,
    "name_coordinator": leads,
    "miss_coordinator": system,
    "stand_down": manager | owner,
    "resolve": handlers,
    "resolve_with_parent": system,
}
INCIDENT = _for_security(_INCIDENT)
_PREPARED: dict[str, Who] = {
    "record": workers,
    "edit": workers,
    "draft": workers,
    "discard": workers,
    "approve": manager | owner,
    "flag_for_review": workers | owner | system,
    "review": manager | owner,
    "hand_over": manager | owner,
    "retire": manager | owner,
    "comment": INSIDE,
    "watch": INSIDE,
    "unwatch": INSIDE,
}
INCIDENT_MODEL = _PREPARED
REQUEST_MODEL = {**_PREPARED, "order": OFFERED}
_REQUEST = {
    **_SHARED,
    "apply_model": system,
    "ask_approval": system,
    "approve": approver,
    "refuse": approver,
    "fulfil": handlers,
}
SERVICE_REQUEST = _for_security(_REQUEST)
ANNOUNCEMENT = {
    "record": leads,
    "update": leads,
    "remind": system,
    "end": leads,
    "watch": INSIDE,
    "unwatch": INSIDE,
}


def _not_its_author(user: User) -> Reach:
    return ~Q(submitted_by=user.pk)


def _is_not_its_author(user: User, review: Record) -> bool:
    return getattr(review, "submitted_by_id", None) != user.pk


_another = Who("somebody else than who submitted it", _not_its_author, _is_not_its_author)
_REVIEW = {
    "record": leads | system,
    "edit": leads,
    "submit": leads,
    "approve": (manager | owner) & _another,
    "send_back": manager | owner | system,
    "comment": INSIDE,
    "attach": leads | system,
    "link": leads,
    "unlink": leads,
    "add_task": leads,
    "tick_step": leads,
    "untick_step": leads,
    "complete_task": leads,
    "watch": INSIDE,
    "unwatch": INSIDE,
    "restrict": system,
    "lift_restriction": system,
}
REVIEW = _for_security(_REVIEW)
CONTACT = {
    "record": workers,
    "edit": workers,
    "comment": requester | workers,
    "note": workers,
    "link": workers,
    "unlink": workers,
    "close": workers,
}
