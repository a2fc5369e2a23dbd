"""Reads that the verbs of both kinds need."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery
from django.utils import timezone

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import RoleAssignment, RoleType, TeamMembership, User
from evenkeel.core.records.links import Link, LinkKind, Reference
from evenkeel.core.records.record import Record
from evenkeel.core.records.tasks import Task
from evenkeel.core.schemes import intake
from evenkeel.core.schemes.hierarchy import RANKS
from evenkeel.core.schemes.models import SchemeVersion, held_at
from evenkeel.processes.incidents.lifecycle import USED, WORKED_ON
from evenkeel.processes.incidents.models import (
    Announcement,
    Case,
    Contact,
    Incident,
    IncidentModel,
    IncidentModelVersion,
    RequestModel,
    RequestModelVersion,
    ServiceRequest,
)


def process_manager(at: datetime) -> User | None:
    """Who manages ISRM at a moment: the case owner of what has no other (FitSM-3; ROLE-33)."""
    found: list[User] = _MANAGERS.records(at)
    return found[0] if found else None


def _managers(at: datetime) -> QuerySet[User]:
    return User.objects.filter(
        Q(assignments__ends_at=None) | Q(assignments__ends_at__gt=at),
        assignments__role__role_type=RoleType.PROCESS_MANAGER,
        assignments__role__context="ISRM",
        assignments__starts_at__lte=at,
    ).order_by("assignments__starts_at")[:1]


_MANAGERS = Compiled(_managers, datetime(2000, 1, 1, tzinfo=UTC))  # every new case asks


def taking(at: datetime) -> tuple[SchemeVersion | None, int | None]:
    """How cases come in at a moment, and who owns what has no other owner, in one question."""
    rows = _TAKING.rows(at)
    if not rows:
        manager = process_manager(at)
        return None, manager.pk if manager else None
    return held_at([row[:3] for row in rows], at), rows[0][3]


def _taking(at: datetime) -> QuerySet[SchemeVersion, Any]:
    versions = SchemeVersion.objects.filter(
        scheme__scheme_kind=intake.NAME, scheme__context="ISRM", approved_at__isnull=False
    )
    manager = Subquery(_managers(at).values("pk"))
    return versions.annotate(manager=manager).values_list("approved_at", "number", "pk", "manager")


_TAKING = Compiled(_taking, datetime(2000, 1, 1, tzinfo=UTC))  # every new case asks


PROCESS_OWNER = (RoleType.PROCESS_OWNER, "ISRM")
PROCESS_MANAGER = (RoleType.PROCESS_MANAGER, "ISRM")
APPROVERS = (PROCESS_OWNER, PROCESS_MANAGER)
MANAGERS = (
    PROCESS_OWNER,
    PROCESS_MANAGER,
    (RoleType.SMS_OWNER, "SMS"),
    (RoleType.SMS_MANAGER, "SMS"),
)
LEADS = (
    PROCESS_OWNER,
    PROCESS_MANAGER,
    (RoleType.PROCESS_STAFF, "ISRM"),
)


def holders(at: datetime, *roles: tuple[RoleType, str]) -> list[int]:
    """Who holds one of these roles at a moment, or stands in for who does; by key."""
    return RoleAssignment.objects.holders(at, *roles)


def authority(case: Case, rank: str, at: datetime) -> tuple[str, list[User]]:
    """Who has the authority of a rank over a case, or whoever is the next above; with their rank.

    The holder comes first and then the deputy, who stands in alone while the holder is away.
    """
    order = list(RANKS)
    for one in order[order.index(rank) :]:
        if people := _of_rank(case, one, at):
            return one, people
    return order[-1], []


def _of_rank(case: Case, rank: str, at: datetime) -> list[User]:
    if rank == "team_lead":
        lead = case.team.lead if case.team else None
        return [lead] if lead and lead.is_active else []
    role = RoleType(rank)
    context = "SMS" if role == RoleType.SMS_OWNER else "ISRM"
    held = RoleAssignment.objects.in_force(at).filter(
        role__role_type=role, role__context=context, person__is_active=True
    )
    pairs = [(one.person, one.deputy) for one in held.select_related("person", "deputy")]
    people = [person for person, _ in pairs] + [deputy for _, deputy in pairs if deputy]
    return list(dict.fromkeys(one for one in people if one.is_active))


def is_member(person: User, team: Record) -> bool:
    """Does this person work in this team?"""
    return TeamMembership.objects.filter(person=person, team=team.pk).exists()


def open_tasks(record: Record) -> int:
    """How many tasks of a record are not done."""
    return len(_OPEN_TASKS.rows(record.pk))


_OPEN_TASKS = Compiled(lambda key: Task.objects.filter(record=key, done_at=None).values("pk"), -1)


def parents(incident: Incident) -> "QuerySet[Link]":
    """What says of which incident this one is a part; at most one, but for older links."""
    return Link.objects.filter(
        source=incident.pk, kind=LinkKind.PART_OF, target__of_kind=Incident.kind()
    )


def has_children(incident: Incident) -> bool:
    """Are other incidents a part of this one?"""
    return Link.objects.filter(
        target=incident.pk, kind=LinkKind.PART_OF, source__of_kind=Incident.kind()
    ).exists()


def children_worked_on(incident: Incident) -> list[Incident]:
    """The parts of an incident that its solution resolves."""
    found: list[Incident] = _CHILDREN.records(incident.pk)
    return found


_CHILDREN = Compiled(  # every resolution asks
    lambda key: Incident.objects.filter(
        links_out__target=key, links_out__kind=LinkKind.PART_OF, state__in=WORKED_ON
    ).order_by("pk"),
    -1,
)


def joined(incident: Incident) -> list[tuple[int, int, int, str, str]]:
    """Requester, service and customer of each report that has joined, with the last two's names."""
    return list(_JOINED.rows(incident.pk))


