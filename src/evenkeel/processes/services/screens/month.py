"""What was kept of the targets about a service in a month of its zone, and the cases behind."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q

from evenkeel.core.clocks.declaring import measures
from evenkeel.core.clocks.models import Clock
from evenkeel.core.clocks.targets import KINDS
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Invalid
from evenkeel.core.web.reports import Behind, Opens, Section
from evenkeel.processes.services.actions.counting import OUT
from evenkeel.processes.services.models import ReportedCase, Service
from evenkeel.processes.services.permissions import BUILT
from evenkeel.processes.services.screens import cuts, there
from evenkeel.processes.services.screens.span import Span, span_of

Panel = tuple[str, str, dict[str, Any]]
_KEPT = {"yes": Q(breached_at=None), "no": Q(breached_at__isnull=False)}


def fulfilment(service: Service, reader: User) -> Panel | None:
    """How many targets were decided this month and how many of them kept; for whoever works here.

    Counted over all cases, as in service reports; who may not see one reads its number only. The
    staff of a member that is kept apart counts its own and shared ones.
    """
    if not BUILT(reader, service):
        return None
    span = span_of(service, "")
    found = _decided(service, span, reader).order_by().values_list("kind", "record__priority")
    counts = {
        (kind, priority): (kept, total)
        for kind, priority, kept, total in found.annotate(
            kept=Count("pk", filter=_KEPT["yes"]), total=Count("pk")
        )
    }
    context = {"section": _section(service, span, counts), "month": span.said}
    return "Targets kept this month", "services/month.html", context


def behind(service: Service, reader: User, asked: Mapping[str, str]) -> Behind:
    """The cases behind one of these figures. Raises Invalid for one that cannot be."""
    if not BUILT(reader, service):
        raise Invalid({"": ["The figures of a service are for those who work on services."]})
    span, kind, kept = (
        span_of(service, asked.get("month", "")),
        asked.get("what"),
        asked.get("kept"),
    )
    if kind == OUT:
        return there.behind(service, span, reader)
    if (kind and kind not in KINDS) or (kept and kept not in _KEPT):
        raise Invalid({"what": ["Nothing is counted by that."]})
    found = _decided(service, span, reader).filter(
        Q(kind=kind) if kind else Q(), _KEPT.get(kept or "", Q())
    )
    said = [cuts.TARGETS[kind] if kind else "Targets"]
    if priority := asked.get("priority", ""):
        found = found.filter(record__priority=_priority(priority))
        said.append(_named(_priority(priority)))
    said += [{"yes": "kept", "no": "violated"}[kept]] if kept else []
    ordered = found.select_related("record").order_by("decided_at", "pk")
    return Behind(
        ", ".join([*said, span.said]),
        cuts.HEADS,
        found.count(),
        lambda some: cuts.lines([_line(clock) for clock in ordered[some]], reader),
    )


def _section(
    service: Service, span: Span, counts: dict[tuple[str, int | None], tuple[int, int]]
) -> Section:
    kinds = [kind for kind in KINDS if any(of == kind for of, _ in counts)]
    ranks = sorted({rank for _, rank in counts}, key=lambda rank: rank or 9)
    rows = [
        (_named(rank), *(_cell(service, span, counts, kind, [rank]) for kind in kinds))
        for rank in ranks
    ]
    if len(ranks) > 1:
        rows.append(("All", *(_cell(service, span, counts, kind, ranks) for kind in kinds)))
    return Section("", "", ("", *(cuts.TARGETS[kind] for kind in kinds)), rows, figures=True)


def _cell(
    service: Service,
    span: Span,
    counts: dict[tuple[str, int | None], tuple[int, int]],
    kind: str,
    ranks: list[int | None],
) -> str:
    """ "12 of 13", and the way to the cases."""
    pairs = [counts.get((kind, rank), (0, 0)) for rank in ranks]
    kept, total = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    if not total:
        return "–"
    asked = {"month": str(span.month), "what": kind}
    if len(ranks) == 1:
        asked["priority"] = str(ranks[0] or "none")
    return Opens(f"{kept:,} of {total:,}", f"{service.url}report/cases/?{urlencode(asked)}")


def _decided(service: Service, span: Span, reader: User) -> Any:
    found = Clock.objects.filter(
        record__service=service.pk,
        record__of_kind__in=list(measures),
        agreement=None,  # what is promised to customers, not what helpers promise us
        decided_at__gte=span.begins,
        decided_at__lt=span.ends,
    )
    if reader.rights.apart and reader.rights.apart.is_member:
        return found.filter(record__in=Record.objects.visible_to(reader).values("pk"))
    return found


def _line(clock: Any) -> ReportedCase:
    """A clock, as its case stands behind a figure of a report."""
    return ReportedCase(
        record=clock.record,
        priority=clock.record.priority,
        at=clock.decided_at,
        target=clock.target,
        elapsed=clock.elapsed,
        is_kept=clock.breached_at is None,
    )


def _priority(text: str) -> int | None:
    if text != "none" and text not in {"1", "2", "3", "4", "5"}:
        raise Invalid({"priority": [f"There is no priority {text}."]})
    return None if text == "none" else int(text)


def _named(priority: int | None) -> str:
    return f"P{priority}" if priority else "No priority yet"
