"""The demonstration is loaded at any hour of any day, though what is open then differs."""

from datetime import UTC, datetime, timedelta

import pytest

from evenkeel.core.demo.loading import load
from evenkeel.processes.incidents.models import Incident

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
HOURS = (3, 32, 65, 89, 118, 143, 167)  # one of each day, by night and by day


@pytest.mark.django_db
class TestTheDemonstration:
    @pytest.mark.parametrize("hours", HOURS)
    def test_is_loaded_at_any_hour(self, hours: int) -> None:
        load(MONDAY + timedelta(hours=hours, minutes=hours * 7 % 60))
        assert Incident.objects.filter(is_open=True).count() > 10
        assert Incident.objects.filter(major="declared").exists()
