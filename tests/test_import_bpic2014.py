"""Real tickets of a bank (BPI Challenge 2014), from the files of its HP Service Manager.

The files are no part of the product; where they do not lie beside the repository, nothing is
tested. The figures are those that the publisher's rows give when they are counted without us.
"""

import csv
import json
import lzma
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, installed

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "bpic2014"
INCIDENTS = DATA / "Detail Incident.csv.xz"
CONTACTS = DATA / "Detail Interaction.csv.xz"
ACTIVITIES = DATA / "Detail Incident Activity.csv.xz"
PROFILE = "hp-service-manager"
COUNTS = {
    "incidents": 23_609,
    "incidents category=incident": 18_700,
    "incidents category='request for information'": 4_903,
    "incidents category=complaint": 6,
    "incidents priority=1": 0,
    "incidents priority=2": 440,
    "incidents priority=3": 3_372,
    "incidents priority=4": 11_035,
    "incidents priority=5": 8_762,
    "incidents state=closed": 23_600,
    "incidents state=in_progress": 9,
    "incidents resolved_at=": 952,
    "incidents reopened_at=": 23_609 - 1_233,
    "contacts": 73_065,
    "contacts solved_at_first_contact=true": 45_890,
    "contacts state=open": 1,
}
HOUR, SECOND = "YYYY-MM-DD HH24:MI:SS", "DD/MM/YYYY HH24:MI:SS"

pytestmark = pytest.mark.skipif(
    not INCIDENTS.exists(), reason="the files of the BPI Challenge 2014 are not in ../shared/data"
)


def rows(path: Path, delimiter: str) -> Iterator[dict[str, str]]:
    """The rows as the standard library reads them, without byte order marks and empty rows."""
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        lines = (line.replace("\ufeff", "") for line in file)
        for row in csv.DictReader(lines, delimiter=delimiter):
            if any(row.values()):
                yield row


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed("bpic2014", tmp_path_factory.mktemp("bpic2014")) as made:
        made.figures = made.bring_in(INCIDENTS, CONTACTS, ACTIVITIES, "--profile", PROFILE)
        yield made


class TestTheTicketsOfABank:
    def test_all_come_in(self, bank: Installation) -> None:
        created = {kind: one["created"] for kind, one in bank.figures.items()}
        assert created == {"incidents": 23_609, "contacts": 73_065, "activities": 241_054}
        assert sum(one["refused"] for one in bank.figures.values()) == 0

    def test_are_counted_as_the_publisher_counts_them(self, bank: Installation) -> None:
        assert dict(zip(COUNTS, bank.counts(*COUNTS), strict=True)) == COUNTS

    def test_keep_what_each_row_says(self, bank: Installation) -> None:
        here = bank.sql(
            "SELECT outside_id, priority, impact, urgency, reassignments,"
            f" {local('recorded_at', SECOND)}, {local('reopened_at', SECOND)},"
            f" {local('resolved_at', SECOND)}, {local('closed_at', SECOND)}"
            " FROM core_record AS r JOIN incidents_incident AS i ON i.record_ptr_id = r.id"
            " JOIN core_origin AS o ON o.record_id = r.id"
        )
        moments = ("Open Time", "Reopen Time", "Resolved Time", "Close Time")
        assert set(here) == {
            (
                row["Incident ID"],
                int(row["Priority"]),
                int(row["Impact"]),
                int(row["Urgency"][0]),  # one says "5 - Very Low"
                int(row["# Reassignments"]),
                *(row[name] for name in moments),
            )
            for row in rows(INCIDENTS, ";")
        }

    def test_breach_as_many_targets_as_the_study_says(self, bank: Installation) -> None:
        found = bank.sql(
            "SELECT priority, count(*) FILTER (WHERE took > hours * interval '1 hour'), count(*)"
            " FROM (SELECT priority, resolved_at AT TIME ZONE 'Europe/Amsterdam'"
            " - recorded_at AT TIME ZONE 'Europe/Amsterdam' AS took"
            " FROM core_record AS r JOIN incidents_incident AS i ON i.record_ptr_id = r.id"
            " WHERE recorded_at AT TIME ZONE 'Europe/Amsterdam' >= '2013-10-01'"
            " AND resolved_at IS NOT NULL AND state = 'closed' AND category = 'incident') AS it"
            " JOIN (VALUES (1, 4), (2, 8), (3, 24), (4, 48), (5, 96)) AS target (p, hours)"
            " ON p = priority GROUP BY priority ORDER BY priority"
        )
        assert found == [(2, 104, 277), (3, 770, 2_810), (4, 2_896, 9_978), (5, 1_400, 3_927)]


