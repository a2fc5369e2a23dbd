"""Who and what takes part: people by login, services and teams by name, chance and time."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Self

from evenkeel.core.demo.working_time import WorkingTime
from evenkeel.core.directory.models import Organisation, Team
from evenkeel.core.people.models import TeamMembership, User
from evenkeel.core.process import DAYS
from evenkeel.core.records.record import Record

SEED = 20260301
DESK = "Service desk"
CUSTOMERS = (
    *("lena", "ben", "yusuf", "rosa"),
    *("chloe", "petra", "hugo"),
    *("marta", "ivo", "dele"),
)
# Colleagues use the services, too.
USERS = (*CUSTOMERS, *CUSTOMERS, "lea", "jonas", "hana", "greta")


@dataclass(frozen=True)
class Cast:
    """Everything that the histories draw on."""

    people: dict[str, User]
    sms: User
    services: dict[str, Record]
    teams: dict[str, Team]
    members: dict[str, list[User]]  # by team
    time: WorkingTime
    chance: Random
    backbone: Organisation  # the supplier of the network
    models: dict[str, Record] = field(default_factory=dict)  # of incidents, by category

    @classmethod
    def gather(cls, people: dict[str, User], now: datetime) -> Self:
        """Look up what the directory and the portfolio have."""
        members: dict[str, list[User]] = {}
        memberships = list(TeamMembership.objects.select_related("team").order_by("pk"))
        for membership in memberships:
            login = next(k for k, user in people.items() if user.pk == membership.person_id)
            members.setdefault(membership.team.title, []).append(people[login])
        return cls(
            people,
            User.objects.the_sms(),
            {one.title: one for one in Record.objects.filter(of_kind="service")},
            {one.team.title: one.team for one in memberships},
            members,
            WorkingTime(now, DAYS),
            Random(SEED),  # noqa: S311  (the same story every time is the point)
            Organisation.objects.get(title="NetSpan"),
        )

    def happens(self, percent: int) -> bool:
        """Does something happen that happens so often?"""
        return self.chance.randrange(100) < percent

    def user(self) -> User:
        """Someone who uses the services."""
        return self.people[self.chance.choice(USERS)]

    def agent(self) -> User:
        """Someone at the service desk."""
        return self.chance.choice(self.members[DESK])
