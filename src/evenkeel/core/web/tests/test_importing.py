"""Files of another system, brought in from a page."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from evenkeel.core.imports import drafts, jobs, running
from evenkeel.core.imports.drafts import ImportDraft, Stage
from evenkeel.core.imports.models import ImportRun, Undoing
from evenkeel.core.imports.running import Busy
from evenkeel.core.imports.tests.made_up import CASES, PROFILE, counted, incident
from evenkeel.core.imports.tests.test_command import sms_manager
from evenkeel.core.imports.tests.test_undoing import staff
from evenkeel.core.jobs import listing
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import registry

BAD = CASES.replace(";2;;02/10/2013", ";high;;32/10/2013")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.EVENKEEL_HOME = tmp_path
    return tmp_path


@pytest.fixture
def tomas(db: None, client: Client) -> Client:
    client.force_login(sms_manager("tomas"))
    return client


def file(text: str, name: str = "cases.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def hand_in(client: Client, *texts: str) -> ImportDraft:
    """What the page makes of files and a profile of one's own."""
    files = [file(text, f"export-{place}.csv") for place, text in enumerate(texts)]
    answer = client.post("/import/", {"files": files, "own": file(PROFILE, "made-up.toml")})
    assert answer.status_code == 302, answer.content
    draft: ImportDraft = ImportDraft.objects.get(key=answer["Location"].split("/")[2])
    return draft


def do(client: Client, draft: ImportDraft, what: str, **given: Any) -> ImportDraft:
    """Press a button, and let the worker do what it leads to."""
    answer = client.post(f"/import/{draft.key}/{what}/", given)
    assert answer.status_code == 302
    draft = ImportDraft.objects.get(key=answer["Location"].split("/")[2])
    jobs.bring_in(draft.pk)
    draft.refresh_from_db()
    return draft


def page(client: Client, draft: ImportDraft) -> str:
    return str(client.get(f"/import/{draft.key}/").content.decode())


class TestFilesHandedIn:
    def test_are_shown_as_what_they_would_become(self, tomas: Client) -> None:
        shown = page(tomas, hand_in(tomas, CASES))
        for words in ("become incidents", "Laptop LAP1 fails", "1 Oct 2013", "{Kind of CI}"):
            assert words in shown
        assert not ImportRun.objects.exists()

    def test_are_shown_with_what_is_wrong_in_them(self, tomas: Client) -> None:
        assert "“high” is not a place on a scale" in page(tomas, hand_in(tomas, BAD))

    def test_are_named_when_the_profile_does_not_know_them(self, tomas: Client) -> None:
        shown = page(tomas, hand_in(tomas, CASES, "a,b\n1,2\n"))
        assert "export-1.csv is none of the files that Made-up desk knows" in shown
        assert "Try it out" in shown

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({}, "Choose at least one file."),
            ({"files": file("a", "a.exe")}, "a.exe is no CSV file"),
            ({"files": file("")}, "cases.csv is empty."),
            ({"files": file(CASES)}, "Say from which system they come"),
            ({"files": file(CASES), "profile": "nonsense"}, "Say from which system they come"),
            ({"files": file(CASES), "own": file("title = 1")}, "title"),
        ],
    )
    def test_are_refused_with_the_reason(
        self, tomas: Client, home: Path, given: dict[str, Any], told: str
    ) -> None:
        answer = tomas.post("/import/", given)
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert not ImportDraft.objects.exists()
        assert not list(home.glob("imports/*"))

    def test_lie_under_a_name_that_leads_nowhere_else(self, tomas: Client, home: Path) -> None:
        files = [file(CASES, "../../up.csv"), file(CASES, "own.toml.csv"), file(CASES, "up.csv")]
        tomas.post("/import/", {"files": files, "own": file(PROFILE, "x.toml")})
        (folder,) = home.glob("imports/*")
        names = {one.name for one in folder.iterdir()}
        assert names == {"up.csv", "own.toml.csv", "4-up.csv", "own.toml"}

    @pytest.mark.parametrize("address", ["", "{key}/", "{key}/refusals.csv"])
    def test_are_for_those_who_import_alone(self, tomas: Client, address: str) -> None:
        key = hand_in(tomas, CASES).key
        ben = Client()
        ben.force_login(User.objects.create_user("ben"))
        assert ben.get(f"/import/{address.format(key=key)}").status_code == 403
        assert ben.post("/import/", {"files": file(CASES)}).status_code == 403
        assert ben.post(f"/import/{key}/import/").status_code == 403
        assert ImportDraft.objects.get().stage == Stage.READY

    def test_are_taken_away_after_a_month(self, tomas: Client, home: Path) -> None:
        draft, kept = hand_in(tomas, CASES), hand_in(tomas, CASES)
        long_ago = timezone.now() - drafts.KEPT - timedelta(days=1)
        ImportDraft.objects.filter(pk=draft.pk).update(changed_at=long_ago)
        jobs.forget_drafts()
        assert [folder.name for folder in home.glob("imports/*")] == [kept.key]


