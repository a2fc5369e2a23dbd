"""Who may see which records: one rule per kind, kept here for all reads to start from.

The rules are declared in each process's `permissions.py` and arrive through `Actions`.
"""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from evenkeel.core.people.models import User

Reach = Q | bool  # all (True), none (False), or those the condition picks
Rule = Callable[["User"], Reach]

_visible: dict[str, Rule] = {}
_inside: dict[str, Callable[["User"], bool]] = {}


def declare(kind: str, *, visible: Rule, inside: Callable[["User"], bool]) -> None:
    """Say who may see records of a kind, and who may also see what is internal to its process."""
    _visible[kind] = visible
    _inside[kind] = inside


def reach(user: "User", kind: str = "") -> Reach:
    """What of a kind, or of all kinds ("", as seen from `Record`), this user may see.

    A kind that declares no rule is seen by nobody.
    """
    if not getattr(user, "is_active", False):
        return False
    if kind:
        rule = _visible.get(kind)
        return rule(user) if rule else False
    return _of_all_kinds(user)


def is_inside(user: "User", kind: str) -> bool:
    """May this user see internal notes, internal fields and full histories of this kind?"""
    rule = _inside.get(kind)
    return bool(rule and user.is_active and rule(user))


def whole_kinds(user: "User") -> list[str]:
    """The kinds of which this user may see every record."""
    return [kind for kind in _visible if reach(user, kind) is True]


def inside_kinds(user: "User") -> list[str]:
    """The kinds whose internals this user may see."""
    return [kind for kind in _inside if is_inside(user, kind)]


def _of_all_kinds(user: "User") -> Reach:
    whole, parts = [], []
    for kind, rule in _visible.items():
        part = rule(user)
        if part is True:
            whole.append(kind)
        elif part is not False:
            parts.append(Q(of_kind=kind) & part)
    if whole:
        parts.append(Q(of_kind__in=whole))
    return reduce(or_, parts) if parts else False
