"""Who may set up teams and roles; everybody may know them."""

from evenkeel.core.rules.permissions import anyone, auditor, sms_manager, sms_owner, system

VISIBLE = anyone
INSIDE = sms_owner | sms_manager | auditor
_managers = sms_owner | sms_manager | system

TEAM = {"record": _managers, "edit": _managers, "retire": _managers, "admit": _managers}
ROLE = {
    "record": _managers,
    "edit": _managers,
    "retire": _managers,
    "assign": _managers,
    "end_assignment": _managers,
}
