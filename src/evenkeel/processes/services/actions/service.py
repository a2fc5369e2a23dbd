"""The verbs of a service: its way from a proposal to its end (FitSM-1 PR1)."""

from datetime import datetime
from typing import Annotated, Any

from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions, Asked
from evenkeel.processes.services import lifecycle, permissions
from evenkeel.processes.services.actions import reviewing
from evenkeel.processes.services.lifecycle import State
from evenkeel.processes.services.models import Service

action = Actions(
    Service,
    lifecycle.SERVICE,
    permissions.SERVICE,
    visible=permissions.VISIBLE,
    inside=permissions.INSIDE,
)


def phases() -> list[tuple[Any, str]]:
    """In which a service may be when it is taken into the portfolio."""
    return [(str(one), str(one.label)) for one in (State.LIVE, *lifecycle.COMING)]


@action(public=True, fields=True)
def record(
    service: Service,
    *,
    by: User,
    at: datetime,
    phase: Annotated[str, Asked("Phase", choices=phases)] = "live",
) -> None:
    """Take a service into the portfolio."""
    service.state = State(phase)


@action
def plan(service: Service, *, by: User, at: datetime) -> None:
    """It is decided to offer it, and how that comes about is being planned."""


@action(public=True)
def launch(service: Service, *, by: User, at: datetime) -> None:
    """Offer it to customers from now on."""


@action(public=True)
def phase_out(
    service: Service, *, by: User, at: datetime, reason: Annotated[str, Asked("Reason", long=True)]
) -> None:
    """It will end: those who have it keep it until then."""


@action(public=True)
def retire(
    service: Service, *, by: User, at: datetime, reason: Annotated[str, Asked("Reason", long=True)]
) -> None:
    """The service is no longer offered, or never will be."""


review = action(reviewing.review)
remind = action(public=True)(reviewing.remind)  # its owner need not be inside of SPM
