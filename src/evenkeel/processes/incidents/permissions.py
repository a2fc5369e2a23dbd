"""Who may do what to incidents and service requests, and who sees them (FitSM-3)."""

from evenkeel.core.people.models import RoleType
from evenkeel.core.rules.permissions import (
    Who,
    anyone,
    auditor,
    case_owner,
    holder,
    requester,
    sms_manager,
    sms_owner,
)

owner = holder(RoleType.PROCESS_OWNER, "ISRM")
manager = holder(RoleType.PROCESS_MANAGER, "ISRM")
staff = holder(RoleType.PROCESS_STAFF, "ISRM")
workers = staff | manager

INSIDE: Who = workers | owner | sms_owner | sms_manager | auditor
VISIBLE: Who = INSIDE | requester | case_owner

_SHARED: dict[str, Who] = {
    "record": requester | workers,
    "edit": workers,
    "comment": requester | workers,
    "note": workers,
    "attach": requester | workers,
    "link": workers,
    "unlink": workers,
    "add_task": workers,
    "tick_step": workers,
    "untick_step": workers,
    "complete_task": workers,
    "watch": anyone,
    "unwatch": anyone,
    "classify": workers,
    "prioritise": workers,
    "assign": workers,
    "escalate": workers | case_owner,
    "put_on_hold": case_owner | workers,
    "resume": case_owner | workers,
    "close": requester | manager | case_owner,
    "reopen": requester | workers,
    "cancel": requester | manager,
}

INCIDENT = {**_SHARED, "resolve": case_owner | workers}
SERVICE_REQUEST = {**_SHARED, "fulfil": case_owner | workers}
CONTACT = {
    "record": workers,
    "edit": workers,
    "comment": requester | workers,
    "note": workers,
    "link": workers,
    "unlink": workers,
    "close": workers,
}
