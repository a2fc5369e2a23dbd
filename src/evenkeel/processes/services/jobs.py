"""What is done about services when the time has come, and what takes longer than a page may."""

from django.utils import timezone

from evenkeel.core.jobs.declaring import every, long_job
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import within
from evenkeel.processes.services.actions import (
    agreement,
    recomputing,
    report,
    reporting,
    reviewing,
)
from evenkeel.processes.services.actions.recomputation import WORKED
from evenkeel.processes.services.lifecycle import ReportState
from evenkeel.processes.services.models import ServiceReport

COUNTS = ("service_reports.record", "service_reports.recount")


@every("40 3 * * *")
def make_reports() -> None:
    """Make the service reports of last month that are not there yet."""
    report.make_monthly(timezone.now())


@every("20 5 * * *")
def remind_of_reviews() -> None:
    """Remind of the services and agreements whose day of review has come."""
    reviewing.remind_due(timezone.now())


@every("* * * * *")
def begin_agreements() -> None:
    """Let agreements be in force whose first version holds by now."""
    agreement.begin_due(timezone.now())


@long_job
def recompute(recomputation: int) -> None:
    """Compare the clocks of a recomputation, or move them when it is confirmed."""
    recomputing.go_on(recomputation, timezone.now())


@long_job
def count_report(report: int) -> None:
    """Count a service report that is about many cases."""
    reporting.go_on(report, timezone.now())


def _begin(record: Record, entry: Entry) -> None:
    if isinstance(record, ServiceReport) and entry.verb in COUNTS:
        if record.state == ReportState.COUNTING:
            count_report.defer(report=record.pk)
    elif entry.verb in WORKED:
        recompute.defer(recomputation=record.pk)


within.append(_begin)
