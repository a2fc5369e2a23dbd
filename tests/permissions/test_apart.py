"""Members of a federation see their own records and shared ones; its federator sees counts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenkeel.core.directory.models import Organisation, Role, Team
from evenkeel.core.notices.spreading import may_hear
from evenkeel.core.people import parting
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records import apart, numbering, readable, visibility
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Denied, registry
from evenkeel.core.search import find, learning, rebuilding, suggest
from evenkeel.core.search.similar import similar
from evenkeel.processes.incidents.models import Incident
from tests.permissions.test_reading import counts, page_of, program_of, sightings

pytestmark = pytest.mark.django_db
# Who works where, and what is whose: a record is named by whom it is kept for.
STAFF = ("north", "south", "hub", "auditor", "nobody")
OWN = ("north", "south", "shared")
SEEN = {
    "north": {"north", "shared"},
    "south": {"south", "shared"},
    "hub": {"shared"},
    "auditor": {"north", "south", "shared"},
    "nobody": set(),
}
CASES = ("incident", "service_request", "contact")
MORE: dict[str, dict[str, Any]] = {
    "service_request": {"wish": "access", "category": "Mail"},
    "incident": {"category": "Mail"},
}


class Federation:
    """A hub that coordinates two members; each has a team, and somebody who works there."""

    def __init__(self) -> None:
        self.hub = self._made(Organisation, "Hub", part="federator")
        self.orgs = {
            name: self._made(Organisation, name, part="member", part_of=self.hub)
            for name in ("north", "south")
        }
        self.unit = self._made(Organisation, "Southwest", part="unit", part_of=self.orgs["south"])
        self.orgs["customer"] = self._made(Organisation, "Customer", part="customer")
        self.teams = {
            "north": self._made(Team, "North team", organisation=self.orgs["north"]),
            "south": self._made(Team, "South team", organisation=self.unit),
            "shared": self._made(Team, "Desk", organisation=self.hub),
        }
        homes = {**self.orgs, "hub": self.hub, "auditor": self.hub, "nobody": self.orgs["customer"]}
        self.people = {
            name: User.objects.create_user(name, organisation=homes[name]) for name in STAFF
        }
        roles = dict.fromkeys(("north", "south", "hub"), (RoleType.PROCESS_STAFF, "ISRM"))
        for name, held in (roles | {"auditor": (RoleType.AUDITOR, "SMS")}).items():
            self._assign(name, *held)
        self.asking = {
            name: User.objects.create_user(f"{name}-user", organisation=self.orgs[name])
            for name in ("north", "south", "customer")
        }
        parting.forget()

    def hold(self, name: str, role_type: RoleType, context: str) -> User:
        """The account, read anew with one role more."""
        self._assign(name, role_type, context)
        return User.objects.get(username=name)

    def _assign(self, name: str, role_type: RoleType, context: str) -> None:
        role: Any = Role.objects.get(role_type=role_type, context=context)
        then = timezone.now() - timedelta(days=1)
        RoleAssignment.objects.create(role=role, person=self.people[name], starts_at=then)

    def _made(self, model: Any, title: str, **fields: Any) -> Any:
        number = f"{model.prefix}-{numbering.take(model.kind())}"
        known = {"number": number, "of_kind": model.kind(), "state": "in_force", "title": title}
        return model.objects.create(**known, **fields)

    def record(self, kind: str, **fields: Any) -> Any:
        """A record of a kind, as open as it can be."""
        model: Any = kinds()[kind]
        state = registry[f"{model.collection}.record"].lifecycle.moves[0].end
        number = f"{model.prefix}-{numbering.take(kind)}"
        known = {"number": number, "of_kind": kind, "state": state, "title": "Xylophone is down"}
        return model.objects.create(**known, **MORE.get(kind, {}), **fields)

    def cases(self, kind: str) -> list[tuple[str, Any]]:
        """One record for each way in which it can be somebody's."""
        teams, orgs, asking = self.teams, self.orgs, self.asking
        made = [
            (own, self.record(kind, organisation=orgs[own], requester=asking[own]))
            for own in ("north", "south")
        ]
        made += [
            ("south", self.record(kind, organisation=self.unit)),
            ("north", self.record(kind, requester=asking["north"])),
            ("shared", self.record(kind, requester=asking["customer"])),
            ("shared", self.record(kind, organisation=orgs["customer"])),
        ]
        if kind != "contact":  # which no team works on
            of_customer = {"organisation": orgs["customer"], "requester": asking["customer"]}
            made += [(own, self.record(kind, team=teams[own], **of_customer)) for own in OWN]
        return made


