"""The demonstration is loaded at any hour of any day, though what is open then differs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from evenkeel.core.demo.loading import load
from evenkeel.core.records.models import Entry
from evenkeel.core.records.sealing import broken
from evenkeel.processes.incidents.models import Incident

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
HOURS = (3, 32, 65, 86, 118, 143, 167)  # one of each day, by night and by day
_BACK = """
    SELECT record.number, earlier.verb, later.verb
    FROM core_entry AS earlier
    JOIN core_entry AS later USING (record_id)
    JOIN core_record AS record ON record.id = record_id
    WHERE later.position = earlier.position + 1 AND later.at < earlier.at AND earlier.via = 'demo'
"""


@pytest.mark.django_db
class TestTheDemonstration:
    @pytest.mark.parametrize("hours", HOURS)
    def test_is_loaded_at_any_hour(self, hours: int) -> None:
        moment = MONDAY + timedelta(hours=hours, minutes=hours * 7 % 60)
        load(moment)
        assert Incident.objects.filter(is_open=True).count() > 10
        assert Incident.objects.filter(major="declared").exists()
        assert list(broken()) == []
        with connection.cursor() as cursor:
            cursor.execute(_BACK)
            assert cursor.fetchall() == []
        assert not Entry.objects.filter(via="demo", at__gt=moment).exists()
