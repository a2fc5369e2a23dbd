"""Who shapes a scheme and who approves it: manager and owner of its process (BASE-17).

Everybody may read schemes: whoever is told "P3" may know why.
"""

from collections.abc import Callable

from django.db.models import Q

from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.record import Record
from evenkeel.core.records.visibility import Reach
from evenkeel.core.rules.permissions import Who, anyone, auditor, sms_manager, sms_owner, system
from evenkeel.core.schemes.models import Scheme


def of_its_process(role_type: RoleType, label: str) -> Who:
    """Whoever holds a role of this type in the process that the scheme belongs to."""
    return Who(label, _reach(role_type), _test(role_type))


def _reach(role_type: RoleType) -> Callable[[User], Reach]:
    def reach(user: User) -> Reach:
        contexts = [context for held, context in user.rights.roles if held == role_type]
        return Q(context__in=contexts) if contexts else False

    return reach


def _test(role_type: RoleType) -> Callable[[User, Record], bool]:
    def test(user: User, record: Record) -> bool:
        return isinstance(record, Scheme) and user.rights.hold(role_type, record.context)

    return test


# A scheme of the SMS itself is shaped by who runs it, and approved by who answers for it.
owner = (of_its_process(RoleType.PROCESS_OWNER, "") | of_its_process(RoleType.SMS_OWNER, "")).named(
    "the owner of its process"
)
manager = (
    of_its_process(RoleType.PROCESS_MANAGER, "") | of_its_process(RoleType.SMS_MANAGER, "")
).named("the manager of its process")

VISIBLE = anyone
INSIDE = anyone
_SHAPES = owner | manager | system
SCHEME = {
    "record": sms_manager | system,
    "edit": _SHAPES,
    "draft": _SHAPES,
    "read_days": _SHAPES,  # of service calendars
    "discard": _SHAPES,
    "approve": owner | system,
    "comment": _SHAPES | sms_manager | sms_owner | auditor,
    "watch": anyone,
    "unwatch": anyone,
}
