"""Pages of the service desk that show more than one record."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from evenkeel.core.figures.months import Month
from evenkeel.core.people.models import User
from evenkeel.core.records.visibility import hides
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.schemes import intake, quality
from evenkeel.core.schemes.models import in_force
from evenkeel.core.web import navigation
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.models import Case, Contact, Incident, ServiceRequest
from evenkeel.processes.incidents.models.monitored import OF_EVENTS, Outcome, asked
from evenkeel.processes.incidents.screens.quality import is_shown
from evenkeel.processes.incidents.screens.trends import MONTHS, Trend, cases, choices, may_read

KINDS = {model.collection: model for model in (Incident, ServiceRequest)}
PAGE = 50
DAYS = (7, 30, 90)


@require_safe
@signed_in
def records(request: HttpRequest, user: User) -> HttpResponseBase:
    """Closed cases whose record lacks something, and the sample to look at (ISRM-46)."""
    if not is_shown(user):
        raise Denied("The quality of records is for those inside the service desk.")
    chosen = request.GET.get("of", "")
    model = KINDS.get(chosen, Incident)
    before = _moment(request.GET.get("before", ""))
    now = timezone.now()
    version = in_force(quality.NAME, "ISRM", now)
    size = version.read.sample if version else 0
    lacking = queries.lacking(user, model, before, PAGE + 1)
    last = lacking[PAGE - 1].counted_at if len(lacking) > PAGE else None
    context = {
        "kinds": [(name, navigation.plural(kind)) for name, kind in KINDS.items()],
        "chosen": model.collection,
        "before": before,
        "sample": queries.sample(user, model, size, now) if size and not before else [],
        "lacking": lacking[:PAGE],
        "older": last.isoformat() if last else "",
    }
    return draw(request, "incidents/quality.html", context)


@require_safe
@signed_in
def channels(request: HttpRequest, user: User) -> HttpResponseBase:
    """By which channels people reached the desk lately, each figure leading to its cases."""
    if not is_shown(user):
        raise Denied("What came by which channel is for those inside the service desk.")
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(one) for one in DAYS} else DAYS[1]
    found = queries.by_channel(user, timezone.now() - timedelta(days=days))
    version = in_force(intake.NAME, "ISRM", timezone.now())
    is_open = version.read.open_channels if version else Case.Channel.values
    rows = [
        (name, words, name in is_open, [(kind, found[kind].get(name, 0)) for kind in found])
        for name, words in Case.Channel.choices
    ]
    context = {
        "rows": rows,
        "kinds": [navigation.plural(model) for model in (*KINDS.values(), Contact)],
        "sums": [sum(counted.values()) for counted in found.values()],
        "days": days,
        "choices": DAYS,
        "scheme": version.scheme if version else None,
    }
    return draw(request, "incidents/channels.html", context)


@require_safe
@signed_in
def events(request: HttpRequest, user: User) -> HttpResponseBase:
    """What monitoring reported, and what became of each (R-04)."""
    if not is_shown(user):
        raise Denied("What monitoring reports is for those inside the service desk.")
    asks = request.GET.dict()
    params = {name: str(asks[name]) for name in (*OF_EVENTS, "after") if name in asks}
    try:
        found = list(asked(params, user)[: PAGE + 1])
    except Invalid as refused:
        raise Http404(str(refused)) from refused
    kept = {name: value for name, value in params.items() if name != "after" and value}
    older = urlencode({**kept, "after": found[PAGE - 1].pk}) if found[PAGE:] else ""
    context = {
        "rows": [(one, one.incident and hides(user, one.incident)) for one in found[:PAGE]],
        "outcomes": Outcome.choices,
        "kept": kept,
        "without": urlencode({k: v for k, v in kept.items() if k != "outcome"}),
        "older": older,
        "after": params.get("after", ""),
    }
    return draw(request, "incidents/events.html", context)


@require_safe
@signed_in
def trends(request: HttpRequest, user: User) -> HttpResponseBase:
    """Cases by month and by what they have in common; the address is what one shares."""
    if not may_read(user):
        raise Denied("Trends are for those inside the service desk and problem management.")
    try:
        trend = Trend.asked(request.GET, timezone.now(), user)
    except Invalid as refused:
        kept = {name: said for name, said in request.GET.items() if name not in refused.errors}
        refusal = {"errors": refused.errors, "back": request.path, "title": ""}
        refusal["without"] = f"{request.path}?{urlencode(kept)}"
        return draw(request, "list_refused.html", refusal, status=400)
    month, name = Month.read(request.GET.get("month", "")), request.GET.get("what", "")
    context = {
        "trend": trend,
        "kinds": [(name, navigation.plural(kind)) for name, kind in KINDS.items()],
        "ways": choices(trend.collection).items(),
        "spans": [(one, f"{one} months") for one in MONTHS],
        "what": name,
        "month": month,
        "cases": cases(trend, user, name, month) if name and month else None,
        "opens": is_shown(user),
    }
    return draw(request, "incidents/trends.html", context)


def _moment(asked: str) -> datetime | None:
    try:
        found = parse_datetime(asked)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None
