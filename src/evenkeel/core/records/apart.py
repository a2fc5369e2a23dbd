"""What members of a federation do not see of one another (R-76), as a condition and as a test.

A record is a member's own where a team of it works on it; or where none works on it yet and it
concerns the member. It is shared where it is no member's own. Whoever it concerns, and whoever owns
it, see it as well. The keys of the other members' organisations and teams stand in the condition:
they are few, and records need no column for it.
"""

from enum import Enum
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q

if TYPE_CHECKING:
    from evenkeel.core.people.models import User
    from evenkeel.core.people.parting import Apart


class Kept(Enum):
    """From whom records of a kind that are a member's own are kept."""

    CASES = "cases"  # from other members, and from those who coordinate them
    PARTIES = "parties"  # from other members
    SUMS = "sums"  # from other members, as is what is about all of them


_kept: dict[str, tuple[Kept, str]] = {}  # kind -> from whom, and the field that names its record


def declare(kept: Kept, *kinds: str, about: str = "") -> None:
    """Say from whom kinds are kept; with `about`, as the record is that the field names."""
    for kind in kinds:
        _kept[kind] = kept, about


def kinds() -> dict[str, Kept]:
    """The kinds that are kept from some."""
    return {kind: kept for kind, (kept, _) in _kept.items()}


def condition(user: "User", kind: str) -> Q | None:
    """Which records of a kind somebody may see; None where nothing is kept from them."""
    if (found := _from(user, kind)) is None:
        return None
    apart, kept, about = found
    seen = _seen(apart, user.pk)
    if kept is Kept.SUMS:
        return (Q(organisation__isnull=False) | Q(case_owner=user.pk)) & seen
    if not about:
        return seen
    from evenkeel.core.records import record  # noqa: PLC0415  (which begins at what is visible)

    records = record.Record.objects.filter(seen)
    theirs = record.kinds()[kind].objects.filter(**{f"{about}__in": records.values("pk")})
    return Q(pk__in=theirs.values("pk"))


def summed(user: "User", kind: str) -> Q | None:
    """Which records of a kind the figures of a member are about; None where of all (R-76)."""
    mine = user.rights.apart
    return condition(user, kind) if mine and mine.is_member else None


def hides(user: "User", record: Any) -> bool:
    """The same of one record: is it kept from this user? What is not written yet is not."""
    found = None if record._state.adding else _from(user, record.of_kind)
    if found is None:
        return False
    apart, kept, about = found
    if about:
        record = getattr(record.in_full(), about)
    if record.case_owner_id == user.pk or record.organisation_id in apart.own:
        return False
    if kept is Kept.SUMS and record.organisation_id is None:
        return True
    if record.team_id:
        return record.team_id in apart.teams
    asker = record.requester.organisation_id if record.requester_id else None
    return (record.organisation_id or asker) in apart.others


def _from(user: "User", kind: str) -> tuple["Apart", Kept, str] | None:
    """From whom records of the kind are kept, where this user is one of those."""
    kept, about = _kept.get(kind, (None, ""))
    apart = user.rights.apart
    if kept is None or apart is None or not (apart.is_member or kept is Kept.CASES):
        return None
    return apart, kept, about


def _seen(apart: "Apart", person: int) -> Q:
    theirs = apps.get_model("core", "User").objects.filter(organisation__in=apart.others)
    asked_there = Q(organisation=None, requester__in=theirs.values("pk"))
    no_team = Q(team=None) & ~Q(organisation__in=apart.others) & ~asked_there
    teams = Q(team__isnull=False) & ~Q(team__in=apart.teams)
    return teams | no_team | Q(organisation__in=apart.own) | Q(case_owner=person)