@pytest.fixture
def federation(settings: Any) -> Iterator[Federation]:
    settings.MEMBERS_APART = True
    yield Federation()
    parting.forget()


@pytest.mark.row("R-76")
class TestCases:
    @pytest.mark.parametrize("kind", CASES)
    def test_are_read_everywhere_or_nowhere(
        self, kind: str, federation: Federation, capsys: Any
    ) -> None:
        model = kinds()[kind]
        cases = federation.cases(kind)
        for name, user in federation.people.items():
            many = sum(own in SEEN[name] for own, _ in cases)
            assert model.objects.visible_to(user).count() == many, name
            for own, record in cases:
                sees = own in SEEN[name]
                assert readable.may_see(user, record) == sees, (name, own)
                assert visibility.hides(user, record) == (not sees and name != "nobody")
            for own, record in cases[-4:]:
                for place, read in sightings(record, user, capsys):
                    assert read == (own in SEEN[name]), f"{own}'s {kind} by {name}: {place}"
            for place, told in counts(model, user, capsys):
                assert told == many, f"{kind} by {name}: {place}"

    def test_are_found_by_those_alone_who_see_them(self, federation: Federation) -> None:
        cases = federation.cases("incident")
        list(rebuilding.rebuild())
        learning.learn()
        for name, user in federation.people.items():
            expected = {one.number for own, one in cases if own in SEEN[name]}
            assert {hit.record.number for hit in find(user, "xylophone").hits} == expected, name
            assert {one.number for one in suggest(user, "incident", "xyl")} <= expected
            page = page_of(user)
            for address in (
                "/palette/?q=xylophone",
                "/search/?q=xylophone",
                "/board/?within=all",
                "/",
            ):
                text = page.get(address).content.decode()
                for own, one in cases:
                    if own not in SEEN[name]:
                        assert one.number not in text, (name, own, address)
            if name != "nobody":
                alike = similar(user, "incident", "Xylophone is down")
                assert {one.number for one in alike} <= expected

    def test_are_worked_on_by_those_alone_who_see_them(self, federation: Federation) -> None:
        for own, case in federation.cases("incident"):
            for name in ("north", "south", "hub"):
                may = registry["incidents.classify"].may(federation.people[name], case)
                assert bool(may) == (own in SEEN[name]), (own, name)
        other = federation.record("incident", team=federation.teams["south"])
        with pytest.raises(Denied):
            registry["incidents.note"](other, by=federation.people["north"], text="Hm.")

    def test_are_seen_by_their_owner_and_by_the_member_that_they_concern(
        self, federation: Federation
    ) -> None:
        north, south = federation.people["north"], federation.teams["south"]
        owned = federation.record("incident", team=south, case_owner=north)
        concerns = federation.record("incident", team=south, organisation=federation.orgs["north"])
        for case in (owned, concerns):
            assert readable.may_see(north, case)
            assert registry["incidents.note"].may(north, case)

    def test_are_shown_to_who_asked_in_the_portal_and_with_nothing_internal(
        self, federation: Federation
    ) -> None:
        north = federation.people["north"]
        asked = federation.record("incident", team=federation.teams["south"], requester=north)
        registry["incidents.note"](asked, by=federation.people["south"], text="okapi")
        page = page_of(north)
        said = page.get(f"/portal/cases/{asked.number}/")
        assert said.status_code == 200
        assert "okapi" not in said.content.decode()
        assert page.get(asked.url).status_code == 404
        assert program_of(north)(f"incidents/{asked.number}/entries") == 404

    def test_move_with_their_team(self, federation: Federation) -> None:
        case = federation.record("incident", team=federation.teams["north"])
        north, south = federation.people["north"], federation.people["south"]
        assert (readable.may_see(north, case), readable.may_see(south, case)) == (True, False)
        Incident.objects.filter(pk=case.pk).update(team=federation.teams["south"])
        case = Incident.objects.get(pk=case.pk)
        assert (readable.may_see(north, case), readable.may_see(south, case)) == (False, True)

    def test_are_told_to_nobody_who_may_not_see_them(self, federation: Federation) -> None:
        case = federation.record("incident", team=federation.teams["south"])
        owner = federation.asking["south"]
        Incident.objects.filter(pk=case.pk).update(case_owner=owner)
        registry["incidents.note"](Incident.objects.get(pk=case.pk), by=owner, text="Hm.")
        entry = case.entries.last()
        heard = {
            name: may_hear(federation.people[name], entry, "watcher")
            for name in ("north", "south", "hub")
        }
        assert heard == {"north": False, "south": True, "hub": False}


