"""What stands in attached files is found with the case, by those who may open the file."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from evenkeel.core.jobs import reading
from evenkeel.core.people.models import User
from evenkeel.core.records import bulk
from evenkeel.core.records.models import Attachment, Audience, Content, FileText
from evenkeel.core.rules import registry
from evenkeel.core.search import files, find, rebuilding
from evenkeel.core.search.models import SearchRow
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def attach(incident: Incident, by: User, text: str, name: str = "log.txt", **more: Any) -> int:
    file = ContentFile(text.encode(), name=name)
    registry["incidents.attach"](incident, by=by, file=file, **more)
    return Attachment.objects.latest("pk").pk


def numbers(user: User, text: str) -> list[str]:
    return [hit.record.number for hit in find(user, text).hits]


def jobs() -> list[tuple[str, dict[str, int]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, args FROM procrastinate_jobs WHERE task_name = 'core.read_file'"
        )
        return [(name, json.loads(args)) for name, args in cursor.fetchall()]


class TestAFile:
    def test_is_found_by_its_name_at_once_and_by_its_text_after_the_job(
        self, incident: Incident, rita: User
    ) -> None:
        key = attach(incident, rita, "Segmentation fault", "core-dump.txt")
        assert numbers(rita, "dump") == ["INC-1"]
        assert numbers(rita, "segmentation") == []
        assert jobs() == [("core.read_file", {"attachment": key})]
        reading.read_file(attachment=key)
        assert numbers(rita, "segmentation mail") == ["INC-1"]

    def test_is_marked_in_its_text_however_far_down(self, incident: Incident, rita: User) -> None:
        files.read(attach(incident, rita, "lorem ipsum " * 4_000 + "Segmentation fault"))
        headline = find(rita, "segmentation").hits[0].headline
        assert ("Segmentation", True) in headline

    def test_that_is_internal_is_found_by_those_inside_alone(
        self, incident: Incident, rita: User, sam: User
    ) -> None:
        files.read(
            attach(
                incident, sam, "Sabotage by the caller", "secret.txt", audience=Audience.INTERNAL
            )
        )
        assert numbers(sam, "mail sabotage") == ["INC-1"]
        for text in ("sabotage", "secret", "sabotag"):
            assert numbers(rita, text) == []
        assert find(rita, "mail").hits[0].headline == []

    def test_is_read_once_for_all_records_that_have_it(
        self, incident: Incident, rita: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files.read(attach(incident, rita, "Segmentation fault"))
        other = registry["incidents.record"](Incident(), by=rita, title="Archive is down")
        key = attach(other, rita, "Segmentation fault", "again.txt")
        monkeypatch.setattr(files, "_text_of", lambda *_: pytest.fail("read twice"))
        files.read(key)
        assert sorted(numbers(rita, "segmentation")) == ["INC-1", "INC-2"]

    def test_that_is_broken_is_noted_where_it_stands_and_holds_up_nothing(
        self, incident: Incident, rita: User, desk: Client
    ) -> None:
        files.read(attach(incident, rita, "%PDF-1.7 and then nothing", "broken.pdf"))
        assert Content.objects.get().unread.startswith("The file is broken")
        page = desk.get("/incidents/INC-1/").content.decode()
        assert "not searched: The file is broken" in page
        assert numbers(rita, "broken") == ["INC-1"]  # by its name

    def test_that_is_gone_meanwhile_is_no_fault_of_the_job(self) -> None:
        files.read(4711)


class TestIndex:
    def test_is_the_same_when_made_anew(self, incident: Incident, rita: User) -> None:
        attach(incident, rita, "Segmentation fault")
        files.read_rest()
        assert files.read_rest() == 0
        rows = SearchRow.objects.order_by("record", "audience").values_list("text", "words")
        before = list(rows)
        FileText.objects.all().delete()
        Content.objects.update(read_at=None)
        SearchRow.objects.all().delete()
        list(rebuilding.rebuild())
        assert list(rows.all()) == before
        assert numbers(rita, "segmentation") == ["INC-1"]

    def test_keeps_the_file_when_an_import_goes_on_with_the_record(
        self, incident: Incident, rita: User
    ) -> None:
        files.read(attach(incident, rita, "Segmentation fault"))
        said = bulk.NewEntry("incidents.comment", incident.recorded_at, rita.pk, {})
        said.comment = bulk.NewComment("The caretaker knows")
        bulk.append(Incident, {incident.pk: bulk.Addition([said])})
        assert numbers(rita, "segmentation caretaker") == ["INC-1"]
