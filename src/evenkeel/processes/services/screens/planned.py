"""What is planned about services and agreements, for the calendars of those who may see it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from evenkeel.core.clocks import agreeing, calendars, maintenance
from evenkeel.core.clocks.models import moment_of, seconds_of
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.web.planned import MOST, Planned, plans
from evenkeel.processes.services.models import Agreement, AgreementVersion, Service
from evenkeel.processes.services.models.report import midnight

AHEAD = timedelta(days=56)  # of maintenance


def reviews(reader: User, first: date, last: date) -> Iterator[Planned]:
    """When services and agreements are looked at again, for those who look after them."""
    for kind in (Service, Agreement):
        if visibility.is_inside(reader, kind.kind()):
            seen: Any = kind.objects.visible_to(reader).filter(is_open=True)
            due = seen.filter(review_on__range=(first, last)).order_by("review_on", "pk")
            yield from (Planned(one, one.review_on, "Review") for one in due[:MOST])


def terms(reader: User, first: date, last: date) -> Iterator[Planned]:
    """When versions of agreements begin to hold, and when agreements hold no more."""
    seen = Agreement.objects.visible_to(reader).values("pk")
    held = AgreementVersion.objects.filter(standing="approved").select_related("agreement")
    span = midnight(first), midnight(last + timedelta(days=1))
    others = held.filter(agreement=OuterRef("agreement")).exclude(pk=OuterRef("pk"))
    follows = others.filter(valid_from=OuterRef("valid_until"))
    begin: Any = held.filter(agreement__in=seen, valid_from__range=span)
    end: Any = held.filter(~Exists(follows), agreement__in=seen, valid_until__range=span)
    for one in begin.order_by("valid_from", "pk")[:MOST]:
        day = timezone.localdate(one.valid_from)
        yield Planned(one.agreement, day, f"Version {one.number} holds from now on")
    for one in end.order_by("valid_until", "pk")[:MOST]:
        yield Planned(one.agreement, timezone.localdate(one.valid_until), "Agreement ends")


def maintained(reader: User, first: date, last: date) -> Iterator[Planned]:
    """When services may be away, as is agreed; of the next weeks, for it comes again and again."""
    now = timezone.now()
    seen = Agreement.objects.visible_to(reader).filter(state="in_force").values("pk")
    held = AgreementVersion.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=now),
        agreement__in=seen,
        standing="approved",
        valid_from__lte=now,
        content__maintenance__gt="",
    )
    for one in held.select_related("agreement").order_by("pk")[:MOST]:
        found = agreeing.read(one.agreement_id, one.number)
        version = found and calendars.version_at(found.calendar, now)
        hours = maintenance.hours_of(found, version) if found and version else None
        ends = min(midnight(last), now + AHEAD)
        for start, end in hours.spans(seconds_of(now), seconds_of(ends)) if hours else ():
            begins, until = moment_of(start), moment_of(end)
            if begins and until:
                yield Planned(one.agreement, begins, "Agreed maintenance", until)


plans += [reviews, terms, maintained]
