"""A case that turns out to be of the other kind goes on there, with its own targets (R-01).

The old one ends with a link to the new one, which takes over who asked for what, since when, how it
is sorted, and whoever watches. Its clocks are those of its own kind, from the first report on.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.links import Link, LinkKind
from evenkeel.core.records.tasks import Watch
from evenkeel.core.rules import Invalid, confiding, registry
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.actions import classification
from evenkeel.processes.incidents.models import Case, Incident

_TOLD = ("title", "description", "channel", "requester", "organisation", "service")


def go_on(case: Case, new: Case, *, by: User, at: datetime, reason: str) -> dict[str, Any]:
    """Record the case as the other kind, and end it here; what came of it, for the entry."""
    if why_not := _why_not(case):
        raise Invalid({"": [why_not]})
    _take_over(case, new, at)
    told = {name: getattr(case, name) for name in _TOLD}
    record = registry[f"{new.collection}.record"]
    record(new, by=by, at=case.recorded_at, **told)
    if case.category and case.state != "new":
        with suppress(Invalid):  # a category that was retired since is chosen anew
            classify = registry[f"{new.collection}.classify"]
            classify(new, by=by, at=at, category=case.category)
    _keep_together(case, new, by, at)
    case.continued_by_id = new.pk
    return {"into": new.number, "reason": reason}


def _take_over(case: Case, new: Case, at: datetime) -> None:
    new.continues_id = case.pk
    confiding.follow(new, case)
    new.recorded_at = case.recorded_at
    new.answered_before = _answers(case)
    new.case_owner, new.team = case.case_owner, case.team
    new.category = case.category
    if case.impact and case.urgency:
        classification.decide(new, at, case.impact, case.urgency)


def _answers(case: Case) -> list[datetime]:
    """When the requester was answered: that stands, whatever kind it was thought to be."""
    said = Entry.objects.filter(record=case.pk, verb=f"{case.collection}.comment")
    others = said.exclude(actor=case.requester_id).exclude(actor__is_system=True)
    return list(others.order_by("at").values_list("at", flat=True))


def _keep_together(case: Case, new: Case, by: User, at: datetime) -> None:
    kind = LinkKind.REPORTED_AS
    Link.objects.create(source_id=case.pk, target_id=new.pk, kind=kind, made_by=by, made_at=at)
    watching = Watch.objects.filter(record_id=case.pk).values_list("person_id", flat=True)
    Watch.objects.bulk_create(Watch(record_id=new.pk, person_id=person) for person in watching)


def _why_not(case: Case) -> str:
    if left := queries.open_tasks(case):
        tasks = "One of its tasks is" if left == 1 else f"{left} of its tasks are"
        return f"{tasks} still open; complete what is to be done here first."
    if not isinstance(case, Incident):
        return ""
    if queries.has_children(case):
        return f"Others have joined {case.number}, so it is an incident."
    if (above := queries.parents(case).select_related("target").first()) is not None:
        return f"{case.number} is a part of {above.target.number}; remove that link first."
    return ""
