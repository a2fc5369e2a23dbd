"""A service report about the real incidents of a bank says what the publisher's rows say.

The files are no part of the product; where they do not lie beside the repository, nothing is
tested. P1 in 4 hours, P2 in 8, P3 in 24, P4 in 48, P5 in 96, around the clock.
"""

import csv
import lzma
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from evenkeel.core.imports.command import profile_named
from tests.installation import Installation, installed

INCIDENTS = Path(__file__).parent.parent.parent / "shared/data/bpic2014" / "Detail Incident.csv.xz"
HOURS = {1: 4, 2: 8, 3: 24, 4: 48, 5: 96}
TARGETS = "\n".join(f"P{priority}: resolution {hours} h" for priority, hours in HOURS.items())
SECOND = "%d/%m/%Y %H:%M:%S"
FROM = datetime(2013, 10, 1)
HERE = ZoneInfo("Europe/Amsterdam")

pytestmark = pytest.mark.skipif(
    not INCIDENTS.exists(), reason="the files of the BPI Challenge 2014 are not in ../shared/data"
)
Verdicts = Counter[tuple[int, bool]]  # priority, and whether it was kept


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """The file without what the bank does not call an incident."""
    with lzma.open(INCIDENTS, "rt", encoding="utf-8", newline="") as file:
        head, *rest = file.read().splitlines()
    place = head.split(";").index("Category")
    return [head, *(line for line in rest if line.split(";")[place : place + 1] == ["incident"])]


def naive(lines: list[str], zone: ZoneInfo | None) -> Verdicts:
    """Counted once more, from the rows alone; in a zone an hour of the autumn counts twice."""
    found: Verdicts = Counter()
    for row in csv.DictReader(lines, delimiter=";"):
        if row["Status"] != "Closed" or not row["Resolved Time"]:
            continue
        began, ended = (
            datetime.strptime(row[name], SECOND) for name in ("Open Time", "Resolved Time")
        )
        took = ended - began
        if zone:
            took = ended.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")) - began.replace(
                tzinfo=zone
            ).astimezone(ZoneInfo("UTC"))
        if began >= FROM:
            priority = int(row["Priority"])
            found[priority, took <= timedelta(hours=HOURS[priority])] += 1
    return found


@pytest.fixture(scope="module", params=["UTC", "Europe/Amsterdam"])
def bank(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> Iterator[tuple[Installation, str]]:
    """The incidents with moments as the clock on the wall showed them, or in the bank's zone."""
    zone, home = request.param, tmp_path_factory.mktemp("bank")
    with installed("a_bank", home) as made:
        file, profile = home / "incidents.csv", home / "bank.toml"
        file.write_text("\r\n".join(lines), encoding="utf-8")
        known = profile_named("hp-service-manager")
        profile.write_text(known.read_text().replace("Europe/Amsterdam", zone))
        made.bring_in(file, "--profile", profile)
        agreed(made)
        yield made, zone


def agreed(made: Installation) -> None:
    """What is promised to everybody since before the bank's first incident."""
    terms = ("--calendar", "Always", "--targets", TARGETS)
    for verb, given in (("draft", terms), ("approve", ("--valid-from", "2010-01-01T00:00Z"))):
        code, _, told = made.run("do", f"agreements.{verb}", "AGR-1", "--as", "evenkeel", *given)
        assert code == 0, told


def reported(made: Installation, basis: str, first: str, last: str) -> Verdicts:
    """What the report of these days counts of the targets of resolution."""
    given = ("--since", first, "--until", last, "--basis", basis)
    code, said, told = made.run("do", "service_reports.record", "--as", "evenkeel", *given)
    assert code == 0, told
    if "being counted" in said:  # it is about many cases, so the worker counts it
        code, _, told = made.run("manage", "procrastinate", "worker", "--one-shot")
        assert code == 0, told
    cells: Any = made.sql(
        "SELECT figures FROM services_servicereport AS s JOIN core_record AS r"
        f" ON r.id = s.record_ptr_id WHERE number = '{said.split()[0]}'"
    )[0][0]
    found: Verdicts = Counter()
    for what, _, priority, _, _, is_kept, is_earlier, count in cells:
        if what == "resolution" and not is_earlier:
            found[priority, is_kept] += count
    return found


@pytest.mark.row("IF-33")
class TestAReportOfABank:
    def test_says_how_many_targets_of_its_incidents_were_violated(
        self, bank: tuple[Installation, str], lines: list[str]
    ) -> None:
        made, zone = bank
        found = reported(made, "recorded", "2013-10-01", "2014-12-31")
        assert found == naive(lines, None if zone == "UTC" else HERE)
        if zone == "UTC":
            violated = {priority: found[priority, False] for priority in (2, 3, 4, 5)}
            assert violated == {2: 104, 3: 770, 4: 2_896, 5: 1_400}
            assert sum(violated.values()) == 5_170
            assert found.total() == 16_992

    @pytest.mark.parametrize("bank", ["UTC"], indirect=True)
    def test_counts_each_target_once_over_the_months_in_which_they_were_decided(
        self, bank: tuple[Installation, str]
    ) -> None:
        made, _ = bank
        months = [("2013-10-01", "2013-10-31"), ("2013-11-01", "2013-11-30")]
        each: Verdicts = sum((reported(made, "decided", *one) for one in months), Counter())
        assert each == reported(made, "decided", months[0][0], months[1][1])
        assert each
