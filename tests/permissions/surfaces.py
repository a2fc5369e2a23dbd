"""The surfaces through which a verb is done; each answers whether it was refused for who asks."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from evenkeel.core import cli
from evenkeel.core.people import tokens
from evenkeel.core.people.models import ApiToken, User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Action, Denied, Invalid

Inputs = dict[str, Any]
REFUSED = {401, 403, 404}


def by_code(action: Action, record: Record, user: User, given: Inputs, capsys: Any) -> bool:
    """Call the verb as another verb does, with inputs that are clean already."""
    files = {name: file for name, file in given.items() if isinstance(file, SimpleUploadedFile)}
    cleaned = action.clean(given, by=User.objects.the_sms(), files=files)
    try:
        action(record, by=user, **cleaned)
    except Denied:
        return False
    except Invalid:
        return True
    return True


def by_page(action: Action, record: Record, user: User, given: Inputs, capsys: Any) -> bool:
    """Send the form of the verb."""
    client = Client()
    client.force_login(user)
    place = "record" if action.creates else f"{record.number}/{action.verb}"
    sent = {name: _text(value) for name, value in given.items()}
    asked = {"HX-Request": "true"}  # the sheet alone, not the page around it
    answer = client.post(f"/{action.model.collection}/{place}/", sent, headers=asked)
    return answer.status_code not in REFUSED and "/accounts/" not in answer.get("HX-Redirect", "")


def by_rest(action: Action, record: Record, user: User, given: Inputs, capsys: Any) -> bool:
    """Send it with a token that may write."""
    return _sent(action, record, given, token(user, ApiToken.Scope.WRITE)) not in REFUSED


def by_reading_token(action: Action, record: Record, user: User, given: Inputs) -> int:
    """Send it with a token that may only read; the status of the answer."""
    return _sent(action, record, given, token(user, ApiToken.Scope.READ))


def _sent(action: Action, record: Record, given: Inputs, secret: str) -> int:
    """Send JSON, or a form where there is a file."""
    address = f"/api/{action.model.collection}"
    if not action.creates:
        address += f"/{record.number}/{action.verb}"
    has_file = any(isinstance(value, SimpleUploadedFile) for value in given.values())
    how = {} if has_file else {"content_type": "application/json"}
    answer = Client().post(address, given, headers={"Authorization": f"Bearer {secret}"}, **how)  # type: ignore[arg-type]
    assert answer.status_code < 500
    return int(answer.status_code)


def by_command(action: Action, record: Record, user: User, given: Inputs, capsys: Any) -> bool:
    """`evenkeel do …`"""
    number = [] if action.creates else [record.number]
    options = [
        part
        for name, value in given.items()
        for part in (f"--{name.replace('_', '-')}", _argument(value))
    ]
    capsys.readouterr()
    code = cli.main(["do", action.name, *number, "--as", user.username, *options])
    said = capsys.readouterr().err
    return not (code == 1 and said.startswith(("Not done. Only", "Not done. There is no")))


def token(user: User, scope: ApiToken.Scope) -> str:
    """The secret of a token in force."""
    secret = tokens.make()
    ApiToken.objects.create(
        person=user,
        title="for a test",
        digest=tokens.digest(secret),
        scope=scope,
        expires_at=timezone.now() + timedelta(hours=1),
    )
    return secret


def _text(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


def _argument(value: Any) -> str:
    # A command is given the path of a file; any text will do.
    return __file__ if isinstance(value, SimpleUploadedFile) else str(_text(value))


SURFACES: dict[str, Callable[..., bool]] = {
    "code": by_code,
    "page": by_page,
    "REST": by_rest,
    "command": by_command,
}
