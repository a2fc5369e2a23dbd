"""A program that calls the API with a token, as tests need it."""

from datetime import timedelta
from typing import Any

import msgspec
from django.test import Client
from django.utils import timezone

from evenkeel.core.people import tokens
from evenkeel.core.people.models import ApiToken, User


class Api:
    """Calls for an account; `Api(rita).post("/api/incidents", {"title": "…"})`."""

    def __init__(self, user: User, *, scope: str = ApiToken.Scope.WRITE) -> None:
        self.secret = tokens.make()
        self.token = ApiToken.objects.create(
            person=user,
            title="test",
            digest=tokens.digest(self.secret),
            scope=scope,
            expires_at=timezone.now() + timedelta(days=1),
            # Its first use of the day is behind it, so that what is measured is like most calls.
            noted={"on": f"{timezone.now():%Y-%m-%d}", "what": ["from 127.0.0.1"]},
        )
        self.client = Client(headers={"Authorization": f"Bearer {self.secret}"})

    def get(self, address: str, **headers: str) -> Any:
        """The answer of the server."""
        return self.client.get(address, headers=_named(headers))

    def post(self, address: str, inputs: Any = None, **headers: str) -> Any:
        """The answer of the server to JSON; bytes are sent as they are."""
        data = inputs if isinstance(inputs, bytes) else msgspec.json.encode(inputs or {})
        return self.client.post(
            address, data, content_type="application/json", headers=_named(headers)
        )

    def send(self, address: str, form: dict[str, Any]) -> Any:
        """The answer of the server to a form with files."""
        return self.client.post(address, form)


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
