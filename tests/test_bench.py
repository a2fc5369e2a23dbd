"""`evenkeel bench`, on a small database: the figures are there, and they are of right answers."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import conninfo

from evenkeel.project.bench import command as bench
from evenkeel.project.bench import cost, measuring, operations, report
from evenkeel.project.bench.measuring import Machinery
from evenkeel.project.bench.stories import Cast, tell
from tests.test_run import PATIENCE, settings

ONLY = "list page, first"


class TestBench:
    def test_measures_right_answers_and_writes_figures_and_table(self, home: Path) -> None:
        command = [sys.executable, "-m", "evenkeel.project", "bench", "--sizes", "300"]
        done = subprocess.run(
            [*command, "--requests", "8", "--home", str(home / "bench")],
            env=settings(home), capture_output=True, text=True, timeout=4 * PATIENCE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        (size,) = json.loads((home / "bench" / "results.json").read_text())["sizes"]
        wrong = {name: alone["wrong_answers"] for name, (alone, _) in size["operations"].items()}
        assert wrong == {operation.name: {} for operation in operations.OPERATIONS}
        alone, crowd = size["operations"][ONLY]
        assert (alone["concurrency"], crowd["concurrency"]) == (1, 8)
        assert crowd["wrong_answers"] == {}
        assert min(alone["rounds"]) == pytest.approx(alone["processor"], abs=0.01)
        assert len(alone["rounds"]) == 3
        assert alone["queries"] > 0
        # Processor time is told in hundredths of a second: a round of eight may seem to take none.
        assert crowd["server"] > 0
        assert crowd["database"] > 0
        assert 0 < alone["median"] <= alone["p95"]
        assert 0 < size["floors"][ONLY] < max(alone["rounds"])
        assert size["memory"] > 50_000_000
        assert f"| {ONLY} |" in (home / "bench" / "results.md").read_text()
        assert f"| {ONLY} |" in done.stdout

    def test_measures_only_what_is_named_by_its_beginning(self) -> None:
        names = [operation.name for operation in operations.named(["read", "search"])]
        assert names == ["read", "search, two common words", "search, a rare word"]

    @pytest.mark.parametrize("sizes", ["abc", "0", "10,,20", "-5"])
    def test_refuses_sizes_that_are_none(self, sizes: str, capsys: Any) -> None:
        with pytest.raises(SystemExit):
            bench.run([f"--sizes={sizes}"])
        assert "whole numbers above 0" in capsys.readouterr().err


class TestStories:
    @pytest.mark.parametrize("size", [1_000, 8_000])
    def test_have_as_many_rare_words_however_many_they_are(self, size: int) -> None:
        cast = Cast(*[[1, 2]] * 5)
        stories = tell(size, cast, datetime(2026, 3, 1, tzinfo=UTC))
        assert 60 < sum("wombat" in story.values["description"] for story in stories) < 140


class TestCost:
    def test_counts_the_time_of_children_that_have_ended(self) -> None:
        before = cost.processor_seconds(os.getpid())
        subprocess.run([sys.executable, "-c", "sum(range(5_000_000))"], check=True)
        assert cost.processor_seconds(os.getpid()) > before + 0.02

    def test_finds_a_whole_family(self) -> None:
        with subprocess.Popen(["sh", "-c", "sleep 30 & wait"]) as parent:
            try:
                while len(cost.family(parent.pid)) < 2:
                    assert parent.poll() is None
                assert cost.family(parent.pid)[0] == parent.pid
            finally:
                for pid in reversed(cost.family(parent.pid)):
                    subprocess.run(["kill", str(pid)], check=False)


class TestMachinery:
    @pytest.fixture
    def jobs(self) -> Iterator[psycopg.Connection]:
        """A table of jobs that no worker knows."""
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("CREATE SCHEMA quiet")
            connection.execute(
                "CREATE TABLE quiet.procrastinate_jobs (status text, scheduled_at timestamptz)"
            )
            yield connection
            connection.execute("DROP SCHEMA quiet CASCADE")

    def test_is_quiet_when_no_job_is_due(
        self, jobs: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        there = conninfo.make_conninfo(os.environ["DATABASE_URL"], options="-csearch_path=quiet")
        machinery = Machinery(0, 0, 0, there, 0)
        add = "INSERT INTO quiet.procrastinate_jobs VALUES (%s, now() + %s * interval '1 hour')"
        jobs.execute(add, ["todo", 1])
        jobs.execute(add, ["failed", -1])
        assert machinery.await_quiet()
        monkeypatch.setattr(measuring, "PATIENCE", 0.05)
        jobs.execute(add, ["doing", None])
        assert not machinery.await_quiet()


class TestReport:
    def test_names_wrong_answers(self) -> None:
        one = {"wrong_answers": {"500": 3}}
        results = {"sizes": [{"incidents": 10_000, "operations": {"read": [one]}}]}
        assert report.wrong(results) == ["read at 10,000: {'500': 3}"]

    @pytest.mark.parametrize(("value", "base", "said"), [(3.0, 2.0, "1.5×"), (3.0, None, "–")])
    def test_gives_ratios(self, value: float, base: float | None, said: str) -> None:
        assert report.ratio(value, base) == said


class TestClocks:
    def test_that_fall_due_are_told_and_those_of_a_calendar_recomputed(self, home: Path) -> None:
        command = [sys.executable, "-m", "evenkeel.project", "bench", "--clocks", "600"]
        for _ in range(2):  # the second run takes the next minute, and what was filled
            done = subprocess.run(
                [*command, "--home", str(home / "bench")],
                env=settings(home), capture_output=True, text=True, timeout=PATIENCE, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr + done.stdout
            found = json.loads((home / "bench" / "clocks-600" / "results.json").read_text())
            counts = {name: one["count"] for name, one in found["spent"].items()}
            assert counts == {"fall due": 6, "compare": 60, "move": 60}
            assert all(one["processor"] > 0 for one in found["spent"].values())

    def test_that_were_not_told_are_named(self) -> None:
        spent = {"seconds": 1.0, "processor": 0.5, "longest": 1.0, "count": 9}
        found = {"clocks": 1_000, "falling": 10, "recomputed": 9, "spent": {"fall due": spent}}
        assert "WRONG: fall due: 9 clocks instead of 10" in report.of_clocks(found)
