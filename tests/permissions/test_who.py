"""A set of people is a test of one record and a condition in SQL; both say the same."""

from collections.abc import Iterable
from operator import and_, or_
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenkeel.core.directory.models import Person, Role, Team
from evenkeel.core.directory.permissions import colleague, holds_a_role
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Who, registry
from evenkeel.core.rules.permissions import (
    anyone,
    auditor,
    case_owner,
    holder,
    nobody,
    requester,
    sms_manager,
    system,
    team_member,
)
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.incidents.models import Incident
from tests.permissions.cast import MEMBERS, Cast, gather
from tests.permissions.stage import on_stage

pytestmark = pytest.mark.django_db
LEAVES = (
    *(anyone, nobody, requester, case_owner, team_member, colleague, holds_a_role),
    *(auditor, sms_manager, system, holder(RoleType.PROCESS_MANAGER, "ISRM")),
)
sets_of_people = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.builds(or_, inner, inner) | st.builds(and_, inner, inner),
    max_leaves=6,
)
somebody = st.sampled_from([*MEMBERS, None])
relations = st.lists(
    st.tuples(somebody, somebody, st.booleans(), st.booleans()), min_size=4, max_size=4
)
in_one_transaction = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def cast() -> Cast:
    return gather()


@pytest.fixture
def incidents() -> list[Incident]:
    return [
        Incident.objects.create(number=f"INC-{90 + n}", of_kind="incident", title="?", state="new")
        for n in range(4)
    ]


def chosen(who: Who, user: Any, model: Any) -> set[int]:
    """The keys of the records that SQL picks, for an account that may sign in."""
    reach = who.reach(user)
    if reach is True:
        picked = model.objects.all()
    else:
        picked = model.objects.none() if reach is False else model.objects.filter(reach)
    return set(picked.values_list("pk", flat=True)) if user.is_active else set()


def accepted(who: Who, user: Any, records: Iterable[Record]) -> set[int]:
    """The keys of the records that the test accepts."""
    return {record.pk for record in records if who(user, record)}


def relate(incidents: list[Incident], cast: Cast, drawn: list[Any]) -> list[Incident]:
    """Give each incident the relations that were drawn for it; as read anew."""
    for incident, (asks, owns, with_team, with_organisation) in zip(incidents, drawn, strict=True):
        incident.requester = cast[asks] if asks else None
        incident.case_owner = cast[owns] if owns else None
        incident.team = cast.team if with_team else None
        incident.organisation = cast.organisation if with_organisation else None
        incident.save()
    return list(Incident.objects.order_by("pk"))  # type: ignore[arg-type]


class TestWho:
    @in_one_transaction
    @given(who=sets_of_people, drawn=relations)
    def test_is_the_same_in_sql_and_in_memory(
        self, cast: Cast, incidents: list[Incident], who: Who, drawn: list[Any]
    ) -> None:
        records = relate(incidents, cast, drawn)
        for member in MEMBERS:
            user = cast[member]
            assert chosen(who, user, Incident) == accepted(who, user, records), (member, who.label)

    @in_one_transaction
    @given(drawn=relations)
    def test_that_sees_a_kind_sees_the_same_among_all_kinds(
        self, cast: Cast, incidents: list[Incident], drawn: list[Any]
    ) -> None:
        relate(incidents, cast, drawn)
        for member in MEMBERS:
            alone = set(Incident.objects.visible_to(cast[member]).values_list("pk", flat=True))
            every = Record.objects.visible_to(cast[member]).filter(of_kind="incident")
            assert alone == set(every.values_list("pk", flat=True)), member

    def test_of_every_verb_is_the_same_in_sql_and_in_memory(self, cast: Cast) -> None:
        for model in kinds().values():
            if model is not Scheme:  # the starters are there
                on_stage(model, "in_force", cast)
        lena: Any = Person.objects.create(
            number="PER-901", of_kind="person", title="The owner", state="active",
            user=cast["SMS owner"], requester=cast["SMS owner"],
        )  # fmt: skip
        assert lena.user.rights.hold("sms_owner", "SMS")
        for action in registry.values():
            records = list(action.model.objects.all())
            assert records, action.name
            for member in MEMBERS:
                user = cast[member]
                found = chosen(action.who, user, action.model)
                assert found == accepted(action.who, user, records), (action.name, member)

    def test_differs_from_record_to_record_where_it_should(self, cast: Cast) -> None:
        assign = registry["roles.assign"].who
        named: Any = list(Role.objects.filter(context="SMS"))
        allowed = {role.role_type for role in named if assign(cast["SMS manager"], role)}
        assert RoleType.SMS_OWNER not in allowed
        assert RoleType.SMS_MANAGER in allowed
        assert Team.objects.visible_to(cast["user"]).exists()


def test_the_second_set_of_people_is_not_asked_where_the_first_decides() -> None:
    def refuse(user: Any) -> bool:
        raise AssertionError("It was asked.")

    dear = Who("dear", refuse, lambda user, record: False)
    system_account = User.objects.the_sms()
    assert (anyone | dear).reach(system_account) is True
    assert (nobody & dear).reach(system_account) is False
    with pytest.raises(AssertionError):
        (nobody | dear).reach(system_account)
    with pytest.raises(AssertionError):
        (anyone & dear).reach(system_account)
