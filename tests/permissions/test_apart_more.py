"""Members kept apart: what monitoring reports, and the figures of services (R-76)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from evenkeel.core.clocks.models import Clock
from evenkeel.core.figures import declaring, months, reading
from evenkeel.core.people import parting
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.schemes.models import SchemeVersion
from evenkeel.processes.incidents.models import MonitoringEvent
from tests.permissions.test_apart import SEEN, Federation
from tests.permissions.test_reading import page_of, program_of

pytestmark = [pytest.mark.django_db, pytest.mark.row("R-76")]


@pytest.fixture
def federation(settings: Any) -> Iterator[Federation]:
    settings.MEMBERS_APART = True
    yield Federation()
    parting.forget()


def event(sent_by: User, key: str, incident: Any = None) -> MonitoringEvent:
    now = timezone.now()
    return MonitoringEvent.objects.create(
        source="Watchtower",
        key=key,
        severity="critical" if incident else "information",
        title=f"Okapi {key}",
        at=now,
        received_at=now,
        sent_by=sent_by,
        outcome="opened" if incident else "kept",
        incident=incident,
    )


class TestEvents:
    def test_are_seen_by_those_who_see_their_incident(self, federation: Federation) -> None:
        told = [
            (own, event(federation.people["hub"], f"{own}-{n}", case))
            for n, (own, case) in enumerate(federation.cases("incident"))
        ]
        for name in ("north", "south", "hub", "auditor"):
            user = federation.people[name]
            expected = sorted(one.key for own, one in told if own in SEEN[name])
            page = page_of(user).get("/events/").content.decode()
            assert sorted(one.key for _, one in told if one.title in page) == expected
            assert "of a restricted case" not in page
            items = program_of(user)("events")["items"]
            assert sorted(item["key"] for item in items) == expected

    def test_without_an_incident_are_seen_by_whose_monitoring_reported_them(
        self, federation: Federation
    ) -> None:
        for own, sender in (("north", "north"), ("south", "south"), ("shared", "hub")):
            event(federation.people[sender], own)
        for name in ("north", "south", "hub", "auditor"):
            page = page_of(federation.people[name]).get("/events/").content.decode()
            assert {own for own in ("north", "south", "shared") if f"Okapi {own}" in page} == (
                SEEN[name]
            )


class TestFiguresOfServices:
    def test_count_the_targets_of_what_a_member_sees(self, federation: Federation) -> None:
        now = timezone.now()
        calendar = SchemeVersion.objects.filter(scheme__scheme_kind="service_calendars").latest(
            "pk"
        )
        cases = [*federation.cases("incident"), *federation.cases("service_request")]
        for _, case in cases:
            Clock.objects.create(
                record=case,
                kind="response",
                phase="stopped",
                target=60,
                decided_at=now,
                calendar=calendar,
                calendar_name="Always",
            )
        figure = declaring.figures["SVC-K2"]
        for name in ("north", "south", "hub", "auditor"):
            user = federation.hold(name, RoleType.PROCESS_MANAGER, "SPM")
            month = months.last(now)[-1]
            counted = reading.read(figure, user, [month], now).cell(month).cases
            is_member = name in {"north", "south"}
            expected = sum(own in SEEN[name] for own, _ in cases) if is_member else len(cases)
            assert counted == expected, name
            behind = reading.behind(figure, user, month, priority=None, part="all", now=now)
            seen = sum(found.count() for _, found in behind)
            assert seen == sum(own in SEEN[name] for own, _ in cases), name
