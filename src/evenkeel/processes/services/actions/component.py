"""The verbs of a service component."""

from datetime import datetime
from typing import Annotated

from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions, Asked
from evenkeel.processes.services import lifecycle, permissions
from evenkeel.processes.services.models import ServiceComponent

action = Actions(
    ServiceComponent,
    lifecycle.COMPONENT,
    permissions.COMPONENT,
    visible=permissions.BUILT,
    inside=permissions.INSIDE,
)


@action(fields=True)
def record(component: ServiceComponent, *, by: User, at: datetime) -> None:
    """Say of which part a service is made."""


@action
def retire(
    component: ServiceComponent,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", long=True)],
) -> None:
    """The service is no longer made of it."""
