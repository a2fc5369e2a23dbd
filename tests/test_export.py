"""A list as a file: what it shows to whom, and nothing that runs when it is opened."""

import csv
import io
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evenkeel.core import cli
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import AccessEntry, Kind
from evenkeel.core.web import exporting, place
from evenkeel.core.web.tests.workbooks import texts
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita() -> User:
    return User.objects.create_user("rita", full_name="Rita Ruiz")


@pytest.fixture
def omar() -> User:
    return User.objects.create_user("omar")


def record(by: User, *titles: str) -> None:
    for title in titles:
        incidents.record(Incident(), by=by, title=title)


def exported(capsysbinary: Any, *arguments: str) -> bytes:
    assert cli.main(["export", "incidents", *arguments]) == 0
    return bytes(capsysbinary.readouterr().out)


def rows(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode())))


class TestCommand:
    def test_writes_what_the_list_shows_newest_first(self, rita: User, capsysbinary: Any) -> None:
        record(rita, "Mail is down", "Ärger, „Stau“\nund mehr")
        found = rows(exported(capsysbinary, "state=new", "columns=title,requester,state"))
        assert found == [
            {
                "number": "INC-2",
                "title": "Ärger, „Stau“\nund mehr",
                "requester": "rita",
                "state": "new",
            },
            {"number": "INC-1", "title": "Mail is down", "requester": "rita", "state": "new"},
        ]
        assert rows(exported(capsysbinary, "state=closed")) == []

    def test_writes_the_same_as_json(self, rita: User, capsysbinary: Any) -> None:
        asked = ["columns=title,priority", "--format", "json"]
        assert json.loads(exported(capsysbinary, *asked)) == []
        record(rita, "One", "Two")
        assert json.loads(exported(capsysbinary, *asked)) == [
            {"number": "INC-2", "title": "Two", "priority": None},
            {"number": "INC-1", "title": "One", "priority": None},
        ]

    def test_writes_the_same_as_a_workbook(self, rita: User, capsysbinary: Any) -> None:
        record(rita, "=1+1", "Two")
        asked = ["columns=title,priority,recorded_at", "--format", "xlsx"]
        head, *found = texts(exported(capsysbinary, *asked))
        assert head == ["number", "title", "priority", "recorded_at"]
        assert [row[:3] for row in found] == [["INC-2", "Two", ""], ["INC-1", "=1+1", ""]]
        day_0 = datetime(1899, 12, 30, tzinfo=timezone.get_current_timezone())
        told = [(day_0 + timedelta(days=float(row[3]))).timestamp() for row in found]
        for moment, one in zip(told, Incident.objects.order_by("-pk"), strict=True):
            assert moment == pytest.approx(one.recorded_at.timestamp(), abs=1.001)

    def test_narrows_to_what_an_account_may_see(
        self, rita: User, omar: User, capsysbinary: Any
    ) -> None:
        record(rita, "Hers")
        record(omar, "His")
        seen = {
            who: [row["title"] for row in rows(exported(capsysbinary, *who))]
            for who in ((), ("--as", "rita"), ("--as", "omar"))
        }
        assert seen == {(): ["His", "Hers"], ("--as", "rita"): ["Hers"], ("--as", "omar"): ["His"]}

    @pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)"])
    def test_makes_no_formula_of_a_text(self, rita: User, capsysbinary: Any, title: str) -> None:
        record(rita, title)
        (row,) = rows(exported(capsysbinary))
        assert row["title"] == f"'{title}"

    def test_marks_the_file_for_excel_if_asked(self, rita: User, capsysbinary: Any) -> None:
        assert exported(capsysbinary, "--bom").startswith(b"\xef\xbb\xbfnumber,")
        assert exported(capsysbinary).startswith(b"number,")

    def test_leaves_a_whole_file_or_none(
        self, rita: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        record(rita, "One")
        assert cli.main(["export", "incidents", "-o", str(tmp_path / "x.csv")]) == 0
        assert len(rows((tmp_path / "x.csv").read_bytes())) == 1

        def breaks(value: Any) -> Any:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(exporting, "_harmless", breaks)
        assert cli.main(["export", "incidents", "-o", str(tmp_path / "y.csv")]) == 1
        assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["incident"], "There is no list incident."),
            (["incidents", "state"], "write field=value"),
            (["incidents", "stat=new"], "It is no parameter here"),
            (["incidents", "priority=high"], "must be an integer"),
            (["incidents", "columns=password"], "password: there are"),
            (["incidents", "--as", "nobody"], "There is no account"),
            (["incidents", "-o", "/nowhere/x.csv"], "cannot be written: No such file"),
        ],
    )
    def test_says_what_cannot_be(self, capsys: Any, arguments: list[str], sentence: str) -> None:
        assert cli.main(["export", *arguments]) == 1
        assert sentence in capsys.readouterr().err

    def test_reads_in_batches_and_loses_nothing_between_them(
        self, rita: User, capsysbinary: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        record(rita, *(f"Trouble {number}" for number in range(7)))
        monkeypatch.setattr(exporting, "BATCH", 3)
        with CaptureQueriesContext(connection) as made:
            found = rows(exported(capsysbinary))
        assert [row["title"] for row in found] == [f"Trouble {n}" for n in reversed(range(7))]
        assert len([query for query in made if "core_record" in query["sql"]]) == 3


class TestPage:
    def test_downloads_what_it_shows(self, rita: User, omar: User, client: Client) -> None:
        record(omar, "His")
        record(rita, "Hers")
        client.force_login(rita)
        page = client.get("/incidents/?columns=title,state").content.decode()
        address = page.partition('href="?columns=title,state&amp;format=csv"')
        assert address[1], "the page has no link to the file"
        answer = client.get("/incidents/?columns=title,state&format=csv")
        assert rows(answer.getvalue()) == [{"number": "INC-2", "title": "Hers", "state": "new"}]
        assert answer["Content-Disposition"].startswith('attachment; filename="incidents-')

    def test_downloads_what_it_shows_as_a_workbook(self, rita: User, client: Client) -> None:
        record(rita, "Hers")
        client.force_login(rita)
        page = client.get("/incidents/?columns=title,state").content.decode()
        assert 'href="?columns=title,state&amp;format=xlsx"' in page
        answer = client.get("/incidents/?columns=title,state&format=xlsx")
        assert texts(answer.getvalue()) == [["number", "title", "state"], ["INC-1", "Hers", "new"]]
        assert answer["Content-Disposition"].endswith('.xlsx"')
        assert answer["Content-Type"].endswith("spreadsheetml.sheet")

    def test_refuses_a_form_and_a_filter_that_cannot_be(self, rita: User, client: Client) -> None:
        client.force_login(rita)
        assert client.get("/incidents/?format=pdf").status_code == 400
        assert client.get("/incidents/?format=csv&priority=high").status_code == 400


class TestFileThatBreaksOff:
    """The web server would end it as if it were whole."""

    @staticmethod
    def lost(*times: bool) -> Any:
        """Reads rows, and finds no database at these times."""
        left, take = list(times), place.take

        def taken(*args: Any) -> Any:
            if left and left.pop(0):
                raise OperationalError("gone") from psycopg.OperationalError("gone")
            return take(*args)

        return taken

    @pytest.fixture
    def browser(self, rita: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
        record(rita, *(f"Trouble {number}" for number in range(7)))
        monkeypatch.setattr(exporting, "BATCH", 3)
        monkeypatch.setattr(exporting, "PAUSES", (0, 0))
        client.force_login(rita)
        return client

    def test_goes_on_when_the_database_is_there_again(
        self, browser: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(place, "take", self.lost(False, True, True))
        found = rows(browser.get("/incidents/?format=csv").getvalue())
        assert [row["title"] for row in found] == [f"Trouble {n}" for n in reversed(range(7))]

    @pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
    def test_does_not_look_whole(
        self, browser: Client, monkeypatch: pytest.MonkeyPatch, form: str
    ) -> None:
        monkeypatch.setattr(place, "take", self.lost(False, True, True, True))
        answer, pieces = browser.get(f"/incidents/?format={form}"), list[bytes]()
        with pytest.raises(OperationalError):
            pieces.extend(answer)
        file = b"".join(pieces)
        if form == "csv":
            assert file.splitlines()[-1].startswith(b'"NOT WHOLE: the server could not')
            assert b"Trouble 6" in file
        elif form == "json":
            with pytest.raises(json.JSONDecodeError):
                json.loads(file)
        else:
            assert not zipfile.is_zipfile(io.BytesIO(file))


class TestTheTrail:
    def test_has_what_the_command_line_took_away_and_for_whom(
        self, rita: User, capsysbinary: Any, tmp_path: Path
    ) -> None:
        exported(capsysbinary, "state=new", "--format", "json", "--as", "rita")
        exported(capsysbinary)
        assert cli.main(["audit", "export", str(tmp_path / "evidence.jsonl")]) == 0
        entries = AccessEntry.objects.filter(kind=Kind.EXPORTED).order_by("position")
        assert [(one.person, one.device, one.said) for one in entries] == [
            (rita, "evenkeel export", "incidents?state=new&format=json"),
            (None, "evenkeel export", "incidents?format=csv"),
            (None, "evenkeel audit export", "All evidence"),
        ]
