"""All search for every word there is: nobody is shown what they may not read."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile

from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records import visibility
from evenkeel.core.records.models import Attachment, Audience, Comment, FileText, Record
from evenkeel.core.rules import registry
from evenkeel.core.search import asking, files, find, learning, suggest
from evenkeel.core.search.models import SearchRow
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from evenkeel.processes.incidents.tests.conftest import holder

pytestmark = pytest.mark.django_db

WORDS = re.compile(r"[^\W_]+")


@pytest.fixture
def cast(rita: User, omar: User) -> list[User]:
    """Two requesters, one who holds nothing, one who left, and some who hold a role."""
    gone = holder("gone", RoleType.PROCESS_STAFF, is_active=False)
    nobody = User.objects.create_user("nobody")
    roles = (RoleType.PROCESS_STAFF, RoleType.AUDITOR, RoleType.SERVICE_OWNER)
    return [rita, omar, nobody, gone, *(holder(f"a-{role}", role) for role in roles)]


@pytest.fixture
def cases(cast: list[User]) -> None:
    """Cases whose every text holds a word that stands nowhere else."""
    staff = next(user for user in cast if user.username == "a-process_staff")
    for user in cast[:2]:
        name = user.username
        for collection, model in (("incidents", Incident), ("service_requests", ServiceRequest)):
            more: dict[str, Any] = {"wish": "access"} if model is ServiceRequest else {}
            case = registry[f"{collection}.record"](
                model(),
                by=user,
                title=f"Titular{collection}{name} mail",
                description=f"Descriptive{collection}{name} 10.0.3.{len(name)}",
                **more,
            )
            registry[f"{collection}.comment"](case, by=user, text=f"Said{collection}{name}")
            registry[f"{collection}.note"](case, by=staff, text=f"Secret{collection}{name}")
            for audience in Audience:
                word = f"{audience}{collection}{name}"
                file = ContentFile(f"Filed{word}".encode(), f"Named{word}.txt")
                attach = registry[f"{collection}.attach"]
                attach(case, by=staff, file=file, audience=audience)
    files.read_rest()
    learning.learn()


def questions() -> Iterator[str]:
    """Every word of the cases, its beginning, with a slip, and beside a word that all have."""
    cases = Record.objects.filter(of_kind__in=("incident", "service_request"))
    texts = [*cases.values_list("title", flat=True)]
    texts += Incident.objects.values_list("description", flat=True)
    texts += Comment.objects.values_list("text", flat=True)
    texts += Attachment.objects.values_list("filename", flat=True)
    texts += FileText.objects.values_list("text", flat=True)
    for word in sorted({word for text in texts for word in WORDS.findall(text)}):
        yield from (word, word[:-2], f"{word}x", f"mail {word}")
    yield from cases.values_list("number", flat=True)


def readable(user: User) -> dict[int, set[str]]:
    """What this user may read of which record, told from the records themselves."""
    inside = visibility.inside_kinds(user)
    texts: dict[int, str] = {}
    for bare in Record.objects.visible_to(user):
        record = bare.in_full()
        fields = set(record.searched)
        if bare.of_kind not in inside:
            fields -= record.inside_fields
        heard = {} if bare.of_kind in inside else {"audience": "public"}
        said = [one.text for one in Comment.objects.filter(record=bare, **heard)]
        for file in Attachment.objects.filter(record=bare, **heard):
            said += [file.filename, FileText.objects.get(content=file.content_id).text]
        parts = [*(getattr(record, name) for name in fields), *said]
        texts[bare.pk] = " ".join(parts)
    return {key: set(WORDS.findall(text)) for key, text in texts.items()}


@pytest.mark.usefixtures("cases")
class TestNobody:
    def test_is_shown_what_they_may_not_read(
        self, cast: list[User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shown = 0
        for place, user in enumerate(cast):
            # By turns as one who sees few records and as one who sees many.
            monkeypatch.setattr("evenkeel.core.search.matching.FEW", 2_000 * (place % 2))
            may_read = readable(user)
            for text in questions():
                for hit in find(user, text).hits:
                    assert hit.record.pk in may_read, (user, text)
                    seen = "".join(piece for piece, _ in [*hit.title, (" ", False), *hit.headline])
                    assert set(WORDS.findall(seen)) <= may_read[hit.record.pk], (user, text)
                    shown += 1
                assert {record.pk for record in suggest(user, "", text)} <= may_read.keys()
        assert shown

    def test_is_refused_what_they_may_read(self, cast: list[User]) -> None:
        indexed = set(SearchRow.objects.values_list("record_id", flat=True))
        for user in cast:
            may_read = readable(user)
            for key in may_read.keys() & indexed:
                for word in may_read[key]:
                    if asking.read(word).query:  # "the" says nothing
                        found = find(user, word, limit=100).hits
                        assert key in {hit.record.pk for hit in found}, (user, word)
