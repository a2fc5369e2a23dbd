"""A template is its owner's; one for a team is used by its members, too."""

from evenkeel.core.rules.permissions import (
    auditor,
    of_user,
    requester,
    sms_manager,
    sms_owner,
    system,
    team_member,
)

_writers = of_user(
    "somebody who holds a role or works in a team",
    lambda user: user.rights.is_staff,
)
_managers = sms_owner | sms_manager | system
_keepers = (requester | _managers).named("its owner, the SMS owner or the SMS manager")

VISIBLE = requester | team_member | _managers | auditor
INSIDE = _managers | auditor
TEMPLATE = {
    "record": (_writers | system).named("somebody who holds a role or works in a team"),
    "edit": _keepers,
    "show_to": _keepers,
    "retire": _keepers,
    "reinstate": _keepers,
}
