"""Small files as other systems export them, with the ways of each, through its profile."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evenkeel.core.imports.command import run
from evenkeel.core.records.links import Origin, Reference
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db

# Names that come again (labels, comments), cells of several lines, marks in marks, English months,
# half days; a summary that is longer than a title of ours.
JIRA = (
    "Summary,Issue key,Issue id,Issue Type,Status,Priority,Assignee,Reporter,Created,Last Viewed,"
    "Resolved,Votes,Labels,Labels,Description,Comment,Comment\r\n"
    '"Mail ""is"" down",HELP-1,10001,Incident,Waiting for support,Highest,nils,rita,'
    "15/Jan/24 12:04 AM,16/Jan/24 9:00 AM,,0,mail,exchange,"
    '"h3. Since when?\r\nSince *nine*, <b>today</b>.","16/Jan/24 8:15 AM;nils;We look.",\r\n'
    f"{'Long ' * 50},HELP-2,10002,Incident,Done,Trivial,,rita,15/Jan/24 3:04 PM,,"
    "16/Jan/24 12:30 PM,0,,,,,\r\n"
    "Odd,HELP-3,10003,Incident,Frobnicated,Low,,rita,15/Jan/24 3:04 PM,,,0,,,,,\r\n"
    "Odder,HELP-4,10004,Incident,Open,Low,,rita,31/Feb/24 3:04 PM,,,0,,,,,\r\n"
)
# A sheet with a title above and the zone below, as a spreadsheet saves it where commas are decimal.
ZAMMAD = (
    "\ufeff2024-01;;;;;;;;;;;\r\n;;;;;;;;;;;\r\n"
    "#;Title;State;Priority;Group;Owner;Customer;Organization;Create Channel;Time Units Total;"
    "Created At;Closed At\r\n"
    "31001;Kein Zugriff – Übersicht;open;3 high;Users;Nils Aune;Rita Ruiz;Hub;email;1,5;"
    "2024-01-15 09:04:05;\r\n"
    "31002;Done;closed;2 normal;Users;-;Rita Ruiz;;web;;2024-01-15 09:04:05;2024-01-16 10:00:00\r\n"
    ";;;;;;;;;;;\r\nTimezone: UTC;;;;;;;;;;;\r\n"
)
# Semicolons, a number with gaps that do not break, several people in one cell, HTML in the text.
GLPI = (
    '"ID";"Title";"Status";"Last update";"Opening date";"Priority";"Requester - Requester";'
    '"Assigned to - Technician";"Category";"Description"\r\n'
    '"5 732 943";"Printer; jams";"Processing (assigned)";"2024-01-16 10:00";"2024-01-15 09:04";'
    '"Very high";"Ruiz Rita";"Aune Nils\nNair Priya";"Hardware > Printer";'
    '"<p>It &quot;jams&quot;.</p><script>alert(1)</script><p>Twice a day<br>since Monday</p>"\r\n'
    '"12";"Solved";"Solved";"2024-01-16 10:00";"2024-01-15 09:04";"Low";"Ruiz Rita";"";"";""\r\n'
)
# Every cell in quotation marks; an age that is another one with each export.
OTRS = (
    '"Ticket Number","Age","Created","Closed","State","Priority","Queue","Owner","CustomerID",'
    '"From","Subject"\n'
    '"2024011510000017","{} d","2024-01-15 09:04:05","","pending reminder","5 very high",'
    '"Postmaster::Mail","nils","HUB","""Rita Ruiz"" <rita@users.example>","No, mail"\n'
    '"2024011510000026","{} d","2024-01-15 09:04:05","2024-01-16 10:00:00","closed successful",'
    '"3 normal","Raw","nils","HUB","rita@users.example","Done"\n'
)
PLAIN = (
    "id\ttitle\tstate\trecorded_at\tpriority\n"
    "A-1\tNo mail\tnew\t2024-01-15 09:04\t2 - High\n"
    "A-2\t=1+1\tclosed\t2024-01-15 09:04\t\n"
    "A-3\tToo open\topen\t2024-01-15 09:04\t\n"
)


