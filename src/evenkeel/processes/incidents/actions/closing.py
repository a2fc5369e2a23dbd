"""Closing and reopening by the rules that the process owner approved (PR9.5, ISRM-12, ISRM-23)."""

import logging
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from evenkeel.core.clocks import calendars
from evenkeel.core.clocks.calendar import Calendar
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Asked, Denied, Invalid, Text, registry
from evenkeel.core.schemes import closure
from evenkeel.core.schemes.models import in_force
from evenkeel.processes.incidents.models import Case, Incident, ServiceRequest
from evenkeel.processes.incidents.models.rated import ASKED_FOR
from evenkeel.processes.incidents.queries import open_tasks

CONFIRMED, SILENT, BY_DESK = "Confirmed by the user", "No answer of the user", "By the desk"
_CLOSED_DAYS = 400  # in a row, after which a calendar is taken to be closed for ever
Satisfied = Annotated[
    int,
    Asked("How satisfied are you with how it was handled?", choices=lambda: list(_SCALE)),
]
_SCALE: list[tuple[Any, str]] = [(value, str(word)) for value, word in Case.Satisfaction.choices]
logger = logging.getLogger(__name__)


def close(case: Case, *, by: User, at: datetime) -> dict[str, Any] | None:
    """Nothing more will be done; what was to be done is done."""
    if not case._state.adding and (left := open_tasks(case)):
        tasks = "One task is" if left == 1 else f"{left} tasks are"
        raise Invalid({"": [f"{tasks} still open here; complete what is to be done first."]})
    code = CONFIRMED if by.pk == case.requester_id else SILENT if by.is_system else BY_DESK
    version = in_force(closure.NAME, "ISRM", at)
    given = None
    if version:
        rule = version.read.rule_for(case.kind(), case.priority)
        given = {"rule": rule.name, **version.cited}
        if code != CONFIRMED and (why_not := _why_not(case, rule, code, version.read, at)):
            raise Invalid({"": [why_not]})
    case.closure_code = case.closure_code or code
    return given


def _why_not(
    case: Case, rule: closure.ClosureRule, code: str, rules: closure.ClosureRules, at: datetime
) -> str:
    """Why the desk, or time alone, does not close it yet."""
    if code == BY_DESK and not rule.confirmation:
        return ""
    until = closes_at(case, rule, rules, at)
    if until is None or at >= until:
        return ""
    return (
        f"By “{rule.name}” the user confirms first;"
        f" without an answer it is closed by itself on {until:%-d %b %Y, %H:%M}."
    )


def closes_at(
    case: Case, rule: closure.ClosureRule, rules: closure.ClosureRules, at: datetime
) -> datetime | None:
    """When a case that is done is closed without an answer; None where it says not since when."""
    calendar = _named(rules, at)
    return case.done_at and after_working_days(case.done_at, rule.days, calendar)


def calendar_in_force(at: datetime) -> Calendar | None:
    """The calendar that tells the working days of the service desk; None: Monday to Friday."""
    version = in_force(closure.NAME, "ISRM", at)
    return _named(version.read, at) if version else None


def _named(rules: closure.ClosureRules, at: datetime) -> Calendar | None:
    version = in_force(calendars.NAME, calendars.CONTEXT, at)
    found: Calendar | None = (
        version.read.named(rules.calendar) if version and rules.calendar else None
    )
    return found


def after_working_days(start: datetime, days: int, calendar: Calendar | None) -> datetime:
    """The same time of day so many working days later; without a calendar, Monday to Friday."""
    moment = start.astimezone(ZoneInfo(calendar.zone if calendar else settings.TIME_ZONE))
    for _ in range(days + _CLOSED_DAYS):
        if days == 0:
            break
        moment += timedelta(days=1)
        days -= bool(calendar.on(moment.date())) if calendar else moment.weekday() < 5
    return moment


def check_reopening(case: Case, at: datetime) -> None:
    """Raise Invalid where a case was closed too long ago."""
    version = in_force(closure.NAME, "ISRM", at) if case.closed_at else None
    if version is None or case.closed_at is None:
        return
    days = version.read.reopen_days
    if at > case.closed_at + timedelta(days=days):
        closed = f"{timezone.localtime(case.closed_at):%-d %b %Y}"
        raise Invalid(
            {
                "": [
                    f"It was closed on {closed}, more than {days} days ago, and stays closed."
                    f" Report it anew and name {case.number} there, so that the desk links the two."
                ]
            }
        )


def rate(
    case: Case, *, by: User, at: datetime, satisfaction: Satisfied, satisfaction_comment: Text = ""
) -> None:
    """Say how satisfied one is with how the case was handled; within the time, say it anew."""
    if not case.asks_at(at):
        raise Invalid(
            {"": [f"That is asked for {ASKED_FOR.days} days after closure, and no more."]}
        )
    case.satisfaction = satisfaction
    case.satisfaction_comment = satisfaction_comment


def close_unanswered(*, at: datetime | None = None) -> int:
    """Close every case that is done and whose user has not answered in time; says how many."""
    moment = at or timezone.now()
    version = in_force(closure.NAME, "ISRM", moment)
    if version is None:
        return 0
    rules: closure.ClosureRules = version.read
    latest = moment - timedelta(days=min(rule.days for rule in rules.rules))
    done = [
        *Incident.objects.filter(state="resolved", resolved_at__lte=latest).order_by("pk"),
        *ServiceRequest.objects.filter(state="fulfilled", fulfilled_at__lte=latest).order_by("pk"),
    ]
    return sum(_closed(case, rules, moment) for case in done)


def _closed(case: Case, rules: closure.ClosureRules, at: datetime) -> bool:
    rule = rules.rule_for(case.kind(), case.priority)
    until = closes_at(case, rule, rules, at)
    if until is None or until > at:
        return False
    try:
        registry[f"{case.collection}.close"](case, by=User.objects.the_sms(), at=at, via=Via.JOB)
    except (Invalid, Denied) as refused:  # an open task, or somebody was faster
        logger.info("%s is not closed: %s", case.number, refused)
        return False
    return True
