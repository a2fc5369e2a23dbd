"""What docs/api shows, is answered so."""

import argparse
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory import starter
from evenkeel.core.directory.actions import role
from evenkeel.core.directory.models import Role
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.testing.api import Api

PAGE = Path(__file__).parents[1] / "docs/api/calling.md"
SHOWN = re.compile(r"^\$ (curl .*)\n(\d{3}) (.*)$", re.MULTILINE)


@pytest.fixture
def nils(db: None) -> User:
    """A member of the service desk, and priya, who manages the process."""
    sms, now = User.objects.the_sms(), timezone.now()
    starter.record_roles(["ISRM"], at=now)
    for login, kind in (("priya", RoleType.PROCESS_MANAGER), ("nils", RoleType.PROCESS_STAFF)):
        person = User.objects.create_user(login)
        held = Role.objects.get(role_type=kind, context="ISRM")
        role.assign(held, by=sms, at=now, person=person)
    return User.objects.get(username="nils")


def curled(client: Client, command: str, token: str) -> Any:
    """The answer to what curl would send."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("-H", action="append", dest="headers", default=[])
    parser.add_argument("-d", dest="data")
    parser.add_argument("-F", dest="file")
    command = command.replace("$API", "/api").replace("$TOKEN", f"Authorization: Bearer {token}")
    asked = parser.parse_args(shlex.split(command)[1:])
    headers = dict(header.split(": ", 1) for header in asked.headers)
    if asked.file:
        name, _, path = asked.file.partition("=@")
        return client.post(asked.address, {name: SimpleUploadedFile(path, b"x")}, headers=headers)
    if asked.data is None:
        return client.get(asked.address, headers=headers)
    kind = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    return client.post(asked.address, asked.data, content_type=kind, headers=headers)


class TestWalk:
    def test_is_answered_as_it_is_shown(self, nils: User, client: Client) -> None:
        token = Api(nils).secret
        steps = SHOWN.findall(PAGE.read_text(encoding="utf-8"))
        assert len(steps) == PAGE.read_text(encoding="utf-8").count("$ curl")
        for command, status, body in steps:
            answer = curled(client, command, token)
            said, shown = answer.json(), json.loads(body)
            assert answer.status_code == int(status), f"{command}: {said}"
            assert {name: said.get(name) for name in shown} == shown, command


class TestTable:
    def test_names_every_status_of_refusal(self) -> None:
        from evenkeel.core.rest.problems import REASONS

        rows = re.findall(r"^\| (\d{3}(?:, \d{3})*) \|", PAGE.read_text(), re.MULTILINE)
        named = {int(status) for row in rows for status in row.split(", ")}
        assert named == set(REASONS)
