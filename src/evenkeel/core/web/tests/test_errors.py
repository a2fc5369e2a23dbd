"""What people read when something cannot be done."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory

from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied
from evenkeel.core.web import errors


@pytest.fixture
def vera(client: Client) -> Client:
    client.force_login(User.objects.create_user("vera"))
    return client


def text(response: Any) -> str:
    assert "Traceback" not in response.content.decode()
    found: str = response.content.decode()
    return found


@pytest.mark.django_db
class TestError:
    def test_of_an_unknown_address_is_told_in_the_frame(self, vera: Client) -> None:
        answer = vera.get("/no/such/page/")
        assert answer.status_code == 404
        assert "There is nothing here that you can see" in text(answer)
        assert 'class="rail"' in text(answer)

    def test_of_an_unknown_address_shows_strangers_no_frame(self, client: Client) -> None:
        answer = client.get("/no/such/page/at/all/")
        assert answer.status_code == 404
        assert 'class="rail"' not in text(answer)

    def test_of_an_old_form_offers_to_open_it_again(self) -> None:
        answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
        assert answer.status_code == 403
        assert "This form was too old" in text(answer)
        assert 'href="/accounts/login/">Open the page again' in text(answer)

    def test_of_a_wrong_method_has_words(self, client: Client) -> None:
        answer = client.put("/accounts/password/reset/")
        assert answer.status_code == 405
        assert answer["Allow"]
        assert "cannot be used that way" in text(answer)

    def test_of_a_wrong_host_has_words(self, client: Client) -> None:
        answer = client.get("/", headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert "could not make sense" in text(answer)

    def test_of_a_text_that_is_too_long_has_words(self, client: Client, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        answer = client.post("/accounts/login/", {"login": "x" * 100, "password": "y"})
        assert answer.status_code == 413
        assert "attach it as a file" in text(answer)

    def test_of_a_refused_verb_gives_the_reason(self) -> None:
        refusals = errors.Refusals(lambda request: HttpResponse())
        denied = Denied("Only the case owner can do this.")
        answer = refusals.process_exception(RequestFactory().get("/"), denied)
        assert answer
        assert answer.status_code == 403
        assert "Only the case owner can do this." in text(answer)

    def test_is_told_to_programs_as_a_problem(self, client: Client) -> None:
        answer = client.get("/api/no/such/thing/at/all")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert json.loads(answer.content)["title"] == "Not Found"


class TestBrokenServer:
    def test_has_a_page_that_needs_no_database(self, client: Client) -> None:
        client.raise_request_exception = False
        client.cookies["sessionid"] = "x" * 32
        answer = client.get("/incidents/")  # this test may not use a database: reading it fails
        assert answer.status_code == 500
        assert "The server made a mistake" in text(answer)

    def test_is_told_to_programs_as_a_problem(self) -> None:
        answer = errors.broken(RequestFactory().get("/api/incidents"))
        assert answer.status_code == 500
        assert json.loads(answer.content)["status"] == 500

    @pytest.mark.parametrize("address", ["/incidents/", "/api/incidents"])
    def test_says_that_its_disk_is_full(self, address: str) -> None:
        try:
            Path("/dev/full").write_text("x")
        except OSError:
            answer = errors.broken(RequestFactory().post(address))
        assert answer.status_code == 503
        assert "The disk of the server is full" in text(answer)

    def test_says_that_its_database_is_away(self) -> None:
        try:
            raise OperationalError("gone") from psycopg.OperationalError("gone")
        except OperationalError:
            answer = errors.broken(RequestFactory().get("/"))
        assert answer.status_code == 503
        assert "The database does not answer now" in text(answer)
        assert "server made a mistake" not in text(answer)

    def test_tells_too_much_text_from_nonsense(self) -> None:
        request = RequestFactory().post("/api/incidents")
        assert errors.not_understood(request, RequestDataTooBig()).status_code == 413
        assert errors.not_understood(request, ValueError()).status_code == 400
