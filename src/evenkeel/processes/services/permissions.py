"""Who may do what to services; everybody may know which services there are."""

from evenkeel.core.people.models import RoleType
from evenkeel.core.rules.permissions import anyone, auditor, holder, sms_manager, sms_owner

manager = holder(RoleType.PROCESS_MANAGER, "SPM")

INSIDE = manager | sms_owner | sms_manager | auditor
VISIBLE = anyone

PERMISSIONS = {
    "record": manager | sms_manager,
    "edit": manager | sms_manager,
    "retire": manager | sms_manager,
}
