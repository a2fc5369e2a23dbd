"""The clocks of a case as bars: what is left of each promise, and how it came to that."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe
from markupsafe import Markup

from evenkeel.core.clocks import declaring, derivation, forecast, helping, ownership
from evenkeel.core.clocks.engine import Phase
from evenkeel.core.clocks.models import Clock, moment_of, seconds_of
from evenkeel.core.clocks.targets import within
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record
from evenkeel.core.web import bars, words
from evenkeel.core.web.bars import Bar
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in


@dataclass(frozen=True)
class Shown:
    """One clock: what it is of, its bar, what is said beside it."""

    title: str
    bar: Bar
    said: str
    target: str
    due: Markup
    until: str  # up to when its bar looks ahead
    url: str


def panel(record: Record, reader: User) -> tuple[str, str, dict[str, Any]] | None:
    """The bars of a record; a record of which nothing is promised costs no query."""
    if not getattr(record, "agreement_id", None) and not getattr(record, "helped_by", None):
        return None
    clocks = list(shown_of(record, reader, timezone.now()))
    return ("Clocks", "parts/clocks.html", {"clocks": clocks}) if clocks else None


def shown_of(record: Record, reader: User, now: datetime) -> Iterator[Shown]:
    """The clocks that have a target and may be seen, in the order of their declaration.

    Those of helpers come last, as they came.
    """
    clocks = list(seen(record, reader))
    for measure in declaring.of(record.of_kind):
        for clock in clocks:
            if clock.name == measure.kind:
                yield _shown(clock, measure.title, record, now)
    for clock in clocks:
        if clock.agreement_id:
            yield _shown(clock, title_of(clock, record), record, now)


def seen(record: Record, reader: User) -> "QuerySet[Clock]":
    """What suppliers and members promise us is for those inside; customers never see it (R-16)."""
    found = Clock.objects.filter(record_id=record.pk, target__gt=0).order_by("pk")
    is_inside = visibility.is_inside(reader, record.of_kind)
    return found if is_inside else found.filter(agreement=None)


def title_of(clock: Clock, record: Record) -> str:
    """What it is of: "Resolution", "Resolution, AGR-7 with NetSpan"."""
    title = next(one.title for one in declaring.of(record.of_kind) if one.kind == clock.kind)
    return f"{title}, {helping.said(record, clock)}" if clock.agreement_id else title


@require_safe
@signed_in
def derive(
    request: HttpRequest, user: User, collection: str, number: str, kind: str
) -> HttpResponseBase:
    """How a clock came to what it shows, step by step."""
    record = record_of(screen_of(collection), user, number)
    clock = next((one for one in seen(record, user) if one.name == kind), None)
    if clock is None:
        raise Http404(f"{number} has no clock of this kind.")
    reading, course = clock.read(timezone.now()), course_of(record, user)
    context = {
        "record": record,
        "title": title_of(clock, record),
        "why": helping.why(record, clock),
        "steps": list(derivation.steps(reading, clock.hours)),
        "sum": derivation.duration(reading.elapsed),
        "target": within(clock.target or 0),
        "calendar": clock.calendar_name,
        "zone": clock.zone or clock.hours.calendar.zone,
        "parts": course.parts(reading, clock.hours) if course else {},
    }
    return draw(request, "clock.html", context, block="steps")


def course_of(record: Record, reader: User) -> ownership.Course | None:
    """Through whose hands it went; who of us had it is no customer's affair."""
    return ownership.of(record) if visibility.is_inside(reader, record.of_kind) else None


def _shown(clock: Clock, title: str, record: Record, now: datetime) -> Shown:
    """What runs is looked ahead of to the end of its own service hours of the day."""
    reading, target, runs = clock.read(now), clock.target or 1, clock.is_running
    tone, said = bars.said(reading, target)
    is_away = clock.agreement_id and reading.phase == Phase.STOPPED and record.is_open
    if is_away and reading.elapsed <= target:
        said = f"{derivation.duration(reading.elapsed // 60 * 60)} so far, not with them now"
    closes = forecast.closing(clock.hours, seconds_of(now))
    bar = bars.bar(
        forecast.course(reading, target, clock.hours, closes),
        tone,
        moment_of(closes) if runs else None,
    )
    due = words.when(moment_of(reading.due)) if runs else Markup("")
    until = words.by(moment_of(closes) or now) if runs else ""
    url = f"{record.url}clock/{clock.name}/"
    return Shown(title, bar, said, within(target), due, until, url)
