"""A compiled query answers as the query does, for every argument."""

from typing import Any

import pytest
from django.db import connection, models
from django.db.models.functions import Cast
from django.test.utils import CaptureQueriesContext

from evenkeel.core.database.compiled import Compiled

pytestmark = pytest.mark.django_db


def applied(app: str, name: str) -> Any:
    """The migrations that were applied: rows that every database of ours has."""
    from django.db.migrations.recorder import MigrationRecorder

    found = MigrationRecorder.Migration.objects.filter(app=app, name=name)
    return found.values_list("app", "name", Cast("id", models.TextField()))


class TestCompiled:
    def test_answers_as_the_query_does(self) -> None:
        compiled = Compiled(applied, "an app", "a name")
        for arguments in (("core", "0001_initial"), ("core", "none"), ("auth", "0001_initial")):
            assert compiled.rows(*arguments) == list(applied(*arguments))

    def test_converts_what_the_database_gives(self) -> None:
        def lists(text: str) -> Any:
            from django.db.migrations.recorder import MigrationRecorder

            value = Cast(models.Value(text), models.JSONField())
            return MigrationRecorder.Migration.objects.values_list(value)[:1]

        assert Compiled(lists, "an example").rows("[1, 2]") == [([1, 2],)]

    def test_asks_once(self) -> None:
        compiled = Compiled(applied, "an app", "a name")
        with CaptureQueriesContext(connection) as made:
            compiled.rows("core", "0001_initial")
        assert len(made) == 1

    def test_refuses_an_example_that_is_not_in_the_query(self) -> None:
        with pytest.raises(TypeError, match="not in the query"):
            Compiled(lambda app: applied("core", "0001_initial"), "an app").rows("core")

    def test_gives_records_and_takes_numbers(self) -> None:
        from django.db.migrations.recorder import MigrationRecorder

        def of_key(key: int) -> Any:
            return MigrationRecorder.Migration.objects.filter(id=key)

        one = MigrationRecorder.Migration.objects.latest("id")
        assert Compiled(of_key, 1).records(one.pk) == [one]
        assert Compiled(of_key, 1).records(one.pk)[0].name == one.name
