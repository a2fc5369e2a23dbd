"""The verbs of a service report: count it, seal it, send it (FitSM-1 PR2)."""

import hashlib
from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import Q

from evenkeel.core.clocks import declaring
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Actions, Asked, Invalid
from evenkeel.processes.services import lifecycle, permissions
from evenkeel.processes.services.actions import reporting
from evenkeel.processes.services.models import Agreement, ServiceReport
from evenkeel.processes.services.models.report import last_month, midnight

Given = dict[str, Any]
Addressee = Annotated[User, Asked("To", "Somebody of the customer, who is told of it.")]
AT_ONCE = 5_000
MONTHS = ServiceReport.Periods.TWELVE  # of which the reports made every month show the trend

action = Actions(
    ServiceReport,
    lifecycle.REPORT,
    permissions.REPORT,
    visible=permissions.READERS,
    inside=permissions.INSIDE,
)


@action(fields=True)
def record(
    report: ServiceReport,
    *,
    by: User,
    at: datetime,
    since: Annotated[date | None, Asked("First day", "That of last month if empty.")] = None,
    until: Annotated[date | None, Asked("Last day", "That of last month if empty.")] = None,
) -> Given:
    """Count what was asked and what was kept in a period, about a customer, a service, or all.

    Where that is about many cases the worker does it, and the page says how far it is.
    """
    first, last = last_month(at)
    report.begins_on, report.ends_on = since or first, until or last
    if report.ends_on < report.begins_on:
        raise Invalid({"until": ["The last day does not come before the first."]})
    if midnight(report.begins_on) > at:
        raise Invalid({"since": ["The period has not begun."]})
    report.title = _title(report)
    report.requester, report.case_owner = None, None if by.is_system else by
    return reporting.begin(report, at)


@action
def recount(report: ServiceReport, *, by: User, at: datetime) -> Given:
    """Count anew, for cases went on meanwhile; possible until it is sealed."""
    return reporting.begin(report, at)


@action
def present(report: ServiceReport, *, by: User, at: datetime) -> Given:
    """It is counted; somebody has to read it now."""
    return reporting.present(report, at)


@action
def approve(report: ServiceReport, *, by: User, at: datetime) -> Given:
    """It is right: seal it. Its figures and the cases behind them never change from now on."""
    if report.period[1] > at:
        raise Invalid({"": ["Its period is not over."]})
    if report.counted_at < report.period[1]:
        raise Invalid({"": ["It was counted before its period was over; count it anew."]})
    report.approved_by, report.approved_at = by, at
    return {"cases": report.cases.count(), "sha256": digest(report)}


@action
def discard(
    report: ServiceReport,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", long=True)],
) -> Given:
    """It is not needed; another one of the period can be made."""
    return {"reason": reason}


@action(public=True)
def send(
    report: ServiceReport,
    *,
    by: User,
    at: datetime,
    to: Addressee,
) -> Given:
    """Show it to the customer from now on, and tell somebody there."""
    if report.organisation is None:
        raise Invalid({"": ["It is about all customers, and so for none of them."]})
    if to.organisation_id != report.organisation_id:
        raise Invalid({"to": [f"{to} does not belong to {report.organisation.title}."]})
    report.sent_to, report.sent_at = to, at
    return {"to": str(to)}


def make_monthly(at: datetime) -> int:
    """Make last month's report about all, and one for each customer with an agreement of its own.

    One that there is already is not made again; where nothing was recorded, none is made.
    """
    first, last = last_month(at)
    before = Q(recorded_at__lt=midnight(last), of_kind__in=list(declaring.measures))
    if not Record.objects.filter(before).exists():
        return 0
    held: Any = Agreement.objects.filter(
        agreement_kind=Agreement.Kind.SLA, state="in_force", organisation__isnull=False
    )
    customers = [None, *dict.fromkeys(one.organisation for one in held.order_by("pk"))]
    made, sms = 0, User.objects.the_sms()
    for customer in customers:
        same: Any = ServiceReport.objects.filter(
            begins_on=first, ends_on=last, organisation=customer, service=None
        )
        if not same.exclude(state="discarded").exists():
            about = {"organisation": customer} if customer else {}
            record(ServiceReport(), by=sms, at=at, via=Via.JOB, periods=MONTHS, **about)
            made += 1
    return made


def digest(report: ServiceReport) -> str:
    """What nobody can alter and keep: of the figures and of every case behind them."""
    found = hashlib.sha256(repr([report.figures, report.availability]).encode())
    names = ("what", "record_id", "is_earlier", "is_kept", "priority", "target", "elapsed", "at")
    for row in report.cases.order_by("pk").values_list(*names).iterator(AT_ONCE):
        found.update(repr((*row[:-1], row[-1].timestamp())).encode())
    trend = report.trend.order_by("ago", "what").values_list("ago", "what", "cases")
    for line in trend.iterator(AT_ONCE):
        found.update(repr(line).encode())
    return found.hexdigest()


def _title(report: ServiceReport) -> str:
    about = [str(one.title) for one in (report.service, report.organisation) if one]
    days = f"{report.begins_on:%-d %b %Y} – {report.ends_on:%-d %b %Y}"
    if (report.begins_on, report.ends_on) == last_month(report.period[1]):
        days = f"{report.begins_on:%B %Y}"
    return f"{', '.join(about) or 'All services and customers'}: {days}"[:200]
