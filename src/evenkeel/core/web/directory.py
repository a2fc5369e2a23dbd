"""The kernel's own kinds as people see them: organisations, people, teams, roles, imports."""

from typing import Any

from django.db.models import Count, F
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from evenkeel.core.directory import belongings
from evenkeel.core.directory.lifecycle import PersonState
from evenkeel.core.directory.models import Organisation, Person, Role, Team
from evenkeel.core.directory.permissions import INSIDE
from evenkeel.core.imports import undoing
from evenkeel.core.imports.lifecycle import State
from evenkeel.core.imports.models import ImportRun
from evenkeel.core.notices import addresses
from evenkeel.core.people.models import RoleAssignment, User
from evenkeel.core.privacy import handing
from evenkeel.core.privacy.models import Erasure
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.web import navigation, on_duty
from evenkeel.core.web.screen import Group, Screen, screens
from evenkeel.core.web.visitor import signed_in

SHOWN = 50  # lines of a panel
Panel = tuple[str, str, dict[str, Any]]


def members(team: Team, reader: User) -> Panel:
    """Who works in a team."""
    people = User.objects.filter(memberships__team=team).order_by("full_name", "username")
    return "Members", "beside/people.html", {"people": people[:SHOWN]}


def assignments(role: Role, reader: User) -> Panel:
    """Who holds a role, from when to when, with which deputy (ROLE-04)."""
    held = role.assignments.select_related("person", "deputy").order_by("-starts_at")
    context = {"held": held[:SHOWN], "now": timezone.now(), "standing": role.standing.label}
    return "Holders", "beside/holders.html", context


def duties(role: Role, reader: User) -> Panel | None:
    """The tasks of a role, and which of them another role has taken over (ROLE-03)."""
    lines = list(role.duties)
    return ("Tasks of the role", "beside/duties.html", {"duties": lines}) if lines else None


def staff(organisation: Organisation, reader: User) -> Panel | None:
    """The people of an organisation, for those who may see people."""
    people = Person.objects.visible_to(reader).filter(organisation_id=organisation.pk)
    found = list(people.order_by("title")[:SHOWN])
    return ("People", "beside/records.html", {"records": found}) if found else None


def parts(organisation: Organisation, reader: User) -> Panel | None:
    """What belongs to it: the parts of a provider, the members of a federation."""
    found = list(organisation.parts.filter(is_open=True).order_by("title")[:SHOWN])
    return ("Belongs to it", "beside/parties.html", {"parties": found}) if found else None


def concerning(organisation: Organisation, reader: User) -> Panel | None:
    """How much is open with it, as far as the reader may see that, with the way to each list."""
    seen = Record.objects.visible_to(reader).filter(organisation_id=organisation.pk, is_open=True)
    counts = seen.order_by().values_list("of_kind").annotate(Count("pk"))
    listed = {one.model.kind(): one.model for one in screens.values()}
    lines = [
        (navigation.plural(listed[kind]), f"/{listed[kind].collection}/", count)
        for kind, count in sorted(counts)
        if kind in listed and kind != Person.kind() and "organisation" in _filters(kind)
    ]
    context = {
        "lines": lines,
        "filters": f"organisation={organisation.number}&is_open=yes",
        "said": "open",
    }
    return ("Open with it", "beside/open.html", context) if lines else None


def _filters(kind: str) -> tuple[str, ...]:
    """By what the list of a kind can be filtered."""
    return screens[kinds()[kind].collection].filters


@signed_in
def provider(request: HttpRequest, user: User) -> HttpResponseBase:
    """The profile of the service provider: whoever offers the services, alone or with members."""
    seen: Any = Organisation.objects.visible_to(user)
    providing = (Organisation.Part.PROVIDER, Organisation.Part.FEDERATOR)
    found = seen.filter(part__in=providing, is_open=True)
    found = found.order_by(F("part_of").asc(nulls_first=True), "pk").first()
    return redirect(found.url if found else "/organisations/")


