"""What a person sees of a service report; every figure opens to the cases behind it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from evenkeel.core.clocks.declaring import measures
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.record import kinds
from evenkeel.core.web import navigation, words
from evenkeel.core.web.reports import Report, Section
from evenkeel.core.web.screen import Group, Screen
from evenkeel.processes.services.lifecycle import ReportState
from evenkeel.processes.services.models import Counting, ServiceReport
from evenkeel.processes.services.screens import agreed, cuts, trend
from evenkeel.processes.services.screens.cuts import Cells, Cut

Panel = tuple[str, str, dict[str, Any]]
AIM = 95  # % of the targets of a customer that are to be kept (SVC-K2)
HOW = (
    "A target counts once, in the period in which it was kept or violated, whichever came first;"
    " of a case that was dropped (cancelled or refused) only those that had been violated before."
    " A case that came from elsewhere without a clock is"
    " judged by when it was recorded and solved. A service was not there from the beginning of an"
    " incident that disrupted it until it was restored, within the hours that are agreed and"
    " without the maintenance that is agreed; where it was worse than agreed, by how much."
)
BY_RECORDING = "Targets are those of the cases that were recorded in the period. "
_NOW, _BEFORE = {"is_earlier": False}, {"is_earlier": True}


def report(made: ServiceReport, reader: User) -> Report:
    """The service report."""
    sections = [
        _short(made),
        *trend.sections(made),
        *_volumes(made),
        *_targets(made),
        *_compared(made, "customer", "No customer"),
        *_compared(made, "service", "No service"),
        *_availability(made),
        *(_violations(made) if visibility.is_inside(reader, made.of_kind) else ()),
        Section("How it is counted", _how(made)),
    ]
    return Report(made.title, _facts(made), sections)


def figures(made: ServiceReport, reader: User) -> Panel:
    """In short; all of it is in the report. While it is counted, how far that is."""
    if made.state == ReportState.COUNTING:
        counting = Counting.objects.filter(report=made.pk).first()
        return "In short", "reports/counting.html", {"made": made, "counting": counting}
    return "In short", "reports/figures.html", {"section": _short(made)}


def _facts(made: ServiceReport) -> list[tuple[str, str]]:
    facts = [
        ("From", agreed.provider()),
        ("Customer", made.organisation.title if made.organisation else "All"),
        ("Service", made.service.title if made.service else "All"),
        *agreed.facts(made),
        ("Period", _days(made.begins_on, made.ends_on)),
        ("Before", _days(*made.earlier)),
        ("Counted", words.exact(made.counted_at)),
        ("Sealed", _done(made.approved_at, f"by {made.approved_by}")),
    ]
    return [*facts, ("Sent", _done(made.sent_at, f"to {made.sent_to}"))] if made.sent_at else facts


def _short(made: ServiceReport) -> Section:
    rows = [
        (f"Cases {word[:1].lower()}{word[1:]}", *cuts.pairs(made, [{"what": what}]))
        for what, word in cuts.VOLUMES.items()
    ]
    targets = {"what": tuple(cuts.TARGETS)}
    rows += [
        ("Targets decided", *cuts.pairs(made, [targets])),
        ("Targets kept", *cuts.pairs(made, [{**targets, "is_kept": True}])),
        ("Share kept", cuts.share(made, **_NOW), cuts.share(made, **_BEFORE)),
        ("Services below their availability", *cuts.short(made)),
    ]
    return Section("In short", "", ("", "Now", "Before"), rows, figures=True)


def _volumes(made: ServiceReport) -> Iterator[Section]:
    heads = ("", *(word for what in cuts.VOLUMES.values() for word in (what, "Before")))
    for kind in measures:
        alike: Cut = {"of_kind": kind}
        rows = [
            (name, *cuts.pairs(made, [{"what": what, **alike, **cut} for what in cuts.VOLUMES]))
            for name, cut in _priorities(made, {"what": tuple(cuts.VOLUMES), **alike})
        ]
        yield Section(navigation.plural(kinds()[kind]), "", heads, rows, figures=True)


def _targets(made: ServiceReport) -> Iterator[Section]:
    heads = ("", "Kept", "Violated", "Share kept", "Before")
    for what, title in cuts.TARGETS.items():
        rows = [
            (name, *_judged(made, {"what": what, **cut}))
            for name, cut in _priorities(made, {"what": what})
        ]
        if len(rows) > 1:
            yield Section(title, "", heads, rows, figures=True)


def _judged(made: ServiceReport, cut: Cut) -> Cells:
    return (
        cuts.opening(made, {**cut, **_NOW, "is_kept": True}),
        cuts.opening(made, {**cut, **_NOW, "is_kept": False}),
        cuts.share(made, **{**cut, **_NOW}),
        cuts.share(made, **{**cut, **_BEFORE}),
    )


def _compared(made: ServiceReport, by: str, none: str) -> Iterator[Section]:
    """Side by side, for an average hides one that fares badly."""
    if made.organisation_id if by == "customer" else made.service_id:
        return
    targets = {"what": tuple(cuts.TARGETS)}
    found = made.values_of(by, **targets)
    names = cuts.titles(set(found))
    rows = []
    for key in sorted(found, key=lambda key: (key is None, names.get(key, ""))):
        kept, total = cuts.kept(made, **_NOW, **{by: key})
        low = f"below {AIM} %" if 100 * kept < AIM * total else ""
        rows.append((names.get(key, none), *_judged(made, {**targets, by: key}), low))
    heads = ("", "Kept", "Violated", "Share kept", "Before", "")
    if rows:
        yield Section(f"Targets by {by}", "", heads, rows, figures=True)


def _availability(made: ServiceReport) -> Iterator[Section]:
    names = cuts.titles({row[0] for row in made.availability})
    rows = []
    for service, now, before in cuts.available(made):
        cells = (
            names[service],
            cuts.lasted(now.agreed),
            cuts.lasted(now.out),
            cuts.opening(made, {"what": "out", "service": service, **_NOW}),
            f"{now.target} %" if now.target else "–",
            cuts.percent(now.agreed - now.out, now.agreed),
            cuts.percent(before.agreed - before.out, before.agreed),
            "below" if now.falls_short else "",
        )
        rows.append(cells)
    heads = ("", "Agreed hours", "Not there", "Outages", "Promised", "Available", "Before", "")
    if rows:
        yield Section("Availability", "", heads, rows, figures=True)


def _violations(made: ServiceReport) -> Iterator[Section]:
    rows = [(name, *cuts.pairs(made, [{"what": what}])) for what, name in cuts.LEVELS.items()]
    yield Section("Violations recorded", "", ("", "Now", "Before"), rows, figures=True)


def _priorities(made: ServiceReport, cut: Cut) -> Iterator[tuple[str, Cut]]:
    """Those that there are, and all of them together."""
    for priority in sorted(made.values_of("priority", **cut), key=lambda one: one or 9):
        yield f"P{priority}" if priority else "No priority yet", {"priority": priority}
    yield "All", {}


def _days(first: date, last: date) -> str:
    return f"{first:%-d %b %Y} – {last:%-d %b %Y}"


def _done(moment: datetime | None, who: str) -> str:
    return f"{words.exact(moment)}, {who}" if moment else "–"


def _how(made: ServiceReport) -> str:
    return (BY_RECORDING if made.basis == ServiceReport.Basis.RECORDED else "") + HOW


REPORT = Screen(
    ServiceReport,
    columns=(
        *("number", "title", "state", "organisation", "service"),
        *("begins_on", "ends_on", "approved_at", "sent_at"),
    ),
    filters=("state", "organisation", "service"),
    groups=(
        Group("Report", ("organisation", "service", "begins_on", "ends_on", "basis", "periods")),
        Group("Kept", ("counted_at", "approved_by", "approved_at", "sent_to", "sent_at")),
    ),
    above=(figures,),
    report=report,
    behind=cuts.behind,
)