_JOINED = Compiled(  # every check asks
    lambda key: (
        Incident.objects.filter(links_out__target=key, links_out__kind=LinkKind.PART_OF)
        .exclude(state="cancelled")
        .order_by("pk")
        .values_list(
            "requester_id",
            "service_id",
            "organisation_id",
            "service__title",
            "organisation__title",
        )
    ),
    -1,
)


def hurt_services(incident: Incident) -> list[str]:
    """The services that it and what has joined it concern, by title."""
    own = [incident.service.title] if incident.service else []
    return sorted({*own, *(row[3] for row in joined(incident) if row[3])})


def told_as_hurt(announcement: Announcement, incident: Incident) -> list[str]:
    """Of the services that are hurt, its own and those that all whom it is for may know."""
    reader = User.outsider(announcement.organisation_id)
    hurt = {key for key in (incident.service_id, *(row[1] for row in joined(incident))) if key}
    known = Record.objects.visible_to(reader).filter(pk__in=hurt)
    own = [announcement.service.title] if announcement.service else []
    return sorted({*own, *known.values_list("title", flat=True)})


def recognised(incident: Incident, reader: User) -> list[tuple[IncidentModel, list[str]]]:
    """The models in force that are made for it, best first, each with what it is known by."""
    seen = IncidentModel.objects.visible_to(reader).filter(state__in=USED)
    versions = IncidentModelVersion.objects.filter(
        standing=IncidentModelVersion.Standing.IN_FORCE, model__in=seen
    ).select_related("model")
    known = [(version.model, version.recognises(incident)) for version in versions]
    return sorted(((model, how) for model, how in known if how), key=lambda one: -len(one[1]))


def approvers(request: ServiceRequest, at: datetime) -> list[int]:
    """Who is asked to approve it, by key; never who ordered it."""
    number = request.service.number if request.service else ""
    asked = {
        RequestModel.Approver.SERVICE_OWNER: (RoleType.SERVICE_OWNER, number),
        RequestModel.Approver.PROCESS_MANAGER: PROCESS_MANAGER,
        RequestModel.Approver.PROCESS_OWNER: PROCESS_OWNER,
    }
    role = asked.get(RequestModel.Approver(request.approval_by)) if request.approval_by else None
    found = holders(at, role) if role else []
    return [key for key in found if key != request.requester_id]


