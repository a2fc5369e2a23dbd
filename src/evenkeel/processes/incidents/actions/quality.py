"""Holding the record of a case against what a good one has, whenever it is written (ISRM-46).

What comes of it stands on the case itself, so that page, list and figure only read it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records import bulk
from evenkeel.core.records.plain import as_plain
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Asked, Doing, turning
from evenkeel.core.schemes import quality
from evenkeel.core.schemes.models import SchemeVersion, in_force
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.models import Case, Incident, ServiceRequest

AFFECTED = "affected"
# What a record may have -> the column that holds it.
COLUMNS = {
    "requester": "requester_id",
    "organisation": "organisation_id",
    "description": "description",
    "service": "service_id",
    "category": "category",
    "priority": "priority",
    "team": "team_id",
    "case_owner": "case_owner_id",
    "solution": "solution",
    "resolution": "resolution",
    "cause": "cause",
}
WORDS = {
    **{fact: fact.replace("_", " ") for fact in COLUMNS},
    "resolution": "kind of resolution",
    "cause": "category of cause",
    AFFECTED: "what is affected",
}
DONE = frozenset({"resolved", "fulfilled", "closed"})
_LINKING = frozenset({"link", "unlink"})
AT_ONCE, BATCHES = 1_000, 100
Remark = Annotated[str, Asked("Remark", "What is missing, or what is done well.", long=True)]


def judge(case: Case, version: SchemeVersion, *, names_affected: bool) -> None:
    """Say how complete its record is, and keep why."""
    rules: quality.RecordQuality = version.read

    def has(fact: str) -> bool:
        if fact == AFFECTED:
            return names_affected
        if fact == "description" and getattr(case, "answers", None):
            return True  # whoever orders answers the questions of the model instead
        value = getattr(case, COLUMNS.get(fact, fact), None)
        return value is not None and str(value).strip() != ""

    found = rules.judge(case.kind(), has, is_done=case.state in DONE)
    lacks = [WORDS.get(fact, fact) for fact in found.lacks]
    missing = f"Missing: {', '.join(lacks)}." if lacks else "Nothing is missing."
    case.completeness, case.is_good_record = found.complete, found.is_good
    case.quality_because = {
        "text": f"{missing} A record is a good one from {rules.good} % on.",
        "lacks": lacks,
        "good": rules.good,
        **version.cited,
    }
    case.counted_at = case.closed_at if case.state == "closed" else None


def turn(record: Record, before: Mapping[str, Any], doing: Doing) -> None:
    """Judge a case anew where something was written that counts."""
    if not isinstance(record, Case) or not before:  # what is new shall still be completed
        return
    columns = ("state", *COLUMNS.values())
    is_moved = any(before.get(one) != as_plain(getattr(record, one, None)) for one in columns)
    if not is_moved and doing.verb not in _LINKING and record.completeness is not None:
        return
    if version := in_force(quality.NAME, "ISRM", doing.at):
        judge(record, version, names_affected=_names_affected(record, version))
    if record.state != "closed":
        record.record_review = ""


def _names_affected(case: Case, version: SchemeVersion) -> bool:
    """Does it say what is affected? Looked up only where that is expected."""
    rules: quality.RecordQuality = version.read
    is_done = case.state in DONE
    asks = any(
        one.fact == AFFECTED and one.holds_for(case.kind(), is_done=is_done)
        for one in rules.expected
    )
    return asks and not case._state.adding and bool(queries.naming_affected([case.pk]))


def judge_rest(*, at: datetime | None = None) -> int:
    """Judge what came from elsewhere or from before there were rules; says how many cases."""
    version = in_force(quality.NAME, "ISRM", at or timezone.now())
    if version is None:
        return 0
    judged = 0
    for model in (Incident, ServiceRequest):
        for _ in range(BATCHES):
            some = _judge_some(model, version)
            judged += some
            if some < AT_ONCE:
                break
    return judged


@transaction.atomic
def _judge_some(model: type[Case], version: SchemeVersion) -> int:
    unjudged = model.objects.filter(completeness=None).exclude(state="new").select_for_update()
    cases: list[Any] = list(unjudged.order_by("pk")[:AT_ONCE])
    naming = queries.naming_affected([case.pk for case in cases])
    for case in cases:
        judge(case, version, names_affected=case.pk in naming)
    columns = ["completeness", "is_good_record", "quality_because", "counted_at"]
    model.objects.bulk_update(cases, columns)
    return len(cases)


def review_record(
    case: Case,
    *,
    by: User,
    at: datetime,
    record_review: Case.Verdict,
    remark: Remark = "",
) -> dict[str, Any]:
    """Say, of a closed case, whether its record would do for whoever comes after (ISRM-46)."""
    case.record_review = record_review
    return {"remark": remark} if remark else {}


def _forget(model: type[Record], keys: Sequence[int]) -> None:
    """What an import edited is judged again."""
    if issubclass(model, Case):
        records: Any = model.objects
        records.filter(pk__in=keys, completeness__isnull=False).update(completeness=None)


turning.append(turn)
bulk.edited.append(_forget)
