"""What a person sees of a recomputation: how far it is, what moves, and each clock that does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from evenkeel.core.clocks import calendars
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Invalid
from evenkeel.core.schemes.models import Scheme
from evenkeel.core.web import schemes, words
from evenkeel.core.web.reports import Behind, Opens, Report, Section
from evenkeel.core.web.screen import Group, Screen
from evenkeel.processes.services.actions import recomputation as verbs
from evenkeel.processes.services.lifecycle import RecomputationState as State
from evenkeel.processes.services.models import MovedClock, Progress, Recomputation

Panel = tuple[str, str, dict[str, Any]]
NEWEST = 5
BUSY = (State.COMPARING, State.APPLYING)
WHAT = {
    "clocks": "Clocks that move",
    "due": "Due at another moment",
    "breached": "Kept so far, breached by these hours",
    "kept": "Breached so far, kept by these hours",
    "sealed": "In a sealed service report, so they stay",
}
_HEADS = ("Case", "Title", "Target", "Due so far", "Due by these hours", "Verdict")
HOW = (
    "What is due is read anew from the history of each clock, by the calendars in force. A target"
    " that was kept or violated in the period of a sealed service report stays as it was decided."
)


def standing(made: Recomputation, reader: User) -> Panel:
    """How far it is, and what was found."""
    progress = Progress.objects.filter(recomputation=made.pk).first()
    is_busy = made.state in BUSY
    context = {"made": made, "progress": progress if is_busy else None, "section": _short(made)}
    return "Difference", "recomputations/standing.html", context


def report(made: Recomputation, reader: User) -> Report:
    """The difference as a page."""
    facts = [
        ("Calendars", made.said),
        ("Why", made.because),
        ("Started", f"{words.exact(made.recorded_at)}, by {made.case_owner}"),
        ("Compared", words.exact(made.compared_at) if made.compared_at else "–"),
        ("Confirmed", _confirmed(made)),
    ]
    return Report(made.title, facts, [_short(made), Section("How it is counted", HOW)])


def behind(made: Recomputation, reader: User, asked: Mapping[str, str]) -> Behind:
    """The clocks behind a figure; each by the number of its case, and by more for who may see it.

    Raises Invalid where there is no such figure.
    """
    what = asked.get("what", "clocks")
    if what not in verbs.CUTS:
        raise Invalid({"what": [f"Nothing is counted by “{what}”."]})
    found = made.moved.filter(verbs.CUTS[what]).order_by("record", "kind")
    return Behind(WHAT[what], _HEADS, found.count(), lambda some: _lines(found[some], reader))


def started(scheme: Scheme, reader: User) -> Panel:
    """Beside the calendars: let them govern what is open, and what came of it before."""
    newest = Recomputation.objects.visible_to(reader).order_by("-recorded_at", "-pk")[:NEWEST]
    context = {"may": verbs.record.may(reader, Recomputation()), "newest": list(newest)}
    return "Recomputation", "recomputations/beside.html", context


def _short(made: Recomputation) -> Section:
    found: dict[str, int] = made.figures
    if not found:
        return Section("In short")
    rows = [
        ("Clocks looked at", f"{found['looked']:,}"),
        ("Cases that move", f"{found['cases']:,}"),
    ]
    rows += [(title, _opening(made, what, found[what])) for what, title in WHAT.items()]
    return Section("In short", "", ("", "Clocks"), rows, figures=True)


def _opening(made: Recomputation, what: str, count: int) -> str:
    return Opens(f"{count:,}", f"{made.url}report/cases/?what={what}") if count else "0"


def _lines(rows: Any, reader: User) -> list[tuple[str, ...]]:
    found = list(rows.select_related("record", "agreement"))
    seen = Record.objects.visible_to(reader).filter(pk__in={row.record_id for row in found})
    names = dict(seen.values_list("pk", "title"))
    return [_line(row, names.get(row.record_id)) for row in found]


def _line(row: MovedClock, title: str | None) -> tuple[str, ...]:
    number = row.record.number
    return (
        number if title is None else Opens(number, row.record.url),
        title or "–",
        row.kind.capitalize() + (f", {row.agreement.number}" if row.agreement else ""),
        _moment(row.due_before),
        _moment(row.due_after),
        _verdict(row),
    )


def _verdict(row: MovedClock) -> str:
    before, after = (
        "breached" if at else "not breached" for at in (row.breached_before, row.breached_after)
    )
    said = before if before == after else f"{before} → {after}"
    return f"{said}; sealed, stays" if row.is_sealed else said


def _moment(at: datetime | None) -> str:
    return words.exact(at) if at else "–"


def _confirmed(made: Recomputation) -> str:
    if made.confirmed_at is None:
        return "–"
    return f"{words.exact(made.confirmed_at)}, by {made.confirmed_by}"


RECOMPUTATION = Screen(
    Recomputation,
    columns=("number", "title", "state", "case_owner", "recorded_at", "closed_at"),
    filters=("state", "case_owner"),
    groups=(
        Group("Recomputation", ("calendar", "closed_since", "because")),
        Group("Confirmed", ("compared_at", "confirmed_by", "confirmed_at")),
    ),
    above=(standing,),
    report=report,
    behind=behind,
)
schemes.panels[calendars.NAME] = started