class TestAStudyOfTheirTargets:
    """P1 in 4 hours, P2 in 8, P3 in 24, P4 in 48, P5 in 96, around the clock."""

    TARGETS = "; ".join(f"P{p}: resolution {h} h" for p, h in enumerate((4, 8, 24, 48, 96), 1))
    COHORT = ("incidents", "state=closed", "category=incident", "--since", "2013-10-01")

    def study(self, bank: Installation, *options: str) -> str:
        asked = ("clocks", "study", *self.COHORT, "--targets", self.TARGETS, *options)
        code, said, told = bank.run(*asked)
        assert code == 0, told
        return said

    def test_finds_as_many_breaches_as_the_publisher_on_the_clock_on_the_wall(
        self, bank: Installation
    ) -> None:
        assert self.study(bank, "--wall", "Europe/Amsterdam").splitlines() == [
            "P2 resolution: 104 of 277 breached (37.5 %)",
            "P3 resolution: 770 of 2810 breached (27.4 %)",
            "P4 resolution: 2896 of 9978 breached (29.0 %)",
            "P5 resolution: 1400 of 3927 breached (35.7 %)",
            "All resolution: 5170 of 16992 breached (30.4 %)",
        ]

    def test_explains_every_verdict_that_the_change_of_the_clocks_turns(
        self, bank: Installation
    ) -> None:
        wall, zone = (
            {one["number"]: one for one in map(json.loads, said.splitlines())}
            for said in (
                self.study(bank, "--wall", "Europe/Amsterdam", "--json"),
                self.study(bank, "--zone", "Europe/Amsterdam", "--json"),
            )
        )
        assert wall.keys() == zone.keys()
        turned = [zone[n] for n in wall if wall[n]["breached"] != zone[n]["breached"]]
        assert turned
        for one in turned:
            assert one["breached"]
            assert one["elapsed"] - wall[one["number"]]["elapsed"] == 3600
            assert any("the clocks go back by 1 h 00" in step for step in one["steps"])


class TestTheirHistory:
    def test_is_kept_at_the_original_moments(self, bank: Installation) -> None:
        here = bank.sql(
            "SELECT outside_id, given ->> 'activity', coalesce(given ->> 'team', ''),"
            f" {local('at', HOUR)} FROM core_entry AS e"
            " JOIN core_origin AS o ON o.record_id = e.record_id"
            " WHERE verb = 'incidents.imported_activity'"
        )
        prefix = "Detail Incident Activity."
        names = ("IncidentActivity_Type", "Assignment Group", "DateStamp")
        assert Counter(here) == Counter(
            (row["Incident ID"], *(row[f"{prefix}{name}"] for name in names))
            for row in rows(ACTIVITIES, ",")
        )

    def test_waits_for_no_incident(self, bank: Installation) -> None:
        assert bank.sql("SELECT count(*) FROM core_waitingrow") == [(0,)]

    def test_stands_in_its_order_but_where_the_file_itself_goes_back(
        self, bank: Installation
    ) -> None:
        """Rows of one incident that stand far apart in the file are not brought together."""
        ((wrong,),) = bank.sql(
            "SELECT count(*) FROM core_entry AS e JOIN core_entry AS f"
            " ON f.record_id = e.record_id AND f.position = e.position + 1"
            " WHERE e.verb = 'incidents.imported_activity' AND f.verb = e.verb AND f.at < e.at"
        )
        assert wrong <= 6  # of 241,054


