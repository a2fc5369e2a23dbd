"""What one statement writes is what Django's own `save` writes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from evenkeel.core.database.writing import insert, update
from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import User

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def organisation(number: str, **values: Any) -> Organisation:
    named = {"of_kind": "organisation", "title": "Öl & Söhne %s", "state": "active"}
    times = {"recorded_at": AT, "edited_at": AT}
    return Organisation(number=number, chain_head=b"\x00%s", **named, **times, **values)


def kept(one: Organisation) -> dict[str, Any]:
    """What the database holds, without what must differ."""
    found: Any = Organisation.objects.filter(pk=one.pk).values().get()
    return {k: v for k, v in found.items() if k not in {"id", "record_ptr_id", "number"}}


class TestAnInsert:
    def test_writes_what_django_writes(self) -> None:
        ours, djangos = organisation("ORG-1"), organisation("ORG-2")
        insert(ours)
        djangos.save(force_insert=True)
        assert kept(ours) == kept(djangos)

    def test_gives_the_row_its_key_and_counts_it_as_written(self) -> None:
        one = organisation("ORG-1")
        insert(one)
        assert one.pk == one.id == one.record_ptr_id == Organisation.objects.get().pk
        assert not one._state.adding

    def test_asks_once_for_all_tables(self) -> None:
        with CaptureQueriesContext(connection) as made:
            insert(organisation("ORG-1"))
        assert len(made) == 1

    def test_writes_a_model_that_has_one_table(self) -> None:
        ada = User(username="ada", full_name="Ada")
        insert(ada)
        assert User.objects.get(username="ada") == ada

    def test_is_refused_by_the_database_as_any_other(self) -> None:
        insert(organisation("ORG-1"))
        with pytest.raises(IntegrityError):
            insert(organisation("ORG-1"))


class TestAnUpdate:
    def test_writes_the_columns_that_are_named_and_no_other(self) -> None:
        one = organisation("ORG-1")
        insert(one)
        before = kept(one)
        one.title, one.state, one.version = "Another", "inactive", 2
        update(one, ["title", "version"])
        assert kept(one) == before | {"title": "Another", "version": 2}

    def test_reaches_every_table_by_one_statement(self) -> None:
        one = organisation("ORG-1")
        insert(one)
        own = next(f for f in Organisation._meta.local_concrete_fields if not f.primary_key)
        with CaptureQueriesContext(connection) as made:
            update(one, ["title", own.attname])
        assert len(made) == 1
        assert made[0]["sql"].count("UPDATE") == 2
