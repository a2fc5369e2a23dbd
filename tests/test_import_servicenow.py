"""Real tickets of a ServiceNow instance (UCI 498), from its audit log.

The file is no part of the product; where it does not lie beside the repository, nothing is tested.
"""

import csv
import itertools
import lzma
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.installation import Installation, installed

LOG = (
    Path(__file__).parent.parent.parent
    / "shared"
    / "data"
    / "uci-servicenow"
    / "incident_event_log.csv.xz"
)
STATES = {
    "New": "new",
    "Active": "in_progress",
    "Awaiting User Info": "on_hold",
    "Awaiting Vendor": "on_hold",
    "Awaiting Problem": "on_hold",
    "Awaiting Evidence": "on_hold",
    "Resolved": "resolved",
    "Closed": "closed",
}

pytestmark = pytest.mark.skipif(
    not LOG.exists(), reason="the log of UCI 498 is not in ../shared/data"
)


@cache
def log() -> dict[str, list[dict[str, str]]]:
    """The rows of each incident, in the order in which they were saved."""
    found: dict[str, list[dict[str, str]]] = {}
    with lzma.open(LOG, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["number"], []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (moment(row["sys_updated_at"]), int(row["sys_mod_count"])))
    return found


def moment(cell: str) -> str:
    """29/2/2016 01:16 -> 2016-02-29 01:16, and nothing from a question mark."""
    if cell == "?":
        return ""
    day, _, time = cell.partition(" ")
    d, m, y = day.split("/")
    return f"{y}-{m:>02}-{d:>02} {time}"


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed("servicenow", tmp_path_factory.mktemp("servicenow")) as made:
        made.figures = made.bring_in(LOG, "--profile", "servicenow")
        yield made


class TestTheTicketsOfServiceNow:
    def test_all_come_in(self, instance: Installation) -> None:
        nothing_else = {"changed": 0, "unchanged": 0, "refused": 0}
        assert instance.figures == {
            "incidents": {"created": 13_302, **nothing_else},
            "snapshots": {"created": 81_519, **nothing_else},
        }
        assert instance.counts("incidents") == [13_302]

    def test_stand_as_their_last_row_says(self, instance: Installation) -> None:
        here = instance.sql(
            "SELECT outside_id, state, is_open, priority, category,"
            " to_char(recorded_at, 'YYYY-MM-DD HH24:MI') FROM core_record AS r"
            " JOIN incidents_incident AS i ON i.record_ptr_id = r.id"
            " JOIN core_origin AS o ON o.record_id = r.id"
        )
        assert set(here) == {
            (
                number,
                STATES[last["incident_state"]],
                last["incident_state"] != "Closed",
                int(last["priority"][0]),
                last["category"].replace("?", ""),
                moment(last["opened_at"]),
            )
            for number, (*_, last) in log().items()
        }

    def test_have_the_teams_of_their_last_row(self, instance: Installation) -> None:
        here = instance.sql(
            "SELECT o.outside_id, coalesce(t.title, '?') FROM core_record AS r"
            " JOIN core_origin AS o ON o.record_id = r.id"
            " LEFT JOIN core_record AS t ON t.id = r.team_id"
        )
        assert dict(here) == {
            number: last["assignment_group"] for number, (*_, last) in log().items()
        }

    def test_point_to_who_called_though_that_person_is_not_here(
        self, instance: Installation
    ) -> None:
        here = instance.sql(
            "SELECT outside_name, count(*) FROM core_reference"
            " WHERE relation = 'caller' GROUP BY outside_name"
        )
        callers = (rows[-1]["caller_id"] for rows in log().values())
        assert dict(here) == Counter(name for name in callers if name != "?")


class TestTheirHistory:
    def test_has_an_entry_for_each_row_at_its_moment(self, instance: Installation) -> None:
        here = instance.sql(
            "SELECT outside_id, to_char(at, 'YYYY-MM-DD HH24:MI') FROM core_entry AS e"
            " JOIN core_origin AS o ON o.record_id = e.record_id"
            " WHERE verb = 'incidents.imported_activity'"
        )
        later = [(number, row) for number, (_, *rest) in log().items() for row in rest]
        assert len(later) == 81_519 - 13_302
        assert Counter(here) == Counter(
            (number, moment(row["sys_updated_at"])) for number, row in later
        )

    def test_tells_every_step_from_state_to_state(self, instance: Installation) -> None:
        here = instance.sql(
            "SELECT difference #>> '{state,0}', difference #>> '{state,1}', count(*)"
            " FROM core_entry WHERE verb = 'incidents.imported_activity'"
            " AND difference ? 'state' GROUP BY 1, 2"
        )
        steps: Counter[tuple[str, str]] = Counter()
        for rows in log().values():
            states = [STATES.get(row["incident_state"], "") for row in rows]
            steps.update(pair for pair in itertools.pairwise(states) if len({*pair}) > 1)
        assert {(before, after): count for before, after, count in here} == steps

    def test_keeps_whether_the_target_was_met(self, instance: Installation) -> None:
        """`made_sla` has no field of ours; the rows of the entries still say it."""
        here = instance.sql(
            "SELECT count(*) FROM (SELECT DISTINCT ON (record_id) given -> 'row' ->> 'made_sla' AS"
            " met FROM core_entry WHERE given -> 'row' ? 'made_sla'"
            " ORDER BY record_id, position DESC) AS last WHERE met = 'false'"
        )
        assert here == [(sum(rows[-1]["made_sla"] == "false" for rows in log().values()),)]


class TestTheSecondTime:
    def test_changes_nothing(self, instance: Installation) -> None:
        standing = (
            "SELECT sum(version), sum(chain_length) FROM core_record WHERE of_kind <> 'import'"
        )
        before = instance.sql(standing)
        again = instance.bring_in(LOG, "--profile", "servicenow")
        nothing_else = {"created": 0, "changed": 0, "refused": 0}
        assert again == {
            "incidents": {"unchanged": 13_302, **nothing_else},
            "snapshots": {"unchanged": 81_519, **nothing_else},
        }
        assert instance.sql(standing) == before

    def test_leaves_chains_that_hold(self, instance: Installation) -> None:
        code, told, _ = instance.run("audit", "verify")
        assert (code, told) == (0, "Every chain of entries holds.\n")
