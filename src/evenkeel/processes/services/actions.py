"""The verbs of a service."""

from datetime import datetime
from typing import Annotated

from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions, Asked
from evenkeel.processes.services.lifecycle import LIFECYCLE
from evenkeel.processes.services.models import Service
from evenkeel.processes.services.permissions import INSIDE, PERMISSIONS, VISIBLE

action = Actions(Service, LIFECYCLE, PERMISSIONS, visible=VISIBLE, inside=INSIDE)


@action(public=True, fields=True)
def record(service: Service, *, by: User, at: datetime) -> None:
    """Take a service into the portfolio."""


@action(public=True)
def retire(
    service: Service, *, by: User, at: datetime, reason: Annotated[str, Asked("Reason", long=True)]
) -> None:
    """The service is no longer offered."""
