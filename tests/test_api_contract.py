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
from hypothesis import strategies
from schemathesis import GenerationMode, checks

from evenkeel.core import cli
from evenkeel.core.directory.models import Role
from evenkeel.core.people.models import RoleAssignment, User
from evenkeel.core.records.models import Attachment
from evenkeel.core.records.record import Record, collections
from evenkeel.core.testing.api import Api

pytestmark = pytest.mark.django_db
EXAMPLES = 6  # of each operation, in each mode
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
def api() -> Api:
    """The demonstration, called by someone who holds every role of it."""
    assert cli.main(["demo"]) == 0
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
    @pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    def test_answers_as_it_is_published(
        self, api: Api, published: Any, mode: GenerationMode
    ) -> None:
        answered = set()
        for found in published.get_all_operations():
            operation = found.ok()
            if mode is GenerationMode.NEGATIVE and not takes_anything(operation):
                continue
            for status in answers(operation, mode, api):
                answered.add(status // 100)
        assert answered >= {4} if mode is GenerationMode.NEGATIVE else answered == {2, 4}


def takes_anything(operation: Any) -> bool:
    """Is there anything in a request that could be wrong?"""
    return bool({"parameters", "requestBody"} & operation.definition.raw.keys())


def answers(operation: Any, mode: GenerationMode, api: Api) -> Iterator[int]:
    """The status of each answer to made-up requests, each held to the document."""
    statuses: list[int] = []
    known = keys(operation.path)

    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(
        case=operation.as_strategy(generation_mode=mode), key=strategies.sampled_from(known)
    )
    def ask(case: Any, key: str) -> None:
        if case.path_parameters and mode is GenerationMode.POSITIVE:
            case.path_parameters[next(iter(case.path_parameters))] = key
        authorised = {"Authorization": f"Bearer {api.secret}"}
        answer = case.call_and_validate(headers=authorised, checks=CHECKS)
        statuses.append(answer.status_code)

    ask()
    yield from statuses


def keys(path: str) -> list[str]:
    """What there is in the place of the braces; a number that nobody has, if there is nothing."""
    if "{key}" in path:
        return [str(key) for key in Attachment.objects.values_list("pk", flat=True)] or ["1"]
    kind = collections()[path.split("/")[2]].kind() if "{number}" in path else ""
    return list(Record.objects.filter(of_kind=kind).values_list("number", flat=True)) or ["X-1"]
