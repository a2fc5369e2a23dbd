"""The API as published is the API as it answers: schemathesis tries to prove otherwise.

It sends what the document allows and what it forbids, to records in every state, and holds each
answer to the document: no failure on our side, no status, header or body that is not in it.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from schemathesis import GenerationMode, checks

from evenkeel.core.directory.models import Role
from evenkeel.core.people.models import RoleAssignment, User
from evenkeel.core.records.models import Attachment
from evenkeel.core.records.record import Record, collections
from evenkeel.core.rules import registry
from evenkeel.core.testing.api import Api

pytestmark = pytest.mark.django_db
EXAMPLES = 5  # of each operation, in each mode
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


@pytest.fixture(autouse=True)
def connection_of_the_test() -> Iterator[None]:
    """A server closes its connection after a request; here it is the test's own."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def api(demo: None) -> Api:
    """The demonstration, called by someone who holds every role of it."""
    tess = User.objects.create_user("tess")
    since = timezone.now() - timedelta(days=1)
    for key in Role.objects.values_list("pk", flat=True):
        RoleAssignment.objects.create(role_id=key, person=tess, starts_at=since)
    return Api(tess)


@pytest.fixture
def published() -> Any:
    """The document, as a program loads it."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler())


class TestApi:
    @pytest.mark.parametrize(
        ("mode", "expected"),
        [(GenerationMode.POSITIVE, {200, 201, 403, 412, 422}), (GenerationMode.NEGATIVE, {422})],
    )
    def test_answers_as_it_is_published(
        self, api: Api, published: Any, mode: GenerationMode, expected: set[int]
    ) -> None:
        answered: set[int] = set()
        for found in published.get_all_operations():
            operation = found.ok()
            if mode is GenerationMode.POSITIVE or takes_anything(operation):
                answered.update(answers(operation, mode, api))
        assert answered >= expected


def takes_anything(operation: Any) -> bool:
    """Is there anything in a request, besides its address, that could be wrong?"""
    told = operation.definition.raw
    return "requestBody" in told or any(p["in"] != "path" for p in told.get("parameters", []))


def answers(operation: Any, mode: GenerationMode, api: Api) -> list[int]:
    """The status of each answer to made-up requests, each held to the document."""
    statuses: list[int] = []
    made_up = operation.as_strategy(generation_mode=mode, path_parameters=place(operation.path))

    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=made_up)
    def ask(case: Any) -> None:
        authorised = {"Authorization": f"Bearer {api.secret}"}
        answer = case.call_and_validate(headers=authorised, checks=CHECKS)
        statuses.append(answer.status_code)

    ask()
    return statuses


def place(path: str) -> dict[str, Any] | None:
    """What stands in the braces: something that there is, in a state in which the verb is done."""
    if "{key}" in path:
        return {"key": Attachment.objects.values_list("pk", flat=True)[0]}
    if "{number}" not in path:
        return None
    collection, verb = path.split("/")[2], path.rsplit("/", maxsplit=1)[-1]
    records = Record.objects.filter(of_kind=collections()[collection].kind()).order_by("pk")
    action = registry.get(f"{collection}.{verb}")
    states = action.lifecycle.starts(verb) if action else []
    fitting = records.filter(state__in=states).first() or records.first()
    return {"number": fitting.number if fitting else f"{collections()[collection].prefix}-1"}
