"""Holding what comes in against the approved channels and forms (ISRM-16, ISRM-17)."""

from datetime import datetime
from typing import Any

from evenkeel.core.rules import Invalid
from evenkeel.core.schemes import intake
from evenkeel.core.schemes.models import SchemeVersion, in_force
from evenkeel.processes.incidents.models import Case, Contact

NEEDED = "The form needs it; fill it in."


def take(case: Case | Contact, version: SchemeVersion) -> None:
    """A new one: by a channel that is open, with what its form needs; it cites the version."""
    content: intake.Intake = version.read
    _check_channel(case, content)
    by_user = str(case.channel) == "portal"
    missing = content.missing(case.kind(), lambda name: _has(case, name), by_user=by_user)
    if missing:
        raise Invalid({name: [NEEDED] for name in missing})
    rules = content.of(case.kind()).values()
    needed = [rule.field for rule in rules if rule.needed and (rule.users or not by_user)]
    case.taken_under = {"channel": str(case.channel), "needed": needed, **version.cited}


def check_edit(case: Case | Contact, at: datetime) -> None:
    """What the form needed when it came in is not emptied; what was added since is not asked."""
    missing = [name for name in case.taken_under.get("needed", ()) if not _has(case, name)]
    if missing:
        raise Invalid({name: [NEEDED] for name in missing})
    if str(case.channel) != case.taken_under.get("channel", case.channel):
        version = in_force(intake.NAME, "ISRM", at)
        if version:
            _check_channel(case, version.read)


def _check_channel(case: Case | Contact, content: intake.Intake) -> None:
    if case.channel not in content.open_channels:
        names = ", ".join(_words(name) for name in content.open_channels)
        raise Invalid({"channel": [f"Nothing is taken by {_words(case.channel)}; use {names}."]})


def _has(case: Any, name: str) -> bool:
    value = getattr(case, case._meta.get_field(name).attname)
    return value is not None and str(value).strip() != ""


def _words(name: str) -> str:
    return str(Case.Channel(name).label).lower()
