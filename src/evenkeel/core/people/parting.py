"""A federation whose members are kept apart (R-76): which organisations and teams are of others.

It is read with the rights of whoever holds a role, and only where the installation is set up so.
"""

import functools
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings

MEMBER = "member"  # as `Organisation.Part` has it
DEEPEST = 10  # organisations above one another
HELD = 2.0  # seconds; who belongs where is moved seldom, and asked for with every request


class Apart(NamedTuple):
    """What somebody stands apart from; of the staff of the federator, from all members."""

    own: tuple[int, ...]  # organisations of one's own member; of the federator none
    others: tuple[int, ...]  # organisations of other members
    teams: tuple[int, ...]  # teams of other members

    @property
    def is_member(self) -> bool:
        """Is somebody of a member, and not of those who coordinate?"""
        return bool(self.own)


class _Map(NamedTuple):
    members: Mapping[int, int]  # organisation -> the member that it is, or is a part of
    teams: Mapping[int, int]  # team -> the member that it works for


def of(organisation: int | None, roles: frozenset[tuple[str, str]]) -> Apart | None:
    """From what an account with these roles stands apart; None where from nothing.

    Auditors look at all of it; whoever holds no role sees what is theirs alone, anyway.
    """
    if not settings.MEMBERS_APART or not roles or any(held == "auditor" for held, _ in roles):
        return None
    known = _known(int(time.monotonic() / HELD))
    mine = known.members.get(organisation or 0)
    return Apart(
        tuple(sorted(one for one, member in known.members.items() if member == mine)),
        tuple(sorted(one for one, member in known.members.items() if member != mine)),
        tuple(sorted(one for one, member in known.teams.items() if member != mine)),
    )


def forget() -> None:
    """Who belongs where is asked for again."""
    _known.cache_clear()


@functools.lru_cache(maxsize=1)
def _known(moment: int) -> _Map:
    found = apps.get_model("core", "Organisation").objects.values_list("pk", "part", "part_of")
    parts = {pk: (part, above) for pk, part, above in found}
    members = {pk: member for pk in parts if (member := _member(parts, pk))}
    teams = apps.get_model("core", "Team").objects.filter(organisation__in=members)
    working: Any = teams.values_list("pk", "organisation")
    return _Map(members, {pk: members[party] for pk, party in working})


def _member(parts: Mapping[int, tuple[str, int | None]], start: int) -> int | None:
    """The member that an organisation is, or is a part of."""
    now: int | None = start
    for _ in range(DEEPEST):
        if now is None or now not in parts:
            return None
        part, above = parts[now]
        if part == MEMBER:
            return now
        now = above
    return None
