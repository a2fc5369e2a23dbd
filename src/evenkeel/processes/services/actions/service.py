"""The verbs of a service."""

from datetime import datetime
from typing import Annotated

from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions, Asked
from evenkeel.processes.services import lifecycle, permissions
from evenkeel.processes.services.models import Service

action = Actions(
    Service,
    lifecycle.SERVICE,
    permissions.SERVICE,
    visible=permissions.VISIBLE,
    inside=permissions.INSIDE,
)


@action(public=True, fields=True)
def record(service: Service, *, by: User, at: datetime) -> None:
    """Take a service into the portfolio."""


@action(public=True)
def retire(
    service: Service, *, by: User, at: datetime, reason: Annotated[str, Asked("Reason", long=True)]
) -> None:
    """The service is no longer offered."""
