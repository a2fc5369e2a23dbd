"""The people of the demonstration, invented: a federation, its customers, who holds which role."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from evenkeel.core.demo.duties import plan_duties
from evenkeel.core.directory.actions import organisation, person, role, team
from evenkeel.core.directory.models import Organisation, Person, Role, Team
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.process import DAYS
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import registry

PASSWORD = "evenkeel"  # noqa: S105  (of invented people; printed when the demo starts)

Part = Organisation.Part
ORGANISATIONS = {
    "AURELIA Hub": (Part.FEDERATOR, "aurelia.example"),
    "Vale University Computing Centre": (Part.MEMBER, "vucc.example"),
    "Polar Data Institute": (Part.MEMBER, "pdi.example"),
    "Harbour Marine Lab": (Part.MEMBER, "hml.example"),
    "NetSpan": (Part.SUPPLIER, "netspan.example"),
    "CloudPeak": (Part.SUPPLIER, "cloudpeak.example"),
    "Coastal Genomics Consortium": (Part.CUSTOMER, "coastal-genomics.example"),
    "Sky Survey Collaboration": (Part.CUSTOMER, "sky-survey.example"),
    "Regional Climate Office": (Part.CUSTOMER, "climate-office.example"),
}
HUB = "AURELIA Hub"
# Where they are at home: name -> country, region, street, what it does.
HOMES = {
    HUB: (
        "NO", "Vestland", "Quayside 4, 5003 Bergen",
        "The office of the federation: keeps the catalogue, the service desk and the agreements.",
    ),
    "Vale University Computing Centre": (
        "DE", "Hessen", "Am Hang 12, 35037 Marburg",
        "Runs the compute partitions, the login gateway and the notebooks.",
    ),
    "Polar Data Institute": (
        "SE", "Norrbotten", "Isgatan 3, 972 31 Luleå",
        "Keeps research data and its archive on tape.",
    ),
    "Harbour Marine Lab": (
        "NL", "Noord-Holland", "Havenkade 21, 1781 AK Den Helder",
        "Measures the sea, and runs the virtual machines of the federation.",
    ),
    "Coastal Genomics Consortium": ("FR", "Bretagne", "", ""),
    "Sky Survey Collaboration": ("ES", "Canarias", "", ""),
    "Regional Climate Office": ("DE", "Bremen", "", ""),
}  # fmt: skip
# A part of the hub: name, domain.
UNIT = ("AURELIA Operations", "ops.aurelia.example")
PEOPLE = {
    "AURELIA Hub": (
        "Ingrid Solheim", "Tomas Rehn", "Lea Marin", "Oskar Lindqvist", "Priya Nair",
        "Aisha Rahman", "Hana Kovar", "Diego Ruiz", "Nils Aune",
    ),
    "Vale University Computing Centre": ("Felix Braun", "Sofia Dahl", "Kofi Mensah"),
    "Polar Data Institute": ("Mireille Blanc", "Emi Sato", "Anton Petrov"),
    "Harbour Marine Lab": ("Greta Olsen", "Jonas Weber"),
    "Coastal Genomics Consortium": ("Lena Vogel", "Ben Carter", "Yusuf Amari", "Rosa Conti"),
    "Sky Survey Collaboration": ("Chloe Martin", "Petra Novak", "Hugo Lemaire"),
    "Regional Climate Office": ("Marta Lindgren", "Ivo Kral", "Dele Okoye"),
}  # fmt: skip
# Customer -> who is told when a major incident hurts it.
SPEAK_FOR = {
    "Coastal Genomics Consortium": "lena",
    "Sky Survey Collaboration": "petra",
    "Regional Climate Office": "marta",
}
# Whose cases must not lie.
VIPS = frozenset({"marta"})
# Role -> who holds it, and who is the deputy.
HOLDERS: dict[tuple[RoleType, str], tuple[tuple[str, str], ...]] = {
    (RoleType.SMS_OWNER, "SMS"): (("ingrid", ""),),
    (RoleType.SMS_MANAGER, "SMS"): (("tomas", "lea"),),
    (RoleType.PRIVACY, "SMS"): (("lea", ""),),
    (RoleType.PROCESS_OWNER, "ISRM"): (("oskar", ""),),
    (RoleType.PROCESS_MANAGER, "ISRM"): (("priya", "oskar"),),
    (RoleType.PROCESS_STAFF, "ISRM"): tuple(
        (login, "") for login in ("nils", "emi", "felix", "sofia", "kofi", "anton", "diego")
    ),
    (RoleType.PROCESS_MANAGER, "ISM"): (("hana", ""),),
    (RoleType.PROCESS_STAFF, "ISM"): (("jonas", ""),),
    (RoleType.PROCESS_OWNER, "SPM"): (("ingrid", ""),),
    (RoleType.PROCESS_MANAGER, "SPM"): (("aisha", "sofia"),),
}
# Who nominated whom for a role of the SMS until three weeks from now.
ENDING = (("tomas", "Documentation officer", "lea"), ("ingrid", "Internal auditor", "greta"))
TEAMS = {
    "Service desk": (1, "First contact, classification, known solutions.", ("nils", "emi")),
    "Gateway team": (2, "Login gateway and certificates.", ("felix", "kofi")),
    "Compute team": (2, "Scheduler, worker pool, virtual machines.", ("sofia", "felix")),
    "Storage team": (2, "Disk pool, archive, data transfer.", ("anton", "emi")),
    "Network team": (3, "Backbone, together with NetSpan.", ("anton", "diego")),
}
# Teams that a member of the federation has set up, who promises us how long its part takes.
OF_MEMBERS = {
    "Compute team": "Vale University Computing Centre",
    "Storage team": "Polar Data Institute",
}
# Who is named to visitors, with what they are.
GUIDES = {
    "ben": "user",
    "nils": "service desk",
    "priya": "process manager of ISRM",
    "oskar": "process owner of ISRM",
    "hana": "security staff (ISM)",
    "tomas": "SMS manager",
    "ingrid": "SMS owner",
    "greta": "auditor",
}


def record_people(*, at: datetime) -> dict[str, User]:
    """Record organisations, people, their roles and teams as they stood when the story begins."""
    start = at - timedelta(days=DAYS)
    how: dict[str, Any] = {"by": User.objects.the_sms(), "at": start, "via": Via.DEMO}
    for title, (part, domain) in ORGANISATIONS.items():
        email = f"support@{domain}" if part == Part.SUPPLIER else ""
        reached: dict[str, Any] = {"contact": f"office@{domain}", "email": email}
        made = organisation.record(Organisation(), **how, title=title, part=part, **reached)
        for name in PEOPLE.get(title, ()):
            _record_person(name, made, domain, how)
    _settle(how)
    # One hash for all: hashing is slow on purpose, and this password is no secret.
    User.objects.filter(person__isnull=False).update(password=make_password(PASSWORD))
    people = {user.username: user for user in User.objects.filter(is_system=False)}
    for title, login in SPEAK_FOR.items():
        known: Any = Organisation.objects.get(title=title)
        registry["organisations.edit"](known, **how, contact_person=people[login])
    _fill_roles(people, start, {**how, "at": at})
    _fill_teams(people, how)
    plan_duties(people, {**how, "at": at})
    return people


def _settle(how: dict[str, Any]) -> None:
    """Who belongs to whom, and where everybody is at home."""
    hub = Organisation.objects.get(title=HUB)
    edit = registry["organisations.edit"]
    others: Any = Organisation.objects.exclude(part=Part.SUPPLIER)
    for one in others.order_by("pk"):
        country, region, address, profile = HOMES[one.title]
        domain = ORGANISATIONS[one.title][1]
        known: dict[str, Any] = {
            "country": country,
            "region": region,
            "address": address,
            "profile": profile,
        }
        above: dict[str, Any] = {"part_of": hub} if one.part == Part.MEMBER else {}
        edit(one, **how, **known, **above, web=f"https://{domain}/")
    title, domain = UNIT
    unit: dict[str, Any] = {
        "part": Part.UNIT,
        "part_of": hub,
        "country": "NO",
        "contact": f"office@{domain}",
    }
    organisation.record(Organisation(), **how, title=title, **unit, profile="Runs the desk.")


def _record_person(name: str, works_at: Organisation, domain: str, how: dict[str, Any]) -> None:
    login = name.split(maxsplit=1)[0].lower()
    known: dict[str, Any] = {"title": name, "email": f"{login}@{domain}", "is_vip": login in VIPS}
    person.record(Person(), **how, login=login, organisation=works_at, **known)


def _fill_roles(people: dict[str, User], start: datetime, how: dict[str, Any]) -> None:
    for (role_type, context), holders in HOLDERS.items():
        held = Role.objects.get(role_type=role_type, context=context)
        by = how["by"] if context == "SMS" else people["tomas"]
        for login, deputy in holders:
            named: dict[str, Any] = {
                "person": people[login],
                "deputy": people.get(deputy),
                "starts_at": start,
            }
            role.assign(held, **{**how, "by": by}, **named)
    # An assignment that will end is a task of whoever nominated: something waits at the top, too.
    until = how["at"] + timedelta(days=21)
    for nominator, title, login in ENDING:
        held = Role.objects.get(title=title)
        named = {"person": people[login], "starts_at": start, "ends_at": until}
        role.assign(held, **{**how, "by": people[nominator]}, **named)


def _fill_teams(people: dict[str, User], how: dict[str, Any]) -> None:
    for title, (level, purpose, members) in TEAMS.items():
        lead = people[members[0]]
        of = Organisation.objects.filter(title=OF_MEMBERS.get(title)).first()
        known: dict[str, Any] = {"level": level, "purpose": purpose, "lead": lead}
        made = team.record(Team(), **how, title=title, organisation=of, **known)
        for login in members:
            team.admit(made, **how, person=people[login])