@pytest.mark.row("R-76")
class TestFigures:
    def test_of_a_member_are_its_own_and_of_the_federator_all(self, federation: Federation) -> None:
        cases = federation.cases("incident")
        Incident.objects.update(state="closed", is_open=False, priority=2)
        then = timezone.now()
        Incident.objects.update(resolved_at=then, closed_at=then)
        for name in ("north", "south", "hub", "auditor"):
            user = federation.people[name]
            expected = len(cases)
            if name in {"north", "south"}:
                expected = sum(own in SEEN[name] for own, _ in cases)
            assert Incident.objects.counted_by(user).count() == expected, name

    def test_open_to_the_cases_that_one_may_see(self, federation: Federation) -> None:
        federation.cases("incident")
        seen = Incident.objects.visible_to(federation.people["hub"])
        assert seen.count() < Incident.objects.counted_by(federation.people["hub"]).count()


@pytest.mark.row("R-76")
class TestWhatFollows:
    def test_reviews_and_violations_are_seen_as_their_case_is(
        self, federation: Federation, capsys: Any
    ) -> None:
        case = federation.record("incident", team=federation.teams["south"], major="declared")
        review = federation.record("major_incident_review", about=case)
        agreement = kinds()["agreement"].objects.order_by("pk")[0]
        violation = federation.record(
            "violation", about=case, agreement=agreement, agreement_version=1,
            target="resolution", level="actual", passed_at=timezone.now(),
        )  # fmt: skip
        for record, seers in (
            (review, {"south", "auditor"}),
            (violation, {"south", "hub", "auditor"}),
        ):
            for name, user in federation.people.items():
                assert visibility.hides(user, record) == (name not in seers and name != "nobody")
                for place, read in sightings(record, user, capsys):
                    assert read == (name in seers), f"{record.of_kind} by {name}: {place}"

    def test_agreements_and_reports_of_one_member_are_kept_from_the_other(
        self, federation: Federation, capsys: Any
    ) -> None:
        today = timezone.localdate()
        dates = {"begins_on": today, "ends_on": today, "counted_at": timezone.now()}
        of_north = [
            federation.record(
                "agreement", organisation=federation.orgs["north"], agreement_kind="ola"
            ),
            federation.record("service_report", organisation=federation.orgs["north"], **dates),
        ]
        of_all = federation.record("service_report", **dates)
        for record in of_north:
            for name in ("north", "south", "hub"):
                for place, read in sightings(record, federation.people[name], capsys):
                    assert read == (name != "south"), f"{record.of_kind} by {name}: {place}"
        assert not readable.may_see(federation.people["north"], of_all)
        assert readable.may_see(federation.people["hub"], of_all)


class TestRule:
    def test_is_the_same_in_sql_and_in_memory(self, federation: Federation) -> None:
        for kind in CASES:
            for _, record in federation.cases(kind):
                for name, user in federation.people.items():
                    picked = apart.condition(user, kind)
                    in_sql = picked is None or Record.objects.filter(picked, pk=record.pk).exists()
                    assert apart.hides(user, record) != in_sql, (kind, name)

    def test_keeps_every_kind_that_a_team_works_on(self) -> None:
        kept = apart.kinds()
        for kind in visibility.restrictable():
            assert kind in kept

    def test_costs_a_provider_without_members_nothing(
        self, settings: Any, django_assert_num_queries: Any
    ) -> None:
        settings.MEMBERS_APART = False
        made = Federation()
        user = User.objects.get(username="hub")
        assert user.rights.apart is None
        assert visibility.reach(user, "incident", counted=True) is True
        assert str(Incident.objects.counted_by(user).query).count("WHERE") == 0
        client = Client()
        client.force_login(made.people["hub"])
        client.get("/incidents/")

    def test_asks_who_belongs_where_once_for_many(
        self, federation: Federation, django_assert_max_num_queries: Any
    ) -> None:
        users = list(User.objects.filter(username__in=STAFF))
        parting.forget()
        with django_assert_max_num_queries(len(users) + 4):
            for user in users:
                assert user.rights is not None
