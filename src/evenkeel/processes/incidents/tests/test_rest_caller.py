"""Who may call the API: tokens within their scope and days, and pages of ours."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.people.models import ApiToken, RoleAssignment, User
from evenkeel.core.rest import problems
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db
LIST = "/api/incidents"
NEW = {"title": "Mail is down"}


class TestToken:
    def test_acts_for_its_account(self, incident: Incident, rita: User) -> None:
        assert len(Api(rita).get(LIST).json()["items"]) == 1

    def test_that_may_only_read_does_not_write(self, rita: User) -> None:
        api = Api(rita, scope=ApiToken.Scope.READ)
        answer = api.post(LIST, NEW)
        assert (answer.status_code, answer.json()["detail"]) == (403, "This token may only read.")
        assert api.get(LIST).status_code == 200

    @pytest.mark.parametrize(
        "ending",
        [
            {"expires_at": timezone.now() - timedelta(seconds=1)},
            {"revoked_at": timezone.now()},
        ],
    )
    def test_is_dead_when_it_expired_or_was_revoked(
        self, rita: User, ending: dict[str, object]
    ) -> None:
        api = Api(rita)
        ApiToken.objects.update(**ending)
        answer = api.get(LIST)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"

    def test_is_dead_at_once_when_its_account_is(self, rita: User) -> None:
        api = Api(rita)
        User.objects.filter(pk=rita.pk).update(is_active=False)
        assert api.get(LIST).status_code == 401

    def test_has_the_rights_of_its_account_now(self, incident: Incident, sam: User) -> None:
        api = Api(sam)
        assert api.get(f"{LIST}/INC-1").status_code == 200
        RoleAssignment.objects.filter(person=sam).update(ends_at=timezone.now())
        assert api.get(f"{LIST}/INC-1").status_code == 404

    @pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Basic cml0YTp4", "Bearer ÿ"])
    def test_that_is_none_is_refused(self, client: Client, header: str) -> None:
        assert client.get(LIST, headers={"Authorization": header}).status_code == 401

    def test_that_is_wrong_is_refused_even_with_a_session(self, rita: User, client: Client) -> None:
        client.force_login(rita)
        assert client.get(LIST, headers={"Authorization": "Bearer x"}).status_code == 401

    def test_is_kept_as_a_hash_that_needs_the_key_of_the_installation(
        self, rita: User, settings: object
    ) -> None:
        api = Api(rita)
        assert api.secret.encode() not in bytes(api.token.digest)
        settings.SECRET_KEY = "another key, " * 4  # type: ignore[attr-defined]
        assert api.get(LIST).status_code == 401


class TestSession:
    def test_of_a_person_who_is_signed_in_reads(self, rita: User, client: Client) -> None:
        assert client.get(LIST).status_code == 401
        client.force_login(rita)
        assert client.get(LIST).status_code == 200

    def test_writes_only_from_a_page_of_ours(self, rita: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(rita)
        answer = client.post(LIST, NEW, content_type="application/json")
        assert answer.status_code == 403
        assert "(CSRF)" in answer.json()["detail"]
        client.cookies["csrftoken"] = "a" * 32
        proof = {"X-CSRFToken": "a" * 32}
        answer = client.post(LIST, NEW, content_type="application/json", headers=proof)
        assert answer.status_code == 201


class TestIndex:
    def test_is_open_to_be_read_by_everybody(self, client: Client) -> None:
        assert client.get("/api/").json()["collections"]["incidents"] == LIST
        assert client.get("/api/openapi.json").json()["openapi"] == "3.1.0"

    @pytest.mark.parametrize("address", ["/api/", "/api/openapi.json"])
    def test_answers_another_method_with_a_problem(self, address: str) -> None:
        answer = Client(enforce_csrf_checks=True).post(address, {})
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
        assert answer["Content-Type"] == "application/problem+json"

    def test_says_of_every_other_address_that_there_is_none(self) -> None:
        client = Client(enforce_csrf_checks=True)
        for answer in (client.get("/api/x/y/z/"), client.post("/api/x/y/z", {})):
            assert answer.status_code == 404
            assert answer["Content-Type"] == "application/problem+json"


class TestServerThatLacksSomething:
    def test_says_so_and_when_to_come_again(self) -> None:
        try:
            Path("/dev/full").write_text("x")
        except OSError as fault:
            problem = problems.of(fault)
        assert problem.status == 503
        assert problem.detail == "The disk of the server is full; nothing was changed."
        assert problem.answer()["Retry-After"] == "30"
