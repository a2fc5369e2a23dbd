"""The cast: one person for each relation that somebody can have to a record or to the SMS."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from evenkeel.core.directory.models import Organisation, Role, Team
from evenkeel.core.people.models import RoleAssignment, RoleType, TeamMembership, User
from evenkeel.core.records import numbering

# Related to the record that they are asked about …
RELATED = ("user", "requester", "case owner", "team member", "colleague")
# … or to the SMS, by a role in force now.
HOLDERS: dict[str, tuple[RoleType, str]] = {
    "staff": (RoleType.PROCESS_STAFF, "ISRM"),
    "manager": (RoleType.PROCESS_MANAGER, "ISRM"),
    "owner": (RoleType.PROCESS_OWNER, "ISRM"),
    "other manager": (RoleType.PROCESS_MANAGER, "SPM"),
    "SMS manager": (RoleType.SMS_MANAGER, "SMS"),
    "SMS owner": (RoleType.SMS_OWNER, "SMS"),
    "auditor": (RoleType.AUDITOR, "SMS"),
    "security": (RoleType.PROCESS_STAFF, "ISM"),
}
# The manager's deputy; a manager until yesterday, and from tomorrow; one who is suspended.
SHADOWS = ("deputy", "former manager", "next manager", "suspended")
MEMBERS = (*RELATED, *HOLDERS, *SHADOWS, "the SMS")


@dataclass(frozen=True)
class Cast:
    """Everybody by what they are, and the team and the organisation of the record."""

    people: dict[str, User]
    team: Team
    organisation: Organisation

    def __getitem__(self, member: str) -> User:
        """The account; its rights are read once, for nothing changes them here."""
        return self.people[member]


def gather() -> Cast:
    """Record everybody, with their roles as the database keeps them."""
    here = _recorded(Organisation, "Here", part="customer")
    team = _recorded(Team, "Team")
    people = {name: User(username=login(name), full_name=name) for name in MEMBERS[:-1]}
    people["colleague"].organisation = here
    people["suspended"].is_active = False
    User.objects.bulk_create(people.values())
    people["the SMS"] = User.objects.the_sms()
    TeamMembership.objects.create(team=team, person=people["team member"])
    _assign(people)
    return Cast(people, team, here)


def _recorded(model: Any, title: str, **fields: Any) -> Any:
    number = f"{model.prefix}-{numbering.take(model.kind())}"
    known = {"number": number, "of_kind": model.kind(), "state": "in_force", "title": title}
    return model.objects.create(**known, **fields)


def login(member: str) -> str:
    """ "SMS manager" -> "sms-manager" """
    return "evenkeel" if member == "the SMS" else member.lower().replace(" ", "-")


def _assign(people: dict[str, User]) -> None:
    now, day = timezone.now(), timedelta(days=1)
    every: list[Any] = list(Role.objects.all())
    roles: dict[Any, Role] = {(role.role_type, role.context): role for role in every}
    spans: list[tuple[str, Any, datetime, datetime | None]] = [
        (name, held, now - day, None) for name, held in HOLDERS.items()
    ]
    managers = HOLDERS["manager"]
    spans.append(("former manager", managers, now - 9 * day, now - day))
    spans.append(("next manager", managers, now + day, None))
    spans.append(("suspended", managers, now - 9 * day, None))
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            role=roles[held], person=people[name], starts_at=start, ends_at=end,
            deputy=people["deputy"] if name == "manager" else None,
        )
        for name, held, start, end in spans
    )  # fmt: skip
