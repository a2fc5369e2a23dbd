"""SQL whose places are numbered."""

from typing import Any

import pytest

from evenkeel.core.database.numbered import cursor, numbered


class TestNumbered:
    def test_counts_the_places(self) -> None:
        assert numbered("a = %s AND b = %s") == "a = $1 AND b = $2"

    def test_leaves_a_percent_sign_that_is_one(self) -> None:
        assert numbered("a LIKE '%%s' AND b = %s") == "a LIKE '%s' AND b = $1"

    @pytest.mark.django_db
    def test_is_what_the_cursor_takes(self) -> None:
        with cursor() as asked:
            asked.execute(numbered("SELECT %s::int + %s::int, 'a' LIKE 'a%%'"), [1, 2])
            assert asked.fetchall() == [(3, True)]

    @pytest.mark.django_db
    def test_is_counted_as_any_other(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1), cursor() as asked:
            asked.execute(numbered("SELECT %s::int"), [1])
