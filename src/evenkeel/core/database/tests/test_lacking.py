"""What is missing is known by the faults that a full disk and a lost database really give."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from django.db.utils import InterfaceError, OperationalError

from evenkeel.core.database import lacking
from evenkeel.core.database.lacking import Lack

FULL = "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"


@pytest.fixture
def another(db: None) -> Iterator[Any]:
    """A connection beside that of the test, which may be lost."""
    made = connections.create_connection("default")
    yield made
    made.close()


def test_a_disk_is_full_when_a_file_cannot_be_written() -> None:
    with pytest.raises(OSError, match="No space") as met:
        Path("/dev/full").write_text("x")
    assert lacking.of(met.value) is Lack.ROOM


def test_a_disk_is_full_when_the_database_says_so(another: Any) -> None:
    with pytest.raises(DatabaseError) as met, another.cursor() as cursor:
        cursor.execute(FULL)
    assert lacking.of(met.value) is Lack.ROOM


def test_a_disk_is_full_when_that_is_what_another_fault_came_of() -> None:
    def save() -> None:
        try:
            Path("/dev/full").write_text("x")
        except OSError as fault:
            raise ValueError("It was not saved.") from fault

    with pytest.raises(ValueError, match="not saved") as met:
        save()
    assert lacking.of(met.value) is Lack.ROOM


def test_a_database_is_away_when_the_connection_was_ended(another: Any) -> None:
    with pytest.raises(OperationalError) as met, another.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert lacking.of(met.value) is Lack.DATABASE
    with pytest.raises((OperationalError, InterfaceError)) as again, another.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert lacking.of(again.value) is Lack.DATABASE


def test_a_database_is_away_when_nobody_listens(another: Any) -> None:
    nowhere = {**another.settings_dict, "HOST": "127.0.0.1", "PORT": "1"}
    with pytest.raises(OperationalError) as met:
        type(another)(nowhere, "nowhere").ensure_connection()
    assert lacking.of(met.value) is Lack.DATABASE


def test_nothing_is_missing_when_a_statement_is_wrong_or_took_too_long(another: Any) -> None:
    for statement in (
        "SELECT no_such_thing()",
        "SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)",
    ):
        with (
            pytest.raises(DatabaseError) as met,
            transaction.atomic(),
            another.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert lacking.of(met.value) is None
    assert lacking.of(None) is None
    assert lacking.of(OSError("Other")) is None
