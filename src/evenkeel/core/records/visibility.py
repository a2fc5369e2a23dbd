"""Who may see which records: one rule per kind, kept here for all reads to start from.

The rules are declared in each process's `permissions.py` and arrive through `Actions`.
"""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from evenkeel.core.records import apart
from evenkeel.core.records.confided import Hidden, Restrictable

if TYPE_CHECKING:
    from evenkeel.core.people.models import User

Reach = Q | bool  # all (True), none (False), or those the condition picks
Rule = Callable[["User"], Reach]

_visible: dict[str, Rule] = {}
_inside: dict[str, Callable[["User"], bool]] = {}
_confided: dict[str, Callable[["User"], bool]] = {}  # only of kinds that can be restricted


def declare(
    kind: str,
    *,
    visible: Rule,
    inside: Callable[["User"], bool],
    confided: Callable[["User"], bool] | None = None,
) -> None:
    """Say who may see records of a kind, and who may also see what is internal to its process.

    `confided` are those who see what is restricted; without it nothing of the kind can be.
    """
    _visible[kind] = visible
    _inside[kind] = inside
    if confided:
        _confided[kind] = confided


def reach(user: "User", kind: str = "", *, counted: bool = False) -> Reach:
    """What of a kind, or of all kinds ("", as seen from `Record`), this user may see.

    With `counted`, what they may count: that is what is hidden from them for being restricted, too.
    What is kept from members of a federation is in neither.
    A kind that declares no rule is seen by nobody.
    """
    if not getattr(user, "is_active", False):
        return False
    found = _of_kind(user, kind) if kind else _of_all_kinds(user)
    hidden = None if counted or found is False else hidden_from(user, kind)
    if not hidden:
        return found
    return found & hidden.condition if isinstance(found, Q) else hidden.condition


def summed(user: "User", kind: str) -> Reach:
    """What totals count: what is restricted, too; for those who coordinate members, of all of them.

    A member's figures are about its own records and shared ones.
    """
    parted = user.rights.apart if user.is_active else None
    if parted is None or parted.is_member:
        return reach(user, kind, counted=True)
    rule = _visible.get(kind)
    return rule(user) if rule else False


def hidden_from(user: "User", kind: str = "") -> Hidden | None:
    """What of a kind, or of all, is restricted and not theirs; None where they are confided in."""
    kinds = [one for one in ([kind] if kind else _confided) if _keeps_from(one, user)]
    if not kinds:
        return None
    return Hidden(user.pk, tuple(kinds), tuple(one for one in kinds if is_inside(user, one)))


def hides(user: "User", record: Restrictable) -> bool:
    """The same of one record: it is restricted or of another member, and not for this user."""
    if user.rights.apart and apart.hides(user, record):
        return True
    if not record.is_restricted or not _keeps_from(record.of_kind, user):
        return False
    if record.case_owner_id == user.pk:
        return False
    return record.requester_id != user.pk or is_inside(user, record.of_kind)


def standing(user: "User", record: Restrictable) -> "User":
    """The account as it stands to a record: without roles to one that is restricted, or kept apart.

    The roles of those count who are confided in, and of whoever owns the case.
    """
    if user.rights.apart and apart.hides(user, record):
        return user.without_roles()
    if not record.is_restricted or record.case_owner_id == user.pk:
        return user
    return user.without_roles() if _keeps_from(record.of_kind, user) else user


def restrictable() -> list[str]:
    """The kinds of which records can be restricted."""
    return list(_confided)


def _keeps_from(kind: str, user: "User") -> bool:
    confided = _confided.get(kind)
    return bool(confided and not confided(user))


def is_inside(user: "User", kind: str) -> bool:
    """May this user see internal notes, internal fields and full histories of this kind?"""
    rule = _inside.get(kind)
    return bool(rule and user.is_active and rule(user))


def whole_kinds(user: "User") -> list[str]:
    """The kinds of which this user may see every record, but for those that are restricted."""
    return [kind for kind in _visible if reach(user, kind, counted=True) is True]


def inside_kinds(user: "User") -> list[str]:
    """The kinds whose internals this user may see."""
    return [kind for kind in _inside if is_inside(user, kind)]


def _of_kind(user: "User", kind: str) -> Reach:
    """As its rule says, without what is kept from members of a federation."""
    rule = _visible.get(kind)
    found: Reach = rule(user) if rule else False
    if found is False or user.rights.apart is None:  # no federation, or no part of it
        return found
    kept = apart.condition(user, kind)
    if kept is None:
        return found
    return found & kept if isinstance(found, Q) else kept


def _of_all_kinds(user: "User") -> Reach:
    whole, parts = [], []
    for kind in _visible:
        part = _of_kind(user, kind)
        if part is True:
            whole.append(kind)
        elif part is not False:
            parts.append(Q(of_kind=kind) & part)
    if whole:
        parts.append(Q(of_kind__in=whole))
    return reduce(or_, parts) if parts else False
