"""An import that is killed at any moment is done again, and ends as if nothing had happened."""

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
