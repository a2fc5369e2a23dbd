"""Code, page, API and command give the same answer to the same request, in the same words."""

import html
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from evenkeel.core import cli
from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db
DONE = "done"
ASKED: list[tuple[str, str, dict[str, str]]] = [
    ("rita", "edit", {"title": "Mail is slow"}),
    ("rita", "close", {}),
    ("rita", "comment", {"text": "Any news?"}),
    ("rita", "comment", {"text": ""}),
    ("rita", "cancel", {"reason": "It works again"}),
    ("sam", "edit", {"title": "Mail is slow"}),
    ("sam", "edit", {"title": "x" * 201}),
    ("sam", "resolve", {"solution": "Restarted the queue"}),
    ("sam", "classify", {"category": ""}),
    ("sam", "cancel", {"reason": "No"}),
    ("sam", "assign", {}),
    ("sam", "assign", {"case_owner": "nobody"}),
    ("sam", "link", {"target": "INC-1"}),
    ("mona", "assign", {"case_owner": "sam"}),
]


def by_code(user: User, incident: Incident, verb: str, inputs: dict[str, str]) -> str:
    action = registry[f"incidents.{verb}"]
    try:
        action(incident, by=user, **action.clean(inputs, by=user))
    except Denied as refused:
        return str(refused)
    except Invalid as refused:
        return " ".join(why for reasons in refused.errors.values() for why in reasons)
    return DONE


def by_api(user: User, incident: Incident, verb: str, inputs: dict[str, str]) -> str:
    answer = Api(user).post(f"/api{incident.url}{verb}", inputs)
    if answer.status_code == 200:
        return DONE
    said = answer.json()
    return " ".join(e["reason"] for e in said["errors"]) if "errors" in said else said["detail"]


def by_page(user: User, incident: Incident, verb: str, inputs: dict[str, str], said: str) -> str:
    """What it says, if it says that; the page stands around the sentence."""
    client = Client()
    client.force_login(user)
    answer = client.post(f"{incident.url}{verb}/", inputs)
    if answer.status_code == 302:
        return DONE
    text = html.unescape(answer.content.decode())
    return said if answer.status_code in {403, 422} and said in text else text


def by_command(
    user: User, incident: Incident, verb: str, inputs: dict[str, str], capsys: Any
) -> str:
    options = [part for name, value in inputs.items() for part in (f"--{name}", value)]
    options = [part.replace("case_owner", "case-owner") for part in options]
    done = cli.main(["do", f"incidents.{verb}", incident.number, "--as", user.username, *options])
    return str(capsys.readouterr().err) if done else DONE


class TestAnswer:
    @pytest.mark.parametrize(("who", "verb", "inputs"), ASKED)
    def test_is_the_same_on_every_surface(
        self,
        incident: Incident,
        request: pytest.FixtureRequest,
        capsys: Any,
        who: str,
        verb: str,
        inputs: dict[str, str],
    ) -> None:
        for name in ("rita", "sam", "mona"):
            request.getfixturevalue(name)
        user = User.objects.get(username=who)
        said = rolled_back(lambda: by_code(user, incident, verb, inputs))
        assert rolled_back(lambda: by_api(user, incident, verb, inputs)) == said
        assert rolled_back(lambda: by_page(user, incident, verb, inputs, said)) == said
        command = rolled_back(lambda: by_command(user, incident, verb, inputs, capsys))
        assert command == DONE if said == DONE else said in command

    def test_for_what_one_may_not_see_is_that_it_is_not_there(
        self, incident: Incident, omar: User, capsys: Any
    ) -> None:
        client = Client()
        client.force_login(omar)
        assert client.post(f"{incident.url}comment/", {"text": "Hm"}).status_code == 404
        assert Api(omar).post(f"/api{incident.url}comment", {"text": "Hm"}).status_code == 404
        assert "There is no" in by_command(omar, incident, "comment", {"text": "Hm"}, capsys)


def rolled_back(do: Any) -> str:
    """What it answers; what it did is taken back."""
    with transaction.atomic():
        answer = str(do())
        transaction.set_rollback(True)
    return answer
