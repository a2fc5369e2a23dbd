"""`evenkeel jobs` and `evenkeel reindex`, on a real database."""

import json
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from evenkeel.core import cli
from evenkeel.core.search.models import SearchRow

pytestmark = pytest.mark.django_db


class TestJobsCommand:
    def test_names_jobs_and_timetable_and_warns_of_what_is_stuck(self, capsys: Any) -> None:
        app.configure_task("incidents.remind").defer()
        assert cli.main(["jobs"]) == 0
        with connection.cursor() as cursor:  # taken by a worker who is no more
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        assert cli.main(["jobs"]) == 1
        said = capsys.readouterr().out
        assert said.count("incidents.remind, not begun") == 2
        assert said.count("\nstalled ") == 1
        assert "core.requeue_stalled, last due never" in said

    def test_prints_json_for_programs(self, capsys: Any) -> None:
        assert cli.main(["jobs", "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["jobs"] == []
        assert "core.requeue_stalled" in [line["name"] for line in said["timetable"]]


class TestReindexCommand:
    def test_puts_an_index_right_that_lacks_records(self, capsys: Any) -> None:
        assert cli.main(["demo"]) == 0
        SearchRow.objects.all().delete()
        assert cli.main(["reindex", "--check"]) == 1
        assert cli.main(["reindex"]) == 0
        assert capsys.readouterr().out.endswith("Records that the search index lacks: 0.\n")
