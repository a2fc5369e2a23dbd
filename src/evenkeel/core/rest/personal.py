"""All that is held on a person, as one archive: the same that the page hands out."""

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from evenkeel.core.directory.models import Person
from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.rest.answers import refusals
from evenkeel.core.rest.operations import NUMBER
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rest.schema import Schema
from evenkeel.core.web import personal


def show(request: HttpRequest, user: User, number: str) -> StreamingHttpResponse:
    """The archive. Raises Problem where there is no such person to see, and Denied."""
    person = readable.one(Person, number, user)
    if person is None:
        raise Problem(404, f"There is no {number}.")
    return personal.answer(request, user, person)


def paths() -> Schema:
    """What it takes, as the API describes it."""
    file: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
    return {
        "/api/people/{number}/personal-data": {
            "get": {
                "operationId": "people.personal_data",
                "tags": ["people"],
                "summary": "All that is held on a person",
                "description": "A zip archive of JSON lines and files; noted in the trail.",
                "parameters": [NUMBER],
                "responses": {
                    "200": {"description": "The archive.", "content": {"application/zip": file}},
                    **refusals(401, 403, 404, 405),
                },
            }
        }
    }
