"""A connection that was kept between requests: does it still stand?"""

import select
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

pytestmark = pytest.mark.django_db

LAST_ASKED = "SELECT query_start FROM pg_stat_activity WHERE pid = %s"


@pytest.fixture
def kept() -> Iterator[Any]:
    """A connection of its own, that has been used."""
    other = connections.create_connection("default")
    other.ensure_connection()
    with other.cursor() as cursor:
        cursor.execute("LISTEN gossip")
    yield other
    other.close()


def ask(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


class TestConnection:
    def test_that_stands_is_used_without_a_word_to_the_server(self, kept: Any) -> None:
        process = kept.connection.info.backend_pid
        before = ask(LAST_ASKED, process)

        assert kept.is_usable()
        assert ask(LAST_ASKED, process) == before

    def test_that_the_server_has_ended_is_not_used(self, kept: Any) -> None:
        ask("SELECT pg_terminate_backend(%s, 5000)", kept.connection.info.backend_pid)

        assert not kept.is_usable()

    def test_that_was_told_something_is_used(self, kept: Any) -> None:
        speaker = connections.create_connection("default")
        with speaker.cursor() as cursor:
            cursor.execute("NOTIFY gossip, 'the kettle boils'")
        speaker.close()

        assert select.select([kept.connection], [], [], 5)[0]  # it has something to read
        assert kept.is_usable()

    def test_that_was_never_made_is_not_used(self) -> None:
        assert not connections.create_connection("default").is_usable()
