"""The verbs of a recomputation: compare, read what would move, confirm it or not (FitSM-1 PR2)."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Count, F, Q
from django.utils import timezone

from evenkeel.core.clocks import calendars
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Actions, Asked, Invalid, within
from evenkeel.core.schemes.models import in_force
from evenkeel.processes.services import lifecycle, permissions
from evenkeel.processes.services.models import Progress, Recomputation

Given = dict[str, Any]
Figures = dict[str, int]

_MOVES = Q(is_sealed=False)
# What is counted of the clocks, and opens to them.
CUTS = {
    "clocks": _MOVES,
    "due": _MOVES & ~Q(due_before=F("due_after")) & ~Q(due_before=None, due_after=None),
    "breached": _MOVES & Q(breached_before=None, breached_after__isnull=False),
    "kept": _MOVES & Q(breached_before__isnull=False, breached_after=None),
    "sealed": Q(is_sealed=True),
}

action = Actions(
    Recomputation,
    lifecycle.RECOMPUTATION,
    permissions.RECOMPUTATION,
    visible=permissions.INSIDE,
    inside=permissions.INSIDE,
)


def calendars_to_choose() -> list[tuple[Any, str]]:
    """The service calendars in force."""
    return calendars.choices(timezone.now())


@action
def record(
    recomputation: Recomputation,
    *,
    by: User,
    at: datetime,
    because: Annotated[str, Asked("Why", "What was wrong, or is otherwise now.", long=True)],
    calendar: Annotated[
        str, Asked("Calendar", "All of them if none is chosen.", choices=calendars_to_choose)
    ] = "",
    closed_since: Annotated[
        date | None,
        Asked("With cases closed since", "Only the cases that are open if empty."),
    ] = None,
) -> Given:
    """Compare what is due with what would be, by the calendars in force; nothing moves yet."""
    recomputation.versions = _versions(calendar, at)
    number = _number(at)
    recomputation.said = f"{calendar or 'all calendars'}, version {number}"
    recomputation.title = f"{calendar or 'All calendars'}: clocks by version {number}"
    recomputation.calendar, recomputation.closed_since = calendar, closed_since
    recomputation.because = because
    recomputation.case_owner, recomputation.requester = by, None
    return {"calendars": recomputation.said}


@action
def present(recomputation: Recomputation, *, by: User, at: datetime) -> Given:
    """The difference is found; somebody has to read it now."""
    recomputation.figures, recomputation.compared_at = counted(recomputation), at
    return {"figures": recomputation.figures}


@action
def confirm(recomputation: Recomputation, *, by: User, at: datetime) -> Given:
    """Let the clocks show it. What is in a sealed report stays."""
    if recomputation.versions != _versions(recomputation.calendar, at):
        raise Invalid({"": ["The calendars were changed since it was compared; compare anew."]})
    recomputation.confirmed_by, recomputation.confirmed_at = by, at
    return {"calendars": recomputation.said}


@action
def finish(recomputation: Recomputation, *, by: User, at: datetime) -> Given:
    """Every clock that had to move has."""
    recomputation.figures = counted(recomputation)
    return {"figures": recomputation.figures}


@action
def discard(
    recomputation: Recomputation,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", long=True)],
) -> Given:
    """Nothing is moved; what was compared is kept as evidence."""
    return {"reason": reason}


def counted(recomputation: Recomputation) -> Figures:
    """What its lines say, in numbers."""
    found: Figures = recomputation.moved.aggregate(
        cases=Count("record", filter=CUTS["clocks"], distinct=True),
        **{what: Count("pk", filter=cut) for what, cut in CUTS.items()},
    )
    progress = Progress.objects.filter(recomputation=recomputation.pk).first()
    return found | {"looked": progress.done if progress else 0}


def _versions(calendar: str, at: datetime) -> dict[str, int]:
    version = in_force(calendars.NAME, calendars.CONTEXT, at)
    names = [one.name for one in version.read.calendars] if version else []
    if version is None or (calendar and calendar not in names):
        raise Invalid({"calendar": [f"There are no service hours called “{calendar}” in force."]})
    return dict.fromkeys([calendar] if calendar else names, version.pk)


def _number(at: datetime) -> int:
    version = in_force(calendars.NAME, calendars.CONTEXT, at)
    return version.number if version else 0


def put_down(record: Record, entry: Entry) -> None:
    """Each step of the worker begins at the first clock."""
    if isinstance(record, Recomputation) and entry.verb in WORKED:
        Progress.objects.update_or_create(
            recomputation=record, defaults={"total": record.to_read.count(), "done": 0, "after": 0}
        )


WORKED = ("recomputations.record", "recomputations.confirm")  # what the worker goes on with
within.append(put_down)
