"""The clocks of a case as bars: what is left of each promise, and how it came to that."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe
from markupsafe import Markup

from evenkeel.core.clocks import declaring, derivation
from evenkeel.core.clocks.engine import Phase, Reading
from evenkeel.core.clocks.models import Clock, moment_of
from evenkeel.core.clocks.targets import within
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.web import words
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in


@dataclass(frozen=True)
class Bar:
    """One clock: what it is of, how full it is, what is said beside it."""

    kind: str
    title: str
    tone: str  # "calm", "soon", "late", "wait", "done"
    percent: int
    said: str
    target: str
    due: Markup
    url: str


def panel(record: Record, reader: User) -> tuple[str, str, dict[str, Any]] | None:
    """The bars of a record; a record of which nothing is promised costs no query."""
    if not getattr(record, "agreement_id", None):
        return None
    bars = list(bars_of(record, timezone.now()))
    return ("Clocks", "parts/clocks.html", {"bars": bars}) if bars else None


def bars_of(record: Record, now: datetime) -> Iterator[Bar]:
    """The clocks that have a target, in the order of their declaration."""
    clocks = {one.kind: one for one in Clock.objects.filter(record_id=record.pk, target__gt=0)}
    for measure in declaring.of(record.of_kind):
        if clock := clocks.get(measure.kind):
            yield _bar(clock, measure.title, record, clock.read(now))


@require_safe
@signed_in
def derive(
    request: HttpRequest, user: User, collection: str, number: str, kind: str
) -> HttpResponseBase:
    """How a clock came to what it shows, step by step."""
    record = record_of(screen_of(collection), user, number)
    clock = Clock.objects.filter(record_id=record.pk, kind=kind, target__gt=0).first()
    if clock is None:
        raise Http404(f"{number} has no clock of this kind.")
    reading = clock.read(timezone.now())
    title = next(m.title for m in declaring.of(record.of_kind) if m.kind == kind)
    context = {
        "record": record,
        "title": title,
        "steps": list(derivation.steps(reading, clock.hours)),
        "sum": derivation.duration(reading.elapsed),
        "target": within(clock.target or 0),
        "calendar": clock.calendar_name,
        "zone": clock.zone or clock.hours.calendar.zone,
    }
    return draw(request, "clock.html", context, block="steps")


def _bar(clock: Clock, title: str, record: Record, reading: Reading) -> Bar:
    target = clock.target or 0
    tone, said = _said(reading, target)
    full = min(100, round(100 * reading.elapsed / target))
    runs = reading.phase == Phase.RUNNING
    due = words.due(moment_of(reading.due)) if runs else Markup("")
    url = f"{record.url}clock/{clock.kind}/"
    return Bar(clock.kind, title, tone, full, said, within(target), due, url)


def _said(reading: Reading, target: int) -> tuple[str, str]:
    """Tone and words: what is left in service hours, or by how much it is too late."""
    left = target - reading.elapsed
    amount = derivation.duration(abs(-left // 60) * 60)  # a minute that has begun is left
    if left < 0:
        return "late", f"breached, {amount} over"
    match reading.phase:
        case Phase.STOPPED:
            return "done", f"kept, after {derivation.duration(reading.elapsed // 60 * 60)}"
        case Phase.CANCELLED:
            return "done", "cancelled"
        case Phase.PAUSED:
            return "wait", f"{amount} left, paused"
    return "soon" if reading.warned is not None else "calm", f"{amount} left"
