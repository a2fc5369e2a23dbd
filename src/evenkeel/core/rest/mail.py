"""`POST /api/mail/bounced`: a mail server hands in what came back.

Any account may: a report is believed for mails alone whose signed name it knows.
"""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from evenkeel.core.notices import bouncing
from evenkeel.core.notices.returned import LARGEST, NotRead
from evenkeel.core.people.models import User
from evenkeel.core.rest.answers import refusals
from evenkeel.core.rest.body import json_object
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.operations import json
from evenkeel.core.rest.schema import TEXT, Schema, closed
from evenkeel.core.rules import Invalid

_NAME = "mail"


def bounced(request: HttpRequest, user: User) -> HttpResponse:
    """Note it, and say what was noted."""
    given = json_object(request)
    if unknown := set(given) - {_NAME}:
        raise Invalid({name: [f"There is: {_NAME}."] for name in unknown})
    mail = given.get(_NAME)
    if not isinstance(mail, str):
        raise Invalid({_NAME: ["Give the whole report as a text, with its headers."]})
    try:
        said = bouncing.hand_in(mail.encode(errors="replace"), timezone.now())
    except NotRead as refused:
        raise Invalid({_NAME: [str(refused)]}) from refused
    return answer({"said": said})


def paths() -> Schema:
    """What it is in the OpenAPI document."""
    given = closed({_NAME: {**TEXT, "maxLength": LARGEST}}, required=[_NAME])
    return {
        "/api/mail/bounced": {
            "post": {
                "operationId": "mail.bounced",
                "summary": "Note a mail that came back",
                "description": "A delivery status notification (RFC 3464), whole, as it arrived."
                " The state of the mail and the address of its recipient then say so.",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": given}},
                },
                "responses": {
                    "200": json("Noted.", closed({"said": TEXT}, required=["said"])),
                    **refusals(400, 401, 403, 405, 413, 415, 422),
                },
            }
        }
    }