def orderable(user: User, number: str = "") -> list[RequestModelVersion]:
    """What somebody may order: the version in force of each model; or of the one of a number."""
    seen: Any = RequestModel.objects.visible_to(user).filter(state__in=USED)
    seen = seen.filter(Q(organisation=None) | Q(organisation=user.organisation_id))
    found = RequestModelVersion.objects.filter(
        standing=RequestModelVersion.Standing.IN_FORCE,
        model__in=seen.filter(number=number) if number else seen,
    )
    return list(found.select_related("model__service"))


def announced(incident: Incident) -> list[Announcement]:
    """What is announced of it and is not over."""
    found: list[Any] = list(Announcement.objects.filter(about=incident, is_open=True))
    return sorted(found, key=lambda one: one.pk)


def stakeholders(announcement: Announcement, at: datetime) -> list[int]:
    """Who has to hear of a major incident, by key: those who manage, answer for a service that is
    hurt, speak for a customer that is hurt, or have reported it."""
    incident = announcement.about
    reports = joined(incident)
    services = {key for key in (incident.service_id, *(row[1] for row in reports)) if key}
    customers = {key for key in (incident.organisation_id, *(row[2] for row in reports)) if key}
    numbers = Record.objects.filter(pk__in=services).values_list("number", flat=True)
    owners = [(RoleType.SERVICE_OWNER, number) for number in numbers]
    known: Any = Organisation.objects.filter(pk__in=customers)
    spoken_for = known.filter(contact_person__is_active=True)
    found = {
        *holders(at, *MANAGERS, *owners),
        *spoken_for.values_list("contact_person", flat=True),
        incident.requester_id,
        *(row[0] for row in reports),
    }
    return sorted(key for key in found if key)


def naming_affected(cases: Sequence[int]) -> set[int]:
    """Those of the cases, by key, that say what is affected: by a link, or by its name outside."""
    linked = Link.objects.filter(source__in=cases, kind=LinkKind.AFFECTS).values_list("source")
    named = Reference.objects.filter(record__in=cases, relation__startswith="affected")
    return {key for (key,) in linked.union(named.values_list("record"))}


def lacking(user: User, model: type[Case], before: datetime | None, most: int) -> list[Case]:
    """Closed cases that they may see and whose record lacks something, the last closed first."""
    records: Any = model.objects
    found = records.visible_to(user).filter(counted_at__isnull=False, completeness__lt=100)
    if before:
        found = found.filter(counted_at__lt=before)
    return list(found.select_related("case_owner").order_by("-counted_at")[:most])


SAMPLED_FROM = 500  # of the cases that were closed last before the week began


def sample(user: User, model: type[Case], size: int, at: datetime) -> list[Case]:
    """Closed cases to look at, for a week the same for everybody who may see the same."""
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    records: Any = model.objects.visible_to(user)
    closed = records.filter(counted_at__lt=monday).order_by("-counted_at")
    keys = list(closed.values_list("pk", flat=True)[:SAMPLED_FROM])
    chance = random.Random(f"{monday:%G-%V}")  # noqa: S311  (to be fair, not to be secret)
    chosen = chance.sample(keys, min(size, len(keys)))
    return list(records.filter(pk__in=chosen).select_related("case_owner").order_by("pk"))


def by_channel(user: User, since: datetime) -> dict[str, dict[str, int]]:
    """How many that they may count were recorded since then: collection -> channel -> count."""
    found: dict[str, dict[str, int]] = {}
    for model in (Incident, ServiceRequest, Contact):
        records: Any = model.objects
        recorded = records.counted_by(user).filter(of_kind=model.kind(), recorded_at__gte=since)
        counted = recorded.order_by().values_list("channel").annotate(Count("pk"))
        found[model.collection] = dict(counted)
    return found