class TestWhatTheyPointTo:
    def test_are_the_configuration_items_of_the_files(self, bank: Installation) -> None:
        # 10,219 with those that only the changes name; these come with the process of changes.
        assert bank.sql(
            "SELECT count(DISTINCT outside_name) FROM core_reference"
            " WHERE relation IN ('affected CI', 'causing CI')"
        ) == [(3_698,)]

    def test_are_the_same_pairs_of_affected_and_causing(self, bank: Installation) -> None:
        assert bank.sql(
            "SELECT count(DISTINCT (a.outside_name, c.outside_name)) FROM core_reference AS a"
            " JOIN core_reference AS c ON c.record_id = a.record_id"
            " WHERE a.relation = 'affected CI' AND c.relation = 'causing CI'"
            " AND a.outside_name <> c.outside_name"
        ) == [(1_341,)]

    @pytest.mark.parametrize(
        ("relation", "most"),
        [
            (
                "affected service component",
                {
                    "WBS000073": 6_095,
                    "WBS000072": 1_279,
                    "WBS000091": 1_124,
                    "WBS000263": 1_122,
                    "WBS000271": 735,
                },
            ),
            ("affected CI", {"SUB000456": 1_409, "SBA000263": 1_266, "SBA000607": 954}),
        ],
    )
    def test_are_most_often(self, bank: Installation, relation: str, most: dict[str, int]) -> None:
        assert most == dict(
            bank.sql(
                "SELECT outside_name, count(*) FROM core_reference AS f"
                " JOIN incidents_incident AS i ON i.record_ptr_id = f.record_id"
                f" WHERE relation = '{relation}' GROUP BY 1 ORDER BY 2 DESC LIMIT {len(most)}"
            )
        )

    def test_are_repeated(self, bank: Installation) -> None:
        """Incidents that name no causing CI count as of one, as the publisher counts them."""
        pairs = bank.sql(
            "SELECT c.outside_name, k.outside_name, count(*) FROM incidents_incident AS i"
            " LEFT JOIN core_reference AS c"
            " ON c.record_id = i.record_ptr_id AND c.relation = 'causing CI'"
            " LEFT JOIN core_reference AS k"
            " ON k.record_id = i.record_ptr_id AND k.relation = 'knowledge'"
            " GROUP BY 1, 2 HAVING count(*) >= 10 ORDER BY 3 DESC"
        )
        assert len(pairs) == 426
        assert pairs[0] == ("SBA000607", "KM0001106", 484)

    def test_are_linked_where_they_are_here_and_kept_by_name_where_not(
        self, bank: Installation
    ) -> None:
        known = {row["Incident ID"] for row in rows(INCIDENTS, ";")}
        named = Counter(
            row["Related Incident"] in known
            for row in rows(CONTACTS, ";")
            if row["Related Incident"]
        )
        here = bank.sql(
            "SELECT target_id IS NOT NULL, count(*) FROM core_reference"
            " WHERE relation = 'incident' GROUP BY 1"
        )
        assert dict(here) == named
        assert named[False] > 500  # most of these say #MULTIVALUE

    def test_are_linked_once_though_both_sides_say_so(self, bank: Installation) -> None:
        linked = {
            (row["Interaction ID"], row["Related Incident"]) for row in rows(CONTACTS, ";")
        } | {(row["Related Interaction"], row["Incident ID"]) for row in rows(INCIDENTS, ";")}
        contacts = {row["Interaction ID"] for row in rows(CONTACTS, ";")}
        incidents = {row["Incident ID"] for row in rows(INCIDENTS, ";")}
        assert set(
            bank.sql(
                "SELECT a.outside_id, b.outside_id FROM core_link AS l"
                " JOIN core_origin AS a ON a.record_id = l.source_id"
                " JOIN core_origin AS b ON b.record_id = l.target_id WHERE kind = 'reported_as'"
            )
        ) == {(one, other) for one, other in linked if one in contacts and other in incidents}


class TestTheSecondTime:
    def test_changes_nothing(self, bank: Installation) -> None:
        standing = (
            "SELECT sum(version), sum(chain_length) FROM core_record WHERE of_kind <> 'import'"
        )
        before = bank.sql(standing)
        again = bank.bring_in(INCIDENTS, CONTACTS, ACTIVITIES, "--profile", PROFILE)
        for kind, figures in again.items():
            created = bank.figures[kind]["created"]
            assert figures == {"created": 0, "changed": 0, "unchanged": created, "refused": 0}
        assert bank.sql(standing) == before


def local(column: str, shape: str) -> str:
    """SQL for a moment as the bank's clock showed it, or nothing."""
    return f"coalesce(to_char({column} AT TIME ZONE 'Europe/Amsterdam', '{shape}'), '')"
