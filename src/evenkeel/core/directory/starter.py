"""The people of the demonstration, invented: who signs in, with which roles and in which team."""

from datetime import datetime, timedelta

from evenkeel.core.directory.actions import role, team
from evenkeel.core.directory.models import Role, Team
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.entry import Via

PASSWORD = "evenkeel"  # noqa: S105  (of invented people; printed when the demo starts)

PEOPLE = {
    "ingrid": "Ingrid Solheim",
    "tomas": "Tomas Rehn",
    "oskar": "Oskar Lindqvist",
    "priya": "Priya Nair",
    "nils": "Nils Aune",
    "emi": "Emi Sato",
    "ben": "Ben Carter",
    "chloe": "Chloe Martin",
}
ROLES: list[tuple[RoleType, str, tuple[str, ...]]] = [
    (RoleType.SMS_OWNER, "SMS", ("ingrid",)),
    (RoleType.SMS_MANAGER, "SMS", ("tomas",)),
    (RoleType.PROCESS_OWNER, "ISRM", ("oskar",)),
    (RoleType.PROCESS_MANAGER, "ISRM", ("priya",)),
    (RoleType.PROCESS_STAFF, "ISRM", ("nils", "emi")),
]
TEAMS = {"Service desk": (1, ("nils", "emi")), "Gateway team": (2, ("emi",))}


def record_people(*, at: datetime) -> dict[str, User]:
    """Record accounts, roles and teams as they stood three months before the moment."""
    start = at - timedelta(days=92)
    sms = User.objects.the_sms()
    people = {
        login: User.objects.create_user(
            login, PASSWORD, full_name=name, email=f"{login}@aurelia.example"
        )
        for login, name in PEOPLE.items()
    }
    for role_type, context, holders in ROLES:
        made = role.record(
            Role(),
            by=sms,
            at=start,
            via=Via.DEMO,
            title=f"{role_type.label} of {context}",
            role_type=role_type,
            context=context,
        )
        for login in holders:
            role.assign(made, by=sms, at=start, via=Via.DEMO, person=people[login])
    for title, (level, members) in TEAMS.items():
        formed = team.record(Team(), by=sms, at=start, via=Via.DEMO, title=title, level=level)
        for login in members:
            team.admit(formed, by=sms, at=start, via=Via.DEMO, person=people[login])
    return people
