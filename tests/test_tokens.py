"""The secret of a new token is told once, on every surface, and kept on none."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core import cli
from evenkeel.core.directory.actions import person
from evenkeel.core.directory.models import Person
from evenkeel.core.people import tokens
from evenkeel.core.people.models import User
from evenkeel.core.rest.models import AnsweredOnce
from evenkeel.core.testing.api import Api
from evenkeel.core.testing.parties import party

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita() -> Person:
    made: Person = person.record(
        Person(title="Rita Ruiz", organisation=party()), by=User.objects.the_sms(), login="rita"
    )
    return made


class TestSecret:
    def test_is_told_by_the_command(self, rita: Person, capsys: Any) -> None:
        command = ["do", "people.issue_token", rita.number, "--as", "rita", "--title", "Report"]
        assert cli.main(command) == 0
        secret = capsys.readouterr().out.splitlines()[-1]
        found = tokens.find(secret, at=timezone.now())
        assert found is not None
        assert found.person == rita.user

    def test_is_told_by_the_api_but_not_to_who_asks_again(self, rita: Person) -> None:
        api, address = Api(rita.user), f"/api/people/{rita.number}/issue_token"
        said, again = (api.post(address, {"title": "New"}, Idempotency_Key="a") for _ in range(2))
        assert tokens.find(said.json()["told"], at=timezone.now())
        assert again.status_code == 200
        assert "told" not in again.json()
        assert said.json()["told"].encode() not in bytes(AnsweredOnce.objects.get().body)

    def test_is_told_by_the_page_after(self, rita: Person, client: Client) -> None:
        client.force_login(rita.user)
        address = f"/people/{rita.number}/"
        client.post(f"{address}issue_token/", {"title": "New", "scope": "read", "days": "30"})
        first, second = (client.get(address).content.decode() for _ in range(2))
        secret = first.partition("Shown this once: ")[2].partition("<")[0]
        assert tokens.find(secret, at=timezone.now())
        assert secret not in second
