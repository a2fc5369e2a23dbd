"""How a service report is counted: at once where it is about few cases, else by the worker."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count

from evenkeel.core.clocks import declaring
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import registry, within
from evenkeel.processes.services.actions import counting
from evenkeel.processes.services.actions.availability import Available, availability
from evenkeel.processes.services.actions.counting import Counted, Scope, counted
from evenkeel.processes.services.lifecycle import ReportState
from evenkeel.processes.services.models import Counting, ReportedCase, ServiceReport, TrendFigure
from evenkeel.processes.services.models.report import CUTS, midnight
from evenkeel.processes.services.models.trend import SORTS

Given = dict[str, Any]
Row = tuple[Counted, bool]  # and whether it is of the period before
_COUNTED = "counted_rows"  # on a report in memory: what was counted and is not written yet
AT_ONCE = 5_000  # rows of one statement
LARGE = 5_000  # cases, from which on nobody waits for the page
_VERDICTS: dict[bool | None, str] = {True: "kept", False: "violated"}
_KEPT = tuple(name for name in Counted._fields if name not in {"record", "missing"})


class Period(NamedTuple):
    """What was counted of one period of a report."""

    ago: int
    span: tuple[date, date]
    rows: list[Counted]

    @property
    def by_sort(self) -> dict[str, list[int]]:
        """The cases of each line of the trend, once for each time they are counted."""
        found: dict[str, list[int]] = defaultdict(list)
        for one in self.rows:
            sort = _VERDICTS.get(one.is_kept) or one.what
            if sort in SORTS:
                found[sort].append(one.record)
        return found


def begin(report: ServiceReport, at: datetime) -> Given:
    """Count it, or let the worker count it; what the entry keeps of that."""
    report.counted_at = at
    if is_large(report):
        report.state, report.figures, report.availability = ReportState.COUNTING, [], []
        return {"counted": "by the worker"}
    periods = [_period(report, ago, at) for ago in range(report.periods)]
    now, before = periods[:2]
    rows: list[Row] = [(one, False) for one in now.rows] + [(one, True) for one in before.rows]
    report.figures = _cells(rows)
    report.availability = _availability(report, rows, at)
    setattr(report, _COUNTED, periods)
    return {"cases": len({one.record for one in now.rows})}


def present(report: ServiceReport, at: datetime) -> Given:
    """Add up what the worker wrote down."""
    found = report.cases.order_by().values_list(*CUTS).annotate(Count("pk"))
    report.figures = [list(cell) for cell in found]
    both = (_scope(report, ago, at) for ago in (0, 1))
    rows = [(one, bool(ago)) for ago, scope in enumerate(both) for one in counting.outages(scope)]
    report.availability = _availability(report, rows, at)
    report.counted_at = at
    cases = report.cases.filter(is_earlier=False).values("record").distinct().count()
    return {"cases": cases}


def go_on(key: int, at: datetime) -> None:
    """Count a report in the background, period by period, and say how far it is."""
    report: Any = ServiceReport.objects.filter(pk=key, state=ReportState.COUNTING).first()
    if report is None:  # discarded, or done by a worker that was taken for dead
        return
    turn = _turn(report)
    for ago in range(report.periods):
        period = _period(report, ago, at)
        with transaction.atomic():
            mine = Counting.objects.select_for_update().filter(pk=key, turn=turn).first()
            if mine is None:  # another worker began anew
                return
            _write(report, period)
            mine.done, mine.rows = ago + 1, mine.rows + len(period.rows)
            mine.save(update_fields=["done", "rows"])
    if ServiceReport.objects.filter(pk=key, state=ReportState.COUNTING).exists():
        done = registry["service_reports.present"]
        done(report, by=User.objects.the_sms(), at=at, via=Via.JOB)


def is_large(report: ServiceReport) -> bool:
    """Is it about more cases than somebody should wait for?"""
    begins, ends = midnight(report.before(report.periods - 1)[0]), report.period[1]
    kinds = list(declaring.measures)
    found = Record.objects.filter(of_kind__in=kinds, recorded_at__gte=begins, recorded_at__lt=ends)
    return bool(found.order_by()[: LARGE + 1].count() > LARGE)


def _turn(report: ServiceReport) -> int:
    """Begin anew, whatever another worker has written."""
    with transaction.atomic():
        mine, _ = Counting.objects.select_for_update().get_or_create(report=report)
        mine.total, mine.done, mine.rows, mine.turn = report.periods, 0, 0, mine.turn + 1
        mine.save()
        report.cases.all().delete()
        report.trend.all().delete()
    return mine.turn


def _period(report: ServiceReport, ago: int, at: datetime) -> Period:
    """All that a report says of its own period and the one before; of earlier ones the trend."""
    scope = _scope(report, ago, at)
    rows = counted(scope) if ago < 2 else counting.trended(scope)
    return Period(ago, report.before(ago), list(rows))


def _scope(report: ServiceReport, ago: int, at: datetime) -> Scope:
    first, last = report.before(ago)
    by_recording = report.basis == ServiceReport.Basis.RECORDED
    about = report.organisation_id, report.service_id, at, by_recording
    return Scope(midnight(first), midnight(last + timedelta(days=1)), *about)


def _cells(rows: Iterable[Row]) -> list[list[Any]]:
    cells = Counter(
        (one.what, one.of_kind, one.priority, one.customer, one.service, one.is_kept, before)
        for one, before in rows
    )
    return [[*cell, count] for cell, count in cells.items()]


def _availability(report: ServiceReport, rows: list[Row], at: datetime) -> list[list[Any]]:
    now, earlier = (_scope(report, ago, at) for ago in (0, 1))
    found = availability((one for one, before in rows if not before), now)
    before = availability((one for one, is_before in rows if is_before), earlier)
    none = Available(0, 0)
    return [
        [service, one.agreed, one.out, was.agreed, was.out, str(one.target) if one.target else None]
        for service, one in found.items()
        for was in (before.get(service, none),)
    ]


def _write(report: ServiceReport, period: Period) -> None:
    first, last = period.span
    by_sort = period.by_sort
    TrendFigure.objects.bulk_create(
        TrendFigure(
            report=report,
            ago=period.ago,
            what=what,
            begins_on=first,
            ends_on=last,
            count=len(by_sort[what]),
            cases=sorted(by_sort[what]),
        )
        for what in SORTS
    )
    if period.ago > 1:
        return
    made = (
        ReportedCase(
            report=report,
            record_id=one.record,
            is_earlier=period.ago == 1,
            **{name: getattr(one, name) for name in _KEPT},
        )
        for one in period.rows
    )
    for some in _batches(made):
        ReportedCase.objects.bulk_create(some)


def _batches(made: Iterator[ReportedCase]) -> Iterator[list[ReportedCase]]:
    while some := list(islice(made, AT_ONCE)):
        yield some


def put_down(record: Record, entry: Entry) -> None:
    """Write what was counted, in the transaction in which it was."""
    periods: list[Period] | None = record.__dict__.pop(_COUNTED, None)
    if periods is None or not isinstance(record, ServiceReport):
        return
    record.cases.all().delete()
    record.trend.all().delete()
    for period in periods:
        _write(record, period)


within.append(put_down)