class Exports:
    """A folder in which the files of another system lie."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.refused = folder / "refused.csv"

    def bring_in(self, profile: str, text: str) -> dict[str, int]:
        """How the rows of a file ended."""
        path = self.folder / "export.csv"
        path.write_bytes(text.encode())
        self.capsys.readouterr()
        run([str(path), "--profile", profile, "--refusals", str(self.refused), "--json"])
        figures: dict[str, Any] = json.loads(self.capsys.readouterr().out)
        return {name: count for name, count in _rows(figures).items() if count}


def _rows(figures: dict[str, Any]) -> dict[str, int]:
    found = figures.get("rows", figures)
    return dict(found["incidents"])


@pytest.fixture
def exports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Exports:
    return Exports(tmp_path, capsys)


def case(name: str) -> Incident:
    return Incident.objects.get(origins__outside_id=name)


def pointed_to(name: str) -> dict[str, str]:
    found = Reference.objects.filter(record=case(name))
    return dict(found.values_list("relation", "outside_name"))


def at(hour: int, minute: int, second: int = 0, *, day: int = 15) -> datetime:
    return datetime(2024, 1, day, hour, minute, second, tzinfo=UTC)


class TestJira:
    def test_comes_in_with_its_months_half_days_and_repeated_columns(
        self, exports: Exports
    ) -> None:
        assert exports.bring_in("jira", JIRA) == {"created": 2, "refused": 2}
        one = case("HELP-1")
        assert (one.title, one.state, one.priority) == ('Mail "is" down', "in_progress", 1)
        assert one.recorded_at == at(0, 4)
        assert one.description == "h3. Since when?\r\nSince *nine*, <b>today</b>."
        assert pointed_to("HELP-1") == {"reporter": "rita", "assigned to": "nils"}
        row = Origin.objects.get(outside_id="HELP-1").row
        assert (row["Labels (2)"], row["Comment"]) == (
            "exchange",
            "16/Jan/24 8:15 AM;nils;We look.",
        )

    def test_cuts_a_summary_that_is_longer_than_a_title(self, exports: Exports) -> None:
        exports.bring_in("jira", JIRA)
        two = case("HELP-2")
        assert (len(two.title), two.state, two.closed_at) == (200, "closed", at(12, 30, day=16))

    def test_refuses_what_nobody_named_and_what_is_in_no_calendar(self, exports: Exports) -> None:
        exports.bring_in("jira", JIRA)
        refused = exports.refused.read_text()
        assert "Frobnicated" in refused
        assert "is not in the calendar" in refused

    def test_changes_nothing_when_somebody_only_looked_at_it(self, exports: Exports) -> None:
        exports.bring_in("jira", JIRA)
        seen = JIRA.replace("16/Jan/24 9:00 AM,,0", "17/Jan/24 9:00 AM,,0")
        assert exports.bring_in("jira", seen) == {"unchanged": 2, "refused": 2}


class TestZammad:
    def test_comes_in_from_a_sheet_with_a_title_and_a_foot(self, exports: Exports) -> None:
        assert exports.bring_in("zammad", ZAMMAD) == {"created": 2, "refused": 1}
        one = case("31001")
        assert (one.title, one.state, one.priority) == (
            "Kein Zugriff – Übersicht",
            "in_progress",
            2,
        )
        assert (one.recorded_at, one.channel) == (at(9, 4, 5), "email")
        assert one.team is not None
        assert one.team.title == "Users"
        assert case("31002").closed_at == at(10, 0, day=16)
        assert "Timezone: UTC" in exports.refused.read_text()


class TestGlpi:
    def test_comes_in_as_words_that_cannot_run(self, exports: Exports) -> None:
        assert exports.bring_in("glpi", GLPI) == {"created": 2}
        one = case("5 732 943")
        assert (one.title, one.state, one.priority) == ("Printer; jams", "in_progress", 1)
        assert one.description == 'It "jams".\nTwice a day\nsince Monday'
        assert pointed_to("5 732 943")["assigned to"] == "Aune Nils\nNair Priya"
        assert case("12").state == "resolved"

    def test_may_be_separated_by_commas(self, exports: Exports) -> None:
        text = "ID,Title,Status,Opening date,Priority,Requester,Technician\n"
        text += "7,No mail,New,2024-01-15 09:04,Medium,Ruiz Rita,\n"
        assert exports.bring_in("glpi", text) == {"created": 1}
        assert case("7").description == ""


class TestOtrs:
    def test_comes_in_with_queues_as_teams(self, exports: Exports) -> None:
        assert exports.bring_in("otrs", OTRS.format(3, 3)) == {"created": 2}
        one = case("2024011510000017")
        assert (one.title, one.state, one.priority) == ("No, mail", "on_hold", 1)
        assert one.team is not None
        assert one.team.title == "Postmaster::Mail"
        assert pointed_to("2024011510000017")["sender"] == '"Rita Ruiz" <rita@users.example>'
        assert case("2024011510000026").closed_at == at(10, 0, day=16)

    def test_is_not_changed_by_growing_older(self, exports: Exports) -> None:
        exports.bring_in("otrs", OTRS.format(3, 3))
        assert exports.bring_in("otrs", OTRS.format(4, 4)) == {"unchanged": 2}

    @pytest.mark.parametrize("mark", [";", "\t", "|"])
    def test_is_known_by_any_of_its_separators(self, exports: Exports, mark: str) -> None:
        text = OTRS.format(3, 3).replace('","', f'"{mark}"')
        assert exports.bring_in("otrs", text) == {"created": 2}


class TestPlainCsv:
    def test_needs_four_columns_only(self, exports: Exports) -> None:
        assert exports.bring_in("plain-csv", PLAIN) == {"created": 2, "refused": 1}
        assert (case("A-1").priority, case("A-1").recorded_at) == (2, at(9, 4))
        assert case("A-2").title == "=1+1"
        assert "Too open" in exports.refused.read_text()