class TestImportFromAPage:
    def test_ends_with_figures_in_words_on_the_page_of_the_import(self, tomas: Client) -> None:
        do(tomas, hand_in(tomas, CASES), "import")
        shown = tomas.get(ImportRun.objects.get().url).content.decode().split("<main", 1)[1]
        assert "<dt>Created</dt>" in shown
        assert "{" not in shown.replace("&#34;", '"').split("timeline", 1)[1]

    def test_is_tried_out_first_and_writes_nothing(self, tomas: Client) -> None:
        draft = hand_in(tomas, BAD)
        assert ">Import</button>" not in page(tomas, draft)
        draft = do(tomas, draft, "try")
        assert draft.figures == {"cases": counted(created=2, refused=1)}
        assert ">Import</button>" in page(tomas, draft)
        assert not Record.objects.filter(of_kind__in=("incident", "import")).exists()

    def test_brings_in_what_it_said_and_leaves_a_record(self, tomas: Client) -> None:
        draft = do(tomas, do(tomas, hand_in(tomas, CASES), "try"), "import")
        assert draft.figures == {"cases": counted(created=3)}
        assert draft.run == ImportRun.objects.get()
        assert draft.run.number in page(tomas, draft)
        assert incident("C1").entries.first().actor.username == "tomas"
        assert not list(draft.folder.glob("*.csv"))

    def test_is_done_once_however_often_it_is_asked_for(self, tomas: Client) -> None:
        draft = hand_in(tomas, CASES)
        tomas.post(f"/import/{draft.key}/import/")
        tomas.post(f"/import/{draft.key}/import/")
        assert [job.name for job in listing.not_done()] == ["core.bring_in"]
        jobs.bring_in(draft.pk)
        jobs.bring_in(draft.pk)
        assert ImportRun.objects.count() == 1

    def test_says_that_it_is_done_or_being_done_to_a_second_click(self, tomas: Client) -> None:
        draft = hand_in(tomas, CASES)
        tomas.post(f"/import/{draft.key}/import/")
        for what in ("import", "discard"):
            again = tomas.post(f"/import/{draft.key}/{what}/", follow=True)
            assert "It is being done already" in again.content.decode()
        jobs.bring_in(draft.pk)
        late = tomas.post(f"/import/{draft.key}/try/", follow=True)
        assert "These files are imported already." in late.content.decode()
        assert tomas.post(f"/import/{draft.key}/undo/").status_code == 404
        assert not listing.not_done()[1:]

    def test_shows_how_far_it_is(self, tomas: Client) -> None:
        draft = hand_in(tomas, CASES)
        ImportDraft.objects.update(stage=Stage.RUNNING, part=0.42, rows=1234, writes=True)
        assert "1,234 rows read, 42%" in page(tomas, draft)
        part = tomas.get(f"/import/{draft.key}/", headers={"HX-Request": "true"})
        assert "<html" not in part.content.decode()
        ImportDraft.objects.update(stage=Stage.DONE)
        end = tomas.get(f"/import/{draft.key}/", headers={"HX-Request": "true"})
        assert (end.status_code, end["HX-Refresh"]) == (286, "true")

    def test_waits_while_another_one_runs(
        self, tomas: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft = hand_in(tomas, CASES)
        tomas.post(f"/import/{draft.key}/import/")

        def busy(*_: Any, **__: Any) -> None:
            raise Busy("Another import is running.")

        monkeypatch.setattr(running, "run", busy)
        with pytest.raises(Busy):
            jobs.bring_in(draft.pk)
        assert "Another import is running." in page(tomas, draft)

    def test_says_why_it_broke_off(self, tomas: Client) -> None:
        draft = hand_in(tomas, CASES)
        tomas.post(f"/import/{draft.key}/try/")
        (draft.folder / "own.toml").unlink()
        jobs.bring_in(draft.pk)
        assert "It broke off." in page(tomas, draft)
        assert "own.toml cannot be read" in page(tomas, draft)


class TestRefusedRows:
    def test_are_put_right_on_the_page(self, tomas: Client) -> None:
        draft = do(tomas, do(tomas, hand_in(tomas, BAD), "try"), "import")
        shown = page(tomas, draft)
        assert 'name="0:Prio" value="high"' in shown
        assert 'name="0:Opened" value="32/10/2013 10:00:00"' in shown
        right = {"0:Prio": "2", "0:Opened": "02/10/2013 10:00:00"}
        mended = do(tomas, draft, "correct", **right)
        assert mended.figures == {"cases": counted(created=1)}
        do(tomas, mended, "import")
        assert incident("C2").priority == 2

    def test_come_as_a_file(self, tomas: Client) -> None:
        draft = do(tomas, do(tomas, hand_in(tomas, BAD), "try"), "import")
        answer = tomas.get(f"/import/{draft.key}/refusals.csv")
        assert answer["Content-Disposition"] == 'attachment; filename="refusals-IMP-1.csv"'
        assert b"32/10/2013" in answer.getvalue()

    def test_are_gone_when_the_draft_is_discarded(self, tomas: Client, home: Path) -> None:
        draft = do(tomas, do(tomas, hand_in(tomas, BAD), "try"), "import")
        tomas.post(f"/import/{draft.key}/discard/")
        assert not list(home.glob("imports/*"))
        assert ImportRun.objects.count() == 1


class TestUndoing:
    def test_is_asked_for_on_the_page_and_says_what_stays(self, tomas: Client) -> None:
        run = do(tomas, do(tomas, hand_in(tomas, CASES), "try"), "import").run
        assert run is not None
        where, kept = f"/imports/{run.number}/", incident("C2")
        registry["incidents.note"](kept, by=staff(), text="I call the user.")
        answer = tomas.post(f"{where}undo/", {"reason": "The wrong file."})
        assert answer.status_code == 302, answer.content
        assert "It waits for the worker." in page_at(tomas, where)
        jobs.take_back(run.pk)
        shown = page_at(tomas, where)
        assert "2 records cancelled; these stay as they are:" in shown
        assert kept.number in shown
        assert "Somebody worked on it since (note)." in shown
        table = b"".join(tomas.get(f"{where}kept.csv"))
        told = f"number,why\r\n{kept.number},Somebody worked on it since (note).\r\n"
        assert table.decode() == told
        (item,) = tomas.get(f"/api{where}kept").json()["items"]
        assert (item["number"], item["why"]) == (kept.number, "Somebody worked on it since (note).")
        gone = page_at(tomas, Record.objects.filter(state="cancelled")[0].url)
        assert f"cancelled this, for {run.number} was undone: The wrong file." in gone

    def test_says_how_far_it_is(self, tomas: Client) -> None:
        run = do(tomas, do(tomas, hand_in(tomas, CASES), "try"), "import").run
        assert run is not None
        where = f"/imports/{run.number}/"
        tomas.post(f"{where}undo/", {"reason": "The wrong file."})
        Undoing.objects.create(run=run, first=100, last=300, reached=150, undone=1234)
        assert "25% gone through, 1,234 cancelled" in page_at(tomas, where)

    def test_tells_nobody_else_what_stayed(self, tomas: Client) -> None:
        run = do(tomas, do(tomas, hand_in(tomas, CASES), "try"), "import").run
        assert run is not None
        other = Client()
        other.force_login(User.objects.create_user("ben"))
        assert other.get(f"/imports/{run.number}/kept.csv").status_code == 404


def page_at(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())
