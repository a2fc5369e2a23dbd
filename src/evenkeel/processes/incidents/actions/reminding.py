"""Reminders: by hand, and by itself of silence, of late tasks and of an awaited answer (PR9.4)."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

from django.db.models import Exists, Max, OuterRef, Q

from evenkeel.core.clocks.models import Clock, moment_of, seconds_of
from evenkeel.core.people.models import User
from evenkeel.core.records.comments import Comment
from evenkeel.core.records.entry import Audience, Entry, Via
from evenkeel.core.records.tasks import Task
from evenkeel.core.rules import Asked, Denied, Invalid, registry
from evenkeel.core.schemes import closure, escalation
from evenkeel.core.schemes.models import in_force
from evenkeel.core.schemes.reminders import Reminders
from evenkeel.processes.incidents.actions import closing
from evenkeel.processes.incidents.lifecycle import NEW, ON_HOLD, WORKED_ON
from evenkeel.processes.incidents.models import Case, Incident, ServiceRequest

Given = dict[str, Any]
CASES: tuple[type[Case], ...] = (Incident, ServiceRequest)
_DONE = ("resolved", "fulfilled")
_AWAITED = Q(state=ON_HOLD, hold_reason=Case.HoldReason.USER)
logger = logging.getLogger(__name__)


def remind(
    case: Case,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", "Of what, and by when.", long=True, inside=True)],
) -> None:
    """Remind the case owner, and whoever has an open task of it."""


def remind_of_word(case: Case, *, by: User, at: datetime) -> Given:
    """The user has heard nothing for longer than the rules allow; the case owner is reminded."""
    _check(word_due(case, at), at)
    return {"minutes": _rules(at).minutes_for(case.priority)}


def remind_of_task(case: Case, *, by: User, at: datetime) -> Given:
    """Tasks are past their time: the case owner and whoever has them are reminded."""
    _check(tasks_due(case, at), at)
    titles = late_tasks(case, at).order_by("due_at").values_list("title", flat=True)
    return {"late": ", ".join(titles)}


def remind_user(case: Case, *, by: User, at: datetime) -> Given:
    """The user is asked again for the answer, or the confirmation, that the case waits for."""
    _check(answer_due(case, at), at)
    return {"awaited": "confirmation" if case.state in _DONE else "answer"}


def _check(due: datetime | None, at: datetime) -> None:
    if due is None or due > at:
        raise Invalid({"": ["There is nothing to remind of yet."]})


def _rules(at: datetime) -> Reminders:
    version = in_force(escalation.NAME, "ISRM", at)
    found: Reminders = version.read.reminders if version else Reminders()
    return found


def word_due(case: Case, at: datetime) -> datetime | None:
    """When the user has heard nothing for too long, in the hours of what is promised."""
    minutes = _rules(at).minutes_for(case.priority)
    awaited = case.state == ON_HOLD and case.hold_reason == Case.HoldReason.USER
    if not minutes or awaited or case.state not in (NEW, *WORKED_ON):
        return None
    said = Comment.objects.filter(record=case.pk, audience=Audience.PUBLIC)
    heard = said.exclude(said_by=case.requester_id).aggregate(last=Max("said_at"))["last"]
    moved = _last(case, "remind_of_word", "resume", "reopen")
    since: datetime = max(filter(None, (heard, moved, case.recorded_at)))
    clock = Clock.objects.filter(record=case.pk, agreement=None).order_by("pk").first()
    if clock is None:
        return since + timedelta(minutes=minutes)
    return moment_of(clock.hours.reach(seconds_of(since), minutes * 60))


def tasks_due(case: Case, at: datetime) -> datetime | None:
    """When it is time to remind of its late tasks: at once, and then in the interval."""
    hours = _rules(at).task_hours
    first = late_tasks(case, at).order_by("due_at").values_list("due_at", flat=True).first()
    if not hours or first is None:
        return None
    last = _last(case, "remind_of_task")
    return last + timedelta(hours=hours) if last else first


def late_tasks(case: Any, at: datetime) -> Any:
    """Its open tasks that are past their time."""
    return Task.objects.filter(record=case.pk, done_at=None, due_at__lte=at)


def answer_due(case: Case, at: datetime) -> datetime | None:
    """When the user, for whom it waits, is asked again: by the closure rule, in working days."""
    version = in_force(closure.NAME, "ISRM", at)
    days = version.read.rule_for(case.kind(), case.priority).remind_days if version else 0
    since = case.done_at if case.state in _DONE else _held_since(case)
    if not days or since is None or _answered(case, since):
        return None
    last = _last(case, "remind_user")
    start = max(last, since) if last else since
    return closing.after_working_days(start, days, closing.calendar_in_force(at))


def _held_since(case: Case) -> datetime | None:
    awaited = case.state == ON_HOLD and case.hold_reason == Case.HoldReason.USER
    return _last(case, "put_on_hold") if awaited else None


def _answered(case: Case, since: datetime) -> bool:
    said = Comment.objects.filter(record=case.pk, said_by=case.requester_id, said_at__gt=since)
    return case.requester_id is None or said.exists()


def _last(case: Case, *verbs: str) -> datetime | None:
    names = [f"{case.collection}.{verb}" for verb in verbs]
    found = Entry.objects.filter(record=case.pk, verb__in=names).aggregate(last=Max("at"))
    last: datetime | None = found["last"]
    return last


def remind_all(at: datetime, via: Via = Via.JOB) -> int:
    """Remind of everything that is due by a moment, once each; says how often."""
    return sum(sweep(at, via) for sweep in (of_words, of_tasks, of_answers))


def of_words(at: datetime, via: Via = Via.JOB) -> int:
    """Remind the owners whose users have heard nothing for too long."""
    found: list[tuple[Case, datetime | None]] = []
    for rule in _rules(at).silence:
        before = at - timedelta(minutes=rule.minutes)
        said = Comment.objects.filter(
            record=OuterRef("pk"), audience=Audience.PUBLIC, said_at__gt=before
        ).exclude(said_by=OuterRef("requester"))
        silent = Q(priority=rule.priority, state__in=(NEW, *WORKED_ON), recorded_at__lte=before)
        found += [
            (case, word_due(case, at))
            for case in _unreminded("remind_of_word", silent & ~_AWAITED & Q(~Exists(said)), before)
        ]
    return _remind("remind_of_word", found, at, via)


def of_tasks(at: datetime, via: Via = Via.JOB) -> int:
    """Remind of the tasks that are past their time."""
    hours = _rules(at).task_hours
    late = Q(pk__in=Task.objects.filter(done_at=None, due_at__lte=at).values("record"))
    cases = _unreminded("remind_of_task", late, at - timedelta(hours=hours)) if hours else ()
    return _remind("remind_of_task", [(case, tasks_due(case, at)) for case in cases], at, via)


def of_answers(at: datetime, via: Via = Via.JOB) -> int:
    """Ask the users again for whom a case waits."""
    version = in_force(closure.NAME, "ISRM", at)
    days = [rule.remind_days for rule in version.read.rules if rule.remind_days] if version else []
    if not days:
        return 0
    before = at - timedelta(days=min(days))
    waits = Q(recorded_at__lte=before) & (Q(state__in=_DONE) | _AWAITED)
    cases = _unreminded("remind_user", waits, before)
    return _remind("remind_user", [(case, answer_due(case, at)) for case in cases], at, via)


def _unreminded(verb: str, which: Q, since: datetime) -> Iterator[Any]:
    """Open cases of which nobody was reminded since then; the rest is asked case by case."""
    for model in CASES:
        name = f"{model.collection}.{verb}"
        reminded = Entry.objects.filter(record=OuterRef("pk"), verb=name, at__gt=since)
        cases: Any = model.objects.filter(which, ~Exists(reminded), of_kind=model.kind())
        yield from cases.filter(is_open=True).order_by("pk")


def _remind(verb: str, found: list[tuple[Case, datetime | None]], at: datetime, via: Via) -> int:
    count, sms = 0, User.objects.the_sms()
    for case, due in found:
        if due is None or due > at:
            continue
        try:
            registry[f"{case.collection}.{verb}"](case, by=sms, at=at, via=via)
            count += 1
        except (Invalid, Denied) as refused:  # somebody was faster
            logger.info("%s: %s", case.number, refused)
    return count
