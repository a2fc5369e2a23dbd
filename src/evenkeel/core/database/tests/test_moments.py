"""Moments come out of the database as they went in."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st


def read(moment: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [moment])
        [(found,)] = cursor.fetchall()
    assert isinstance(found, datetime)
    return found


@pytest.mark.django_db
class TestMoments:
    @given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)))
    def test_are_read_to_the_microsecond_and_in_utc(self, moment: datetime) -> None:
        found = read(moment.isoformat())
        assert found == moment
        assert found.tzinfo == UTC

    def test_given_in_a_zone_are_the_same_in_utc(self) -> None:
        assert read("2026-10-25 02:30:00+02") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert read("2026-10-25 02:30:00+01") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    def test_are_read_so_by_a_cursor_that_stays_on_the_server_too(self) -> None:
        with connection.chunked_cursor() as cursor:
            cursor.execute("SELECT '2026-02-03 04:05Z'::timestamptz")
            assert cursor.fetchall() == [(datetime(2026, 2, 3, 4, 5, tzinfo=UTC),)]
