"""The log as lines of JSON: what is in it, and above all what is not."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from evenkeel.core.backups.writing import BackupFailed
from evenkeel.core.operation.lines import JsonLines
from evenkeel.core.people.models import User

MARY = ("Mary Poppins", "mary", "poppins", "cherry tree lane")
_log = logging.getLogger("evenkeel.somewhere")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that is logged, as it is written with EVENKEEL_LOGS=json."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root, requests = logging.getLogger(), logging.getLogger("evenkeel.requests")
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield written
    requests.setLevel(logging.WARNING)
    root.removeHandler(handler)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


class TestALine:
    def test_fills_in_numbers_and_names_of_the_code_alone(self, log: io.StringIO) -> None:
        _log.warning("%s %d: %s", "incidents.resolve", 7, "Only Mary Poppins can do this.")
        [line] = lines(log)
        assert line["message"] == "incidents.resolve 7: …"
        assert (line["level"], line["logger"]) == ("warning", "evenkeel.somewhere")

    def test_tells_of_a_fault_its_kind_and_way_and_not_its_text(self, log: io.StringIO) -> None:
        def fail() -> None:
            try:
                raise IntegrityError("Key (username)=(mary) already exists.")
            except IntegrityError as fault:
                raise ValueError("mary@cherry.example") from fault

        try:
            fail()
        except ValueError:
            _log.exception("It failed: %s", User(username="mary"))
        [line] = lines(log)
        assert (line["fault"], line["because"]["fault"]) == (
            "ValueError",
            "django.db.utils.IntegrityError",
        )
        assert line["where"][-1].startswith("test_lines.py:")
        assert line["where"][-1].endswith(" fail")
        assert "mary" not in log.getvalue()

    def test_says_why_where_the_text_is_of_nobody(self, log: io.StringIO) -> None:
        try:
            raise BackupFailed("No space left on device: /backups")
        except BackupFailed:
            _log.exception("No backup.")
        assert lines(log)[0]["says"] == "No space left on device: /backups"

    def test_survives_a_message_that_does_not_fit(self, log: io.StringIO) -> None:
        JsonLines().format(_log.makeRecord("x", 30, "f", 1, "%d of %s", ("mary", 2), None))
        _log.warning({"title": "Mary Poppins"})
        assert lines(log)[0]["message"] == "…"


@pytest.mark.django_db
class TestTheLog:
    def test_names_nobody_whatever_they_ask_for(self, log: io.StringIO) -> None:
        person = User.objects.create_user("mary", "spoonful of sugar", full_name="Mary Poppins")
        browser = Client(raise_request_exception=False, HTTP_USER_AGENT="Mary's own browser")
        login = {"login": "mary", "password": "poppins"}
        browser.post("/accounts/login/", login)
        browser.get("/poppins/mary/", {"q": "Mary Poppins"})
        browser.force_login(person)
        browser.get("/search/", {"q": "Cherry Tree Lane"})
        browser.get("/people/MARY-1/")
        browser.get("/api/poppins")
        browser.post("/incidents/record/", {"title": "Mary Poppins", "description": "\x00"})
        browser.put("/search/")
        said = log.getvalue().lower()
        assert len(lines(log)) >= 7
        assert [name for name in MARY if name.lower() in said] == []

    def test_has_the_name_of_the_request_in_each_of_its_lines(self, log: io.StringIO) -> None:
        answer = Client().get("/nothing/here/at/all/")
        name = answer.headers["X-Request-ID"]
        assert [line["request"] for line in lines(log)] == [name] * len(lines(log))
        answered, refused = lines(log)
        assert (answered["status"], answered["room"]) == (404, "elsewhere")
        assert (refused["logger"], refused["message"]) == ("django.request", "…: …")

    def test_says_which_room_answered_by_the_pattern_of_the_address(self, log: io.StringIO) -> None:
        Client().get("/incidents/INC-7/")
        line = lines(log)[-1]
        assert (line["room"], line["route"]) == (
            "web.records",
            "<slug:collection>/<slug:number>/",
        )
        assert line["status"] == 302
        assert line["seconds"] >= 0
