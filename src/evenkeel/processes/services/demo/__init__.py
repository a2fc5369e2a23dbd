"""What is promised in the demonstration, whether it was kept, and reports of it."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from evenkeel.core.clocks import agreeing, calendars, days_off
from evenkeel.core.clocks.models import Clock, Told
from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import User
from evenkeel.core.process import DAYS, demonstrations, endings
from evenkeel.core.records.entry import Via
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes.models import Scheme, in_force
from evenkeel.processes.services.actions import (
    agreement,
    recomputation,
    recomputing,
    report,
    violation,
)
from evenkeel.processes.services.demo.portfolio import (
    CLOSED,
    CLOSED_TO,
    build_services,
    name_owners,
    offer_services,
)
from evenkeel.processes.services.models import (
    Agreement,
    Recomputation,
    Service,
    ServiceReport,
    Violation,
)
from evenkeel.processes.services.models.report import last_month, midnight, months_before

AGREED: dict[str, tuple[Agreement.Kind, str, str]] = {
    "Coastal Genomics Consortium": (
        Agreement.Kind.SLA,
        "Gold",
        "Major: response 15 min, resolution 2 h\n"
        "P1: response 30 min, resolution 2 h, fulfilment 8 h\n"
        "P2: response 1 h, resolution 8 h, fulfilment 16 h\n"
        "P3: response 4 h, resolution 30 h, fulfilment 40 h\n"
        "P4: response 8 h, resolution 50 h, fulfilment 60 h",
    ),
    "Sky Survey Collaboration": (
        Agreement.Kind.SLA,
        "Silver",
        "Major: response 30 min, resolution 3 h\n"
        "P1: response 45 min, resolution 4 h, fulfilment 12 h\n"
        "P2: response 2 h, resolution 12 h, fulfilment 20 h\n"
        "P3: response 6 h, resolution 36 h, fulfilment 50 h\n"
        "P4: response 12 h, resolution 55 h, fulfilment 70 h",
    ),
    "Vale University Computing Centre": (
        Agreement.Kind.OLA,
        "Login gateway and compute",
        "P1: resolution 2 h, fulfilment 2 h\n"
        "P2: resolution 6 h, fulfilment 6 h\n"
        "P3: resolution 20 h, fulfilment 20 h\n"
        "P4: resolution 40 h, fulfilment 40 h",
    ),
    "Polar Data Institute": (
        Agreement.Kind.OLA,
        "Storage and transfer",
        "P1: resolution 2 h, fulfilment 2 h\n"
        "P2: resolution 6 h, fulfilment 6 h\n"
        "P3: resolution 20 h, fulfilment 20 h\n"
        "P4: resolution 40 h, fulfilment 40 h",
    ),
    "Harbour Marine Lab": (
        Agreement.Kind.OLA,
        "Archive and virtual machines",
        "P1: resolution 3 h, fulfilment 3 h\n"
        "P2: resolution 8 h, fulfilment 8 h\n"
        "P3: resolution 24 h, fulfilment 24 h\n"
        "P4: resolution 48 h, fulfilment 48 h",
    ),
    "NetSpan": (
        Agreement.Kind.UA,
        "Backbone",
        "P1: resolution 4 h, fulfilment 4 h\n"
        "P2: resolution 8 h, fulfilment 8 h\n"
        "P3: resolution 24 h, fulfilment 24 h\n"
        "P4: resolution 48 h, fulfilment 48 h",
    ),
    "CloudPeak": (
        Agreement.Kind.UA,
        "Object storage",
        "P1: resolution 8 h, fulfilment 8 h\n"
        "P2: resolution 24 h, fulfilment 24 h\n"
        "P3: resolution 40 h, fulfilment 40 h\n"
        "P4: resolution 60 h, fulfilment 60 h",
    ),
}
SORRY = (
    "We promised you a {target} of “{title}” within {within}, by {due}. We may not keep that, or"
    " have not; we are sorry. We go on with it, and tell you here how far we are."
)
MAINTENANCE = "Wed 16:00-18:00\nSat-Sun 06:00-12:00"
AVAILABILITY = {
    "Gold": "99.5 %\nMailing & Collaboration: 99 %",
    "Silver": "98 %",
    CLOSED: "99.5 %",
}
RECENT = DAYS  # of which the demonstration has violations


def agree(people: dict[str, User], now: datetime) -> None:
    """Put in force what is agreed; whoever has no agreement falls under the default."""
    start = now - timedelta(days=DAYS)
    parties = {one.title: one for one in Organisation.objects.all()}
    for title, (kind, name, targets) in AGREED.items():
        made = agreement.record(
            Agreement(),
            by=people["aisha"],
            at=start,
            via=Via.DEMO,
            title=name,
            agreement_kind=kind,
            organisation=parties[title],
        )
        _put_in_force(made, people, start, targets)

    vault = Service.objects.get(title=CLOSED)
    customer = parties[CLOSED_TO]
    about: dict[str, Any] = {"title": CLOSED, "organisation": customer, "service": vault}
    made = agreement.record(Agreement(), by=people["aisha"], at=start, via=Via.DEMO, **about)
    _put_in_force(made, people, start, AGREED[CLOSED_TO][2])


def _put_in_force(made: Agreement, people: dict[str, User], at: datetime, targets: str) -> None:
    how: dict[str, Any] = {"at": at, "via": Via.DEMO}
    terms: dict[str, Any] = {"calendar": "Office hours", "targets": targets, "customer_text": SORRY}
    if made.agreement_kind == Agreement.Kind.SLA:
        terms |= {"maintenance": MAINTENANCE, "availability": AVAILABILITY[made.title]}
    agreement.draft(made, by=people["aisha"], **how, **terms)
    agreement.approve(made, by=people["ingrid"], **how)


def record_violations(people: dict[str, User], now: datetime) -> None:
    """What the cases written in bulk passed lately; of those that are solved it is known why."""
    since = now - timedelta(days=RECENT)
    lately = Clock.objects.filter(warned_at__gte=since, told__gte=Told.WARNED, target__gt=0)
    live, sms = Violation.objects.values_list("about"), User.objects.the_sms()
    for clock in lately.exclude(record__in=live).select_related("record").order_by("warned_at"):
        passed = (clock.warned_at, Told.WARNED), (clock.breached_at, Told.BREACHED)
        for at, level in passed:
            if at and level <= clock.told:
                agreeing.hear(clock.record.in_full(), clock, level, at, sms)
    why = "The customer was told in the replies on the case."
    solved: Any = Violation.objects.filter(about__is_open=False, state="recorded")
    for one in solved.select_related("about"):
        at = max(one.passed_at, one.about.closed_at)
        violation.waive(one, by=people["aisha"], at=at, via=Via.DEMO, reason=why)


def report_months(people: dict[str, User], now: datetime) -> None:
    """Gold has its report of the month before last, and could be sent that of last month."""
    gold: Any = Organisation.objects.get(title="Coastal Genomics Consortium")
    first, last = last_month(now)
    at = min(now, midnight(last) + timedelta(days=1, hours=4))
    how: dict[str, Any] = {"by": people["aisha"], "at": at, "via": Via.DEMO}
    before: dict[str, Any] = {"since": months_before(first, 1), "until": first - timedelta(days=1)}
    sent = report.record(ServiceReport(), **how, **before, organisation=gold)
    sent = report.approve(sent, **how)
    report.send(sent, **how, to=people["lena"])
    report.make_monthly(at)
    for made in ServiceReport.objects.filter(organisation=gold, state="draft"):
        report.approve(made, **how)


def forget_a_day(people: dict[str, User], now: datetime) -> None:
    """The move of the office came late into the calendar; what it does to open cases is to read."""
    scheme: Any = Scheme.objects.get(scheme_kind=calendars.NAME, context=calendars.CONTEXT)
    version: Any = in_force(calendars.NAME, calendars.CONTEXT, now)
    content = deepcopy(version.content)
    days = [now.date() + timedelta(days=ahead) for ahead in range(1, 5)]
    closed = [f"{day} Move of the office" for day in days if day.weekday() < 5][:2]
    for one in content["calendars"]:
        if one["name"] == "Office hours":
            one["days"] = [*one["days"], *closed]
    how: dict[str, Any] = {"at": now, "via": Via.DEMO}
    why = "The office moves, and nobody is at a desk."
    schemes.draft(scheme, by=people["aisha"], **how, content=content, because=why)
    schemes.approve(scheme, by=people["ingrid"], **how)
    made = recomputation.record(Recomputation(), by=people["aisha"], **how, because=why)
    recomputing.go_on(made.pk, now)
    close_for_inventory(scheme, people, now)


def close_for_inventory(scheme: Scheme, people: dict[str, User], now: datetime) -> None:
    """Days off came in an iCalendar file; they are drafted, and wait for their approval."""
    first = now.date() + timedelta(days=120)
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Aurelia Hub//Closures//EN"),
        *("BEGIN:VEVENT", "UID:inventory", f"DTSTART;VALUE=DATE:{first:%Y%m%d}", "DURATION:P3D"),
        *("RRULE:FREQ=YEARLY;COUNT=2", "SUMMARY:Inventory", "END:VEVENT", "END:VCALENDAR", ""),
    )
    file = ContentFile("\r\n".join(lines).encode(), "closures.ics")
    how: dict[str, Any] = {"by": people["aisha"], "at": now, "via": Via.DEMO}
    days_off.read_days(scheme, **how, calendar="Office hours", file=file)


endings += [record_violations, report_months, forget_a_day]
demonstrations += [offer_services, build_services, name_owners, agree]
