"""Who reports, who works, who agrees; and moments of a week in which nothing is closed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from evenkeel.core.clocks.models import Clock
from evenkeel.core.directory.models import Organisation, Role
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records import numbering
from evenkeel.core.records.record import Record
from evenkeel.core.rules import registry
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.services.actions import agreement as agreements
from evenkeel.processes.services.actions import service as services
from evenkeel.processes.services.models import Agreement, Service

# What a request model for more storage says.
QUOTA: dict[str, Any] = {
    "offer": "More space.",
    "wish": "change",
    "steps": "Raise the quota",
    "set_category": "Storage / Quota",
    "set_impact": 3,
    "set_urgency": 3,
}
START = datetime(2026, 5, 4, 9, tzinfo=UTC)  # a Monday


def after(hours: float = 0, days: int = 0) -> datetime:
    """A moment of that week."""
    return START + timedelta(days=days, hours=hours)


def holder(login: str, role_type: RoleType, context: str) -> User:
    """An account that holds a role."""
    user = User.objects.create_user(login, full_name=login.capitalize())
    role: Any = Role.objects.get(role_type=role_type, context=context)
    RoleAssignment.objects.create(role=role, person=user, starts_at=START - timedelta(days=99))
    return user


def organisation(title: str, part: str = "customer") -> Organisation:
    """A customer, or whatever it is."""
    known = {"of_kind": "organisation", "state": "in_force", "title": title, "part": part}
    made: Organisation = Organisation.objects.create(
        number=f"ORG-{numbering.take('organisation')}", **known
    )
    return made


@pytest.fixture
def customer() -> Organisation:
    return organisation("Coastal Genomics")


@pytest.fixture
def rita(customer: Organisation) -> User:
    """The requester, who belongs to a customer."""
    return User.objects.create_user("rita", full_name="Rita Ruiz", organisation=customer)


@pytest.fixture
def sam() -> User:
    """A member of process staff."""
    return holder("sam", RoleType.PROCESS_STAFF, "ISRM")


@pytest.fixture
def mona() -> User:
    """Manages services and agreements."""
    return holder("mona", RoleType.PROCESS_MANAGER, "SPM")


@pytest.fixture
def olga() -> User:
    """Owns them."""
    return holder("olga", RoleType.PROCESS_OWNER, "SPM")


@pytest.fixture
def mail(mona: User) -> Service:
    made: Service = services.record(Service(), by=mona, at=after(days=-9), title="Mail")
    return made


class Agreeing:
    """Makes agreements come into force."""

    def __init__(self, mona: User, olga: User) -> None:
        self.mona, self.olga = mona, olga

    def __call__(
        self, title: str, targets: str, at: datetime | None = None, **more: Any
    ) -> Agreement:
        at = at or after(days=-8)
        terms = {
            name: more.pop(name)
            for name in (
                *("calendar", "zone", "reopening"),
                *("availability", "maintenance", "customer_text"),
            )
            if name in more
        }
        made: Agreement = agreements.record(Agreement(), by=self.mona, at=at, title=title, **more)
        return self.again(made, targets, at, **terms)

    def again(self, made: Agreement, targets: str, at: datetime, **terms: Any) -> Agreement:
        """Its next version."""
        terms.setdefault("calendar", "Always")
        agreements.draft(made, by=self.mona, at=at, targets=targets, **terms)
        found: Agreement = agreements.approve(made, by=self.olga, at=at)
        return found


@pytest.fixture
def agree(mona: User, olga: User) -> Agreeing:
    return Agreeing(mona, olga)


class Case:
    """An incident on its way, with moments passed in."""

    def __init__(self, requester: User, staff: User, **fields: Any) -> None:
        self.requester, self.staff = requester, staff
        at = fields.pop("at", START)
        fields.setdefault("channel", "portal")
        self.record: Incident = incidents.record(
            Incident(), by=requester, at=at, title="Mail is down", **fields
        )

    def do(self, verb: str, at: datetime, by: User | None = None, **inputs: Any) -> "Case":
        """Do a verb of it."""
        action = registry[f"incidents.{verb}"]
        self.record = action(self.record, by=by or self.staff, at=at, **inputs)
        return self

    def say(self, at: datetime, by: User | None = None) -> "Case":
        """Reply in public."""
        return self.do("comment", at, by, text="We are looking.")

    def prioritise(self, priority: int, at: datetime) -> "Case":
        """To a priority, whatever the matrix says."""
        level = {1: (1, 2), 2: (2, 2), 3: (3, 2), 4: (4, 4)}[priority]
        return self.do("prioritise", at, impact=level[0], urgency=level[1])

    def work(self, at: datetime) -> "Case":
        """From the beginning to somebody's desk."""
        self.do("classify", at, category="Mail")
        return self.do("assign", at, case_owner=self.staff)

    def clock(self, kind: str = "resolution") -> Clock:
        """That of the agreement which governs it, as it stands in the database."""
        return Clock.objects.get(record=self.record.pk, kind=kind, agreement=None)

    @property
    def fresh(self) -> Any:
        """As it stands in the database."""
        return Incident.objects.get(pk=self.record.pk)


@pytest.fixture
def case(rita: User, sam: User) -> Case:
    return Case(rita, sam)


def verbs(record: Record) -> list[str]:
    """What was done to it, without its collection."""
    return [entry.verb.partition(".")[2] for entry in record.entries.order_by("position")]
