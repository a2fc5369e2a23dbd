"""Classify and prioritise: what sort of case it is and how soon its turn comes (PR9.1)."""

from datetime import datetime
from textwrap import shorten
from typing import Annotated, Any

from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.rules import Asked, Invalid
from evenkeel.core.schemes import categories, overrides, priority
from evenkeel.core.schemes.models import SchemeVersion, in_force
from evenkeel.processes.incidents.actions import criteria
from evenkeel.processes.incidents.models import Case, Incident

Choices = list[tuple[Any, str]]
overrides.kinds |= {"incident", "service_request"}


def _scheme(kind: str, at: datetime | None = None) -> SchemeVersion | None:
    return in_force(kind, "ISRM", at or timezone.now())


def categories_to_choose() -> Choices:
    """The categories in force, each with what it is for."""
    version = _scheme(categories.NAME)
    current = version.read.current() if version else []
    return [(one.path, f"{one.path}{_guidance(one.guidance)}") for one in current]


def _guidance(text: str) -> str:
    return f": {shorten(text, 100, placeholder=' …')}" if text else ""


def impacts() -> Choices:
    """The levels of impact in force."""
    version = _scheme(priority.NAME)
    return _levels(version.read.impact) if version else []


def urgencies() -> Choices:
    """The levels of urgency in force."""
    version = _scheme(priority.NAME)
    return _levels(version.read.urgency) if version else []


def priorities() -> Choices:
    """P1 to P5, for the case that the matrix gets wrong."""
    return [(number, f"P{number}") for number in range(1, priority.LOWEST + 1)]


def _levels(scale: list[priority.Level]) -> Choices:
    return [
        (number, f"{number} · {level.name}: {level.definition}" if level.definition else level.name)
        for number, level in enumerate(scale, 1)
    ]


def classify(
    case: Case,
    *,
    by: User,
    at: datetime,
    category: Annotated[str, Asked("Category", choices=categories_to_choose)],
) -> dict[str, Any] | None:
    """Say what sort of case it is."""
    version = _scheme(categories.NAME, at)
    if version and category and not version.read.has(category):
        raise Invalid({"category": [f"“{category}” is not a category of {version}."]})
    case.category = category
    is_free = "override" not in case.priority_because and not _is_locked(case)
    if case.impact and case.urgency and is_free:
        decide(case, at, case.impact, case.urgency)  # special rules may speak of the category
    cited = version.cited if version else {}
    return {**cited, **criteria.check(case, at)} or None


def prioritise(  # noqa: PLR0913  (four inputs, and who and when)
    case: Case,
    *,
    by: User,
    at: datetime,
    impact: Annotated[int, Asked("Impact", "How much is affected.", choices=impacts)],
    urgency: Annotated[int, Asked("Urgency", "How soon it hurts.", choices=urgencies)],
    priority: Annotated[
        int | None,
        Asked("Another priority", "Only where the matrix is wrong here.", choices=priorities),
    ] = None,
    reason: Annotated[str, Asked("Reason for another priority", long=True)] = "",
) -> dict[str, Any]:
    """Say how much is affected and how soon it hurts; the matrix gives the priority."""
    version = decide(case, at, impact, urgency)
    if priority and priority != case.priority:
        if not reason.strip():
            raise Invalid({"reason": ["Another priority than the matrix gives needs a reason."]})
        _override(case, by, priority, reason.strip())
    said: dict[str, Any] = {"reason": reason} if reason else {}
    if override := case.priority_because.get("override"):
        computed = case.priority_because["computed"]
        said[overrides.GIVEN] = {"priority": [computed, override["priority"]]}
    return {**version.cited, **said, **criteria.check(case, at)}


def _is_locked(case: Case) -> bool:
    return isinstance(case, Incident) and case.is_major


def decide(case: Case, at: datetime, impact: int, urgency: int) -> SchemeVersion:
    """Compute the priority and keep why. Raises Invalid for a level that the scales do not have."""
    version = _scheme(priority.NAME, at)
    if version is None:
        raise Invalid({"": ["ISRM has no approved priority matrix; its owner approves one."]})
    matrix: priority.PriorityMatrix = version.read
    chosen = {"impact": (impact, matrix.impact), "urgency": (urgency, matrix.urgency)}
    for name, (level, scale) in chosen.items():
        if not 1 <= level <= len(scale):
            raise Invalid({name: [f"The scale of {version} goes from 1 to {len(scale)}."]})
    decision = matrix.decide(impact, urgency, _facts(case, matrix))
    case.impact, case.urgency, case.priority = impact, urgency, decision.priority
    case.priority_because = {
        "text": " ".join(decision.steps),
        "inputs": {
            name.capitalize(): f"{level} · {scale[level - 1].name}"
            for name, (level, scale) in chosen.items()
        },
        "computed": decision.priority,
        **version.cited,
    }
    return version


def _override(case: Case, by: User, chosen: int, reason: str) -> None:
    because = dict(case.priority_because)
    because["text"] += f" {by} set it to P{chosen} instead: {reason}"
    because["override"] = {"priority": chosen, "by": by.username, "reason": reason}
    case.priority, case.priority_because = chosen, because


def _facts(case: Case, matrix: priority.PriorityMatrix) -> dict[str, str]:
    """What special rules may speak of; who asks is looked up only where one does."""
    asker = case.requester if matrix.asks_for(priority.VIP) else None
    return {
        priority.VIP: "yes" if asker and asker.is_vip else "no",
        "kind": case.kind(),
        "category": case.category,
        "channel": str(case.channel),
        "wish": str(getattr(case, "wish", "")),
    }
