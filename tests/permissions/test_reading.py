"""What one may not see is nowhere: not in lists, counts, pages, search, exports or files."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from evenkeel.core import cli
from evenkeel.core.people.models import ApiToken, User
from evenkeel.core.records import visibility
from evenkeel.core.records.models import Audience
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import registry
from evenkeel.core.search import find
from evenkeel.core.web.screen import screens
from evenkeel.core.web.tests import workbooks
from evenkeel.processes.incidents.models import Incident
from tests.permissions.cast import MEMBERS, Cast, gather
from tests.permissions.stage import on_stage
from tests.permissions.surfaces import token

pytestmark = pytest.mark.django_db
each_kind = pytest.mark.parametrize(
    "kind", sorted(kind for kind, model in kinds().items() if model.collection in screens)
)
OPEN, INSIDE = "quagga in the open", "okapi behind the door"
Program = Callable[[str], Any]


@pytest.fixture
def cast() -> Cast:
    return gather()


@pytest.fixture
def incident(cast: Cast, settings: Any, tmp_path: Any) -> Incident:
    """An incident with something for everybody who sees it, and something for those inside."""
    settings.MEDIA_ROOT = tmp_path / "attachments"
    made = registry["incidents.record"](
        Incident(), by=cast["requester"], title="Xylophone is down",
        organisation=cast.organisation,
    )  # fmt: skip
    staff = cast["staff"]
    registry["incidents.assign"](made, by=staff, case_owner=cast["case owner"], team=cast.team)
    for verb, text, audience in (
        ("comment", OPEN, Audience.PUBLIC),
        ("note", INSIDE, Audience.INTERNAL),
    ):
        registry[f"incidents.{verb}"](made, by=staff, text=text)
        file = ContentFile(text.encode(), name=f"{audience}.txt")
        registry["incidents.attach"](made, by=staff, file=file, audience=audience)
    return Incident.objects.get(pk=made.pk)


def page_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def program_of(user: User) -> Program:
    """Reads an address of the API as JSON, or gives the status where it is refused."""
    headers = {"Authorization": f"Bearer {token(user, ApiToken.Scope.READ)}"}

    def read(address: str) -> Any:
        answer = Client().get(f"/api/{address}", headers=headers)
        is_json = answer.headers["Content-Type"] == "application/json"
        return answer.json() if answer.status_code == 200 and is_json else answer.status_code

    return read


def sightings(record: Record, user: User, capsys: Any) -> Iterator[tuple[str, bool]]:
    """Each place in which the record could be read, and whether it is."""
    name, number = record.collection, record.number
    page, program = page_of(user), program_of(user)
    yield "list page", number in page.get(f"/{name}/").content.decode()
    yield "page", page.get(record.url).status_code == 200
    export = page.get(f"/{name}/?format=csv")
    yield "export", number in b"".join(export).decode()
    workbook = page.get(f"/{name}/?format=xlsx")
    in_it = workbooks.texts(b"".join(workbook)) if workbook.status_code == 200 else []
    yield "workbook", any(number in row for row in in_it)
    said = program(name)
    items = said["items"] if isinstance(said, dict) else []
    yield "REST list", number in [item["number"] for item in items]
    yield "REST record", isinstance(program(f"{name}/{number}"), dict)
    for command in (["list", name], ["show", number], ["export", name]):
        capsys.readouterr()
        cli.main([*command, "--as", user.username])
        yield command[0], number in capsys.readouterr().out
    yield "records of all kinds", Record.objects.visible_to(user).filter(pk=record.pk).exists()


def counts(model: type[Record], user: User, capsys: Any) -> Iterator[tuple[str, int]]:
    """Each place that tells how many there are, and what it tells; nothing told is none."""
    name = model.collection
    told = page_of(user).get(f"/{name}/?only=count").content.decode()
    yield "page", int(told or 0)
    said = program_of(user)(f"{name}?count=yes&limit=1")
    yield "REST", said["count"] if isinstance(said, dict) else 0
    capsys.readouterr()
    cli.main(["list", name, "--count", "--as", user.username])
    yield "command", int(capsys.readouterr().out or 0)


class TestRecord:
    @each_kind
    def test_is_read_everywhere_or_nowhere(self, kind: str, cast: Cast, capsys: Any) -> None:
        model = kinds()[kind]
        record = on_stage(model, beginning(kind), cast)
        for member in MEMBERS:
            user = cast[member]
            seen = model.objects.visible_to(user)
            sees, many = seen.filter(pk=record.pk).exists(), seen.count()
            for place, read in sightings(record, user, capsys):
                assert read == sees, f"{kind} by {member}: {place}"
            for place, told in counts(model, user, capsys):
                assert told == many, f"{kind} by {member}: {place}"


class TestIncident:
    def test_is_found_by_those_only_who_see_it(self, cast: Cast, incident: Incident) -> None:
        for member in MEMBERS:
            user = cast[member]
            sees = Incident.objects.visible_to(user).exists()
            inside = visibility.is_inside(user, "incident")
            for words, expected in (("xylophone", sees), ("quagga", sees), ("okapi", inside)):
                hits = [hit.record.number for hit in find(user, words).hits]
                assert hits == ([incident.number] if expected else []), (member, words)

    def test_keeps_what_is_internal_to_those_inside(self, cast: Cast, incident: Incident) -> None:
        for member in MEMBERS:
            user = cast[member]
            sees = Incident.objects.visible_to(user).exists()
            inside = visibility.is_inside(user, "incident")
            page = page_of(user).get(incident.url).content.decode()
            comments = str(program_of(user)(f"incidents/{incident.number}/comments"))
            entries = str(program_of(user)(f"incidents/{incident.number}/entries"))
            for text in (page, comments):
                assert (OPEN in text) == sees, member
                assert (INSIDE in text) == inside, member
            assert ("incidents.note" in entries) == inside, member

    def test_gives_its_files_to_their_audience(self, cast: Cast, incident: Incident) -> None:
        for member in MEMBERS:
            user = cast[member]
            may = {
                Audience.PUBLIC: Incident.objects.visible_to(user).exists(),
                Audience.INTERNAL: visibility.is_inside(user, "incident"),
            }
            headers = {"Authorization": f"Bearer {token(user, ApiToken.Scope.READ)}"}
            for file in incident.attachments.all():
                expected = may[Audience(file.audience)]
                by_page = page_of(user).get(f"/attachments/{file.pk}/")
                by_rest = Client().get(f"/api/attachments/{file.pk}", headers=headers)
                for answer in (by_page, by_rest):
                    assert (answer.status_code == 200) == expected, (member, file.audience)


def beginning(kind: str) -> str:
    """The state in which a record of a kind begins."""
    start = next(one for one in registry.values() if one.model.kind() == kind and one.creates)
    return next(move.end for move in start.lifecycle.moves if not move.start) or ""
