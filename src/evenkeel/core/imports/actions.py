"""The verbs of an import; `evenkeel import` does them."""

import json
from datetime import datetime
from typing import Annotated

from evenkeel.core.imports import lifecycle, permissions
from evenkeel.core.imports.models import ImportRun
from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions, Asked, Invalid

action = Actions(
    ImportRun,
    lifecycle.IMPORT,
    permissions.IMPORT,
    visible=permissions.VISIBLE,
    inside=permissions.INSIDE,
)


@action
def record(run: ImportRun, *, by: User, at: datetime) -> None:
    """Begin an import."""


@action
def finish(
    run: ImportRun,
    *,
    by: User,
    at: datetime,
    rows: Annotated[str, Asked("Rows", "As JSON: for each kind, how its rows ended.", long=True)],
    remarks: Annotated[str, Asked("Remarks", "As JSON: what else, and how often.", long=True)] = "",
) -> None:
    """The import has read its files to the end."""
    run.figures, run.notes = _told("rows", rows), _told("remarks", remarks or "{}")


@action
def break_off(
    run: ImportRun, *, by: User, at: datetime, reason: Annotated[str, Asked("Reason", long=True)]
) -> None:
    """The import ended before its files did; what it had brought in is kept."""


@action
def undo(
    run: ImportRun,
    *,
    by: User,
    at: datetime,
    reason: Annotated[str, Asked("Reason", "It stands on each record that goes.", long=True)],
) -> None:
    """Cancel what the import created and nobody worked on since; the worker does it."""


@action
def conclude_undo(run: ImportRun, *, by: User, at: datetime, undone: int, kept: int) -> None:
    """All that the import wrote has been gone through."""


def _told(name: str, text: str) -> dict[str, object]:
    try:
        told = json.loads(text)
    except ValueError as error:
        raise Invalid({name: [f"This is no JSON: {error}."]}) from error
    if not isinstance(told, dict):
        raise Invalid({name: ["This is no JSON object."]})
    return told
