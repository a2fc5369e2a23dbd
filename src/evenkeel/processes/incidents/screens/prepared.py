"""What a person sees of models: what is in force, what is drafted, and how it is used."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from evenkeel.core.clocks import targets
from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.web.screen import Group, Screen
from evenkeel.processes.incidents.models import (
    Incident,
    IncidentModel,
    IncidentModelVersion,
    RequestModel,
    RequestModelVersion,
    ServiceRequest,
)

Panel = tuple[str, str, dict[str, Any]]
SHOWN = 50  # versions in the panel
LATELY = timedelta(days=90)
COLUMNS = ("number", "title", "state", "service", "uses", "used_at", "review_on")
FILTERS = ("state", "service", "case_owner")


def to_review(model: Any, reader: User) -> Panel | None:
    """What nobody may overlook: that it waits for its review, and why."""
    if model.state != "review" or not visibility.is_inside(reader, model.of_kind):
        return None
    return "To review", "incidents/to_review.html", {"why": model.review_because.splitlines()}


def in_force(model: IncidentModel, reader: User) -> Panel | None:
    """The version by which incidents are handled now."""
    version = model.in_force()
    return _drawn(model, version, "in force") if version else None


def drafted(model: IncidentModel, reader: User) -> Panel | None:
    """The version being written."""
    version = model.open_draft()
    return _drawn(model, version, "draft") if version else None


def versions(model: Any, reader: User) -> Panel | None:
    """All versions, the newest first, with who approved them."""
    if not visibility.is_inside(reader, model.of_kind):
        return None
    found = model.versions.select_related("drafted_by", "approved_by").order_by("-number")
    rows = [(version, version.get_standing_display()) for version in found[:SHOWN]]
    return "Versions", "agreements/versions.html", {"versions": rows}


def used(model: Any, reader: User) -> Panel | None:
    """How often it was chosen or ordered, and what became of the cases."""
    if not visibility.is_inside(reader, model.of_kind):
        return None
    kind = Incident if isinstance(model, IncidentModel) else ServiceRequest
    seen: Any = kind.objects.visible_to(reader)
    lately = Q(recorded_at__gte=timezone.now() - LATELY)
    counted = seen.filter(**{model.kind(): model.pk}).aggregate(
        lately=Count("pk", lately),
        open=Count("pk", Q(is_open=True)),
        reopened=Count("pk", lately & Q(reopened_at__isnull=False)),
        late=Count("pk", lately & Q(is_breached=True)),
    )
    lines = [
        ("Ever", model.uses),
        ("In 90 days", counted["lately"]),
        ("Of these reopened", counted["reopened"]),
        ("Of these late", counted["late"]),
        ("Open now", counted["open"]),
    ]
    address = f"/{kind.collection}/?{model.kind()}={model.number}"
    context = {"lines": lines, "address": address if model.uses else ""}
    return "Use", "incidents/use.html", context


def _drawn(model: IncidentModel, version: IncidentModelVersion, standing: str) -> Panel:
    content = version.content
    known = [f"service {model.service.title}"] if model.service else []
    known += [f"category {content['category']}"] if content["category"] else []
    known += (
        ["one of the words " + ", ".join(f"“{word}”" for word in content["words"])]
        if content["words"]
        else []
    )
    team = Team.objects.filter(number=content["set_team"]).first()
    context = {"version": version, "known": known, "team": team.title if team else ""}
    return f"Version {version.number}, {standing}", "incidents/incident_model.html", context


def offered(model: RequestModel, reader: User) -> Panel | None:
    """The version by which it is ordered now."""
    version = model.in_force()
    return _offered(version, reader, "in force") if version else None


def offered_next(model: RequestModel, reader: User) -> Panel | None:
    """The version being written."""
    is_inside = visibility.is_inside(reader, model.of_kind)
    version = model.open_draft() if is_inside else None
    return _offered(version, reader, "draft") if version else None


def _offered(version: RequestModelVersion, reader: User, standing: str) -> Panel:
    content = version.content
    team = Team.objects.filter(number=content["set_team"]).first()
    role = content["approval"]
    context = {
        "version": version,
        "inside": visibility.is_inside(reader, RequestModel.kind()),
        "labels": {one["name"]: one["label"] for one in content["questions"]},
        "approver": RequestModel.Approver(role).label if role else "",
        "within": targets.within(content["within"]) if content["within"] else "",
        "team": team.title if team else "",
    }
    return f"Version {version.number}, {standing}", "incidents/request_model.html", context


REQUEST_MODEL = Screen(
    RequestModel,
    columns=COLUMNS,
    filters=(*FILTERS, "organisation"),
    groups=(
        Group(
            "Request model",
            ("service", "organisation", "case_owner", "review_on", "uses", "used_at"),
        ),
    ),
    head=(to_review,),
    above=(offered_next, offered),
    beside=(used, versions),
)
INCIDENT_MODEL = Screen(
    IncidentModel,
    columns=COLUMNS,
    filters=FILTERS,
    groups=(Group("Incident model", ("service", "case_owner", "review_on", "uses", "used_at")),),
    head=(to_review,),
    above=(drafted, in_force),
    beside=(used, versions),
)