navigation.offer(
    navigation.KERNEL, navigation.Line("Service provider", "/provider/", "organisation")
)


def account(person: Person, reader: User) -> Panel:
    """By which login they sign in, which roles they hold, in which teams they work."""
    held = RoleAssignment.objects.in_force(timezone.now()).of_one(person.user)
    teams = Team.objects.visible_to(reader).filter(pk__in=person.user.memberships.values("team"))
    context = {
        "account": person.user,
        "held": held.select_related("role").order_by("role__title"),
        "teams": teams.order_by("title"),
        "bounce": addresses.of(person.user),
        "may_have": handing.may(reader, person),
    }
    return "Account", "beside/account.html", context


def theirs(person: Person, reader: User) -> Panel | None:
    """What would have to be handed over before they leave (R-70); of records, what one may see."""
    if not INSIDE.everywhere(reader):
        return None
    found = belongings.of(person.user, timezone.now())
    if not any(found):
        return None
    keys = {record.pk for record in found.records} | {task.record_id for task in found.tasks}
    seen = set(Record.objects.visible_to(reader).filter(pk__in=keys).values_list("pk", flat=True))
    context = {"found": found, "shown": SHOWN, "person": person, "seen": seen}
    return "Theirs to hand over", "beside/theirs.html", context


def erased(person: Person, reader: User) -> Panel | None:
    """How far the erasure has come, and what people have to look at themselves."""
    if person.state != PersonState.ERASED or not handing.may(reader, person):
        return None
    found = Erasure.objects.filter(person=person).first()
    return ("Erasure", "beside/erased.html", {"erasure": found}) if found else None


def figures(run: ImportRun, reader: User) -> Panel | None:
    """How the rows of an import ended, kind by kind."""
    counted = {kind: rows for kind, rows in run.figures.items() if isinstance(rows, dict)}
    context = {"figures": counted, "notes": run.notes}
    return ("Rows", "beside/figures.html", context) if counted else None


def taken_back(run: ImportRun, reader: User) -> Panel | None:
    """How far its undoing is, and which records stayed, with the reasons."""
    if run.state not in {State.UNDOING, State.UNDONE}:
        return None
    found = list(undoing.kept(run, reader).order_by("pk")[: SHOWN + 1])
    context = {"undoing": undoing.undoing_of(run), "kept": found[:SHOWN], "more": found[SHOWN:]}
    return "Undone" if run.state == State.UNDONE else "Being undone", "beside/undone.html", context


def screen(
    model: type[Record], columns: str, filters: str, groups: tuple[Group, ...], **more: Any
) -> Screen:
    """A screen whose columns and filters are named in one line each."""
    return Screen(model, tuple(columns.split()), tuple(filters.split()), groups, **more)


screen(
    Role,
    "number title role_type context state",
    "state role_type",
    (Group("Role", ("role_type", "context", "nominated_by")),),
    beside=(assignments, duties),
)
screen(
    Team,
    "number title level organisation state",
    "state level",
    (Group("Team", ("level", "lead", "organisation", "purpose")),),
    beside=(on_duty.panel, members),
)
screen(
    Person,
    "number title organisation email phone state",
    "state organisation is_vip",
    (Group("Person", ("organisation", "email", "phone", "is_vip")),),
    beside=(account, theirs, erased),
)
screen(
    Organisation,
    "number title part part_of country contact state",
    "state part part_of country",
    (
        Group("Organisation", ("part", "part_of", "contact", "email", "contact_person")),
        Group("Where it is", ("profile", "address", "country", "region", "web", "notes")),
    ),
    beside=(concerning, parts, staff),
)
screen(
    ImportRun,
    "number title state system profile recorded_at",
    "state",
    (Group("Import", ("system", "profile", "recorded_at", "closed_at")),),
    beside=(taken_back, figures),
)
