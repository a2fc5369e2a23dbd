"""An import, or its undoing, that is killed is done again, and ends as if nothing had happened."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.installation import Installation, installed

ROWS = 12_000
PATIENCE = 90.0  # seconds
HEADER = (
    "number,incident_state,sys_mod_count,opened_at,sys_updated_at,contact_type,category,"
    "subcategory,u_symptom,impact,urgency,priority,assignment_group,caller_id,opened_by,"
    "assigned_to,resolved_by,resolved_at,closed_at,location,cmdb_ci,problem_id,rfc,caused_by,vendor"
)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """After an import of made-up tickets was killed three times and then came to its end."""
    home = tmp_path_factory.mktemp("killed")
    file = home / "log.csv"
    file.write_text("\n".join([HEADER, *map(row, range(1, ROWS + 1))]))
    with installed("killed", home) as made:
        here = 0
        for _ in range(3):
            process = made.start("import", file, "--profile", "servicenow", "--json")
            here = wait_for_more(made, here)
            process.kill()
            process.communicate()
            assert process.returncode == -9
        assert 0 < here < ROWS
        made.figures = made.bring_in(file, "--profile", "servicenow")
        yield made


def row(count: int) -> str:
    """One ticket of three rows."""
    ticket, step = divmod(count - 1, 3)
    state = ("New", "Active", "Resolved")[step]
    return (
        f"T{ticket},{state},{step},1/3/2016 08:00,1/3/2016 0{8 + step // 2}:{step}0,Phone,Mail,"
        f"Slow,Symptom {ticket % 7},2,2,3,Group {ticket % 5},Caller {ticket},?,?,?,?,?,?,?,?,?,?,?"
    )


def wait_for_more(made: Installation, before: int) -> int:
    """How many entries there are when another batch is in."""
    deadline = time.monotonic() + PATIENCE
    while (here := rows_here(made)) <= before:
        assert time.monotonic() < deadline, "no batch came in"
        time.sleep(0.05)
    return here


def rows_here(made: Installation) -> int:
    ((count,),) = made.sql("SELECT count(*) FROM core_entry WHERE verb LIKE 'incidents.%'")
    return int(count)


class TestAnImportThatWasKilled:
    def test_takes_up_where_it_was(self, killed: Installation) -> None:
        figures = killed.figures["snapshots"]
        assert figures["created"] + figures["unchanged"] == ROWS
        assert figures["unchanged"] > 0
        assert figures["refused"] == 0

    def test_leaves_no_duplicate_and_no_gap(self, killed: Installation) -> None:
        assert rows_here(killed) == ROWS
        assert killed.sql(
            "SELECT count(*), count(DISTINCT outside_id), count(DISTINCT record_id)"
            " FROM core_origin"
        ) == [(ROWS // 3,) * 3]
        assert killed.sql(
            "SELECT min(given -> 'row' ->> 'sys_mod_count'), count(*) FROM core_entry"
            " WHERE verb LIKE 'incidents.%' GROUP BY given -> 'row' ->> 'sys_mod_count' ORDER BY 1"
        ) == [(str(step), ROWS // 3) for step in range(3)]

    def test_gives_numbers_without_a_gap(self, killed: Installation) -> None:
        assert killed.sql(
            "SELECT min(n), max(n), count(DISTINCT n) FROM (SELECT"
            " substring(number FROM 5)::int AS n FROM core_record WHERE of_kind = 'incident') AS it"
        ) == [(1, ROWS // 3, ROWS // 3)]

    def test_leaves_chains_that_hold(self, killed: Installation) -> None:
        code, told, _ = killed.run("audit", "verify")
        assert (code, told) == (0, "Every chain of entries holds.\n")

    def test_is_found_by_search_like_any_other(self, killed: Installation) -> None:
        code, told, _ = killed.run("reindex", "--check")
        assert code == 0, told

    def test_is_on_record_as_broken_off(self, killed: Installation) -> None:
        states = killed.sql("SELECT state FROM core_record WHERE of_kind = 'import' ORDER BY id")
        assert [state for (state,) in states] == ["broken_off"] * 3 + ["finished"]


UNDO = """
import django
django.setup()
from evenkeel.core.imports import actions, undoing
from evenkeel.core.imports.lifecycle import State
from evenkeel.core.imports.models import ImportRun
from evenkeel.core.imports.running import importer
undoing.BATCH = 200
run = ImportRun.objects.get()
if run.state == State.FINISHED:
    actions.undo(run, by=importer(), reason="Of another year.")
undoing.go_on(run.pk)
"""
FEW = 3_000


@pytest.fixture(scope="module")
def undone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """After the undoing of an import was killed three times and then came to its end."""
    home = tmp_path_factory.mktemp("undone")
    file = home / "log.csv"
    file.write_text("\n".join([HEADER, *map(row, range(1, FEW + 1))]))
    with installed("undone", home) as made:
        made.figures = made.bring_in(file, "--profile", "servicenow")
        here = 0
        for _ in range(3):
            process = undoing(made)
            here = wait_for_cancelled(made, here)
            process.kill()
            assert process.wait() == -9
        assert 0 < here < FEW // 3
        assert undoing(made).wait() == 0
        yield made


def undoing(made: Installation) -> "subprocess.Popen[str]":
    """The job of the worker, in a process that can be killed."""
    settings = {"DJANGO_SETTINGS_MODULE": "evenkeel.project.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", UNDO], env={**made.environment, **settings}, text=True
    )


def wait_for_cancelled(made: Installation, before: int) -> int:
    """How many are cancelled when another batch is."""
    deadline = time.monotonic() + PATIENCE
    while (here := cancelled(made)) <= before:
        assert time.monotonic() < deadline, "no batch was undone"
        time.sleep(0.02)
    return here


def cancelled(made: Installation) -> int:
    told = "SELECT count(*) FROM core_entry WHERE verb = 'incidents.withdraw_import'"
    return int(made.sql(told)[0][0])


class TestAnUndoingThatWasKilled:
    def test_cancels_each_once(self, undone: Installation) -> None:
        assert cancelled(undone) == FEW // 3
        left = "SELECT count(*) FROM core_record WHERE of_kind = 'incident' AND state = 'cancelled'"
        assert undone.sql(left) == [(FEW // 3,)]
        assert undone.sql("SELECT undone FROM core_undoing") == [(FEW // 3,)]

    def test_is_on_record_as_done(self, undone: Installation) -> None:
        states = "SELECT state FROM core_record WHERE of_kind = 'import' ORDER BY id LIMIT 1"
        assert undone.sql(states) == [("undone",)]

    def test_leaves_chains_that_hold(self, undone: Installation) -> None:
        code, told, _ = undone.run("audit", "verify")
        assert (code, told) == (0, "Every chain of entries holds.\n")

    def test_lets_the_same_file_come_in_anew(self, undone: Installation) -> None:
        figures = undone.bring_in(undone.home / "log.csv", "--profile", "servicenow")
        assert (figures["snapshots"]["refused"], figures["snapshots"]["unchanged"]) == (0, 0)
