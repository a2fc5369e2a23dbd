"""What suppliers and members promise us: clocks beside the customer's, unseen by customers."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evenkeel.core.clocks import thresholds
from evenkeel.core.clocks.models import Clock
from evenkeel.core.directory.actions import team as teams
from evenkeel.core.directory.models import Organisation, Team
from evenkeel.core.notices import spreading
from evenkeel.core.notices.models import Notice
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Invalid
from evenkeel.processes.services.actions import agreement as agreements
from evenkeel.processes.services.models import Agreement, Service, Violation
from tests.clocks.conftest import Agreeing, Case, after, organisation, verbs

pytestmark = pytest.mark.django_db
OURS = "P1: resolution 8 h\nP2: resolution 12 h"
THEIRS = "P1: resolution 4 h\nP2: resolution 6 h\nMajor: resolution 1 h"


@pytest.fixture
def netspan() -> Organisation:
    return organisation("NetSpan", "supplier")


@pytest.fixture
def backbone(agree: Agreeing, netspan: Organisation) -> Agreement:
    """A UA about all services."""
    return agree("Backbone", THEIRS, organisation=netspan, agreement_kind="ua")


@pytest.fixture
def polar() -> Organisation:
    return organisation("Polar Data Institute", "member")


@pytest.fixture
def storage(polar: Organisation) -> Team:
    """A team of a member."""
    return team("Storage team", polar)


def team(title: str, of: Organisation | None = None) -> Team:
    sms = User.objects.the_sms()
    made: Team = teams.record(Team(), by=sms, at=after(-9), title=title, organisation=of)
    return made


@pytest.fixture
def gold(agree: Agreeing, customer: Organisation) -> Agreement:
    return agree("Gold", OURS, organisation=customer)


@pytest.fixture
def case(gold: Agreement, rita: User, sam: User) -> Case:
    """P1, in progress."""
    return Case(rita, sam).prioritise(1, after(0)).work(after(0))


def helper(case: Case, of: Agreement) -> Clock:
    """The clock of a helper, as it stands in the database."""
    return Clock.objects.get(record=case.record.pk, agreement=of.pk)


def elapsed(clock: Clock, at: Any) -> float:
    """In hours, at a moment."""
    return clock.read(at).elapsed / 3600


def wait(case: Case, at: Any, supplier: Organisation | None = None) -> Case:
    return case.do("put_on_hold", at, hold_reason="supplier", supplier=supplier)


class TestWaitingForASupplier:
    @pytest.mark.row("R-09")
    def test_lets_the_clock_of_the_customer_go_on_and_starts_that_of_the_supplier(
        self, case: Case, backbone: Agreement, netspan: Organisation
    ) -> None:
        assert not Clock.objects.exclude(agreement=None).exists()
        wait(case, after(1), netspan)
        ours, theirs = case.clock(), helper(case, backbone)
        assert (ours.phase, theirs.phase) == ("running", "running")
        assert (ours.due_at, theirs.due_at) == (after(8), after(5))
        assert (elapsed(ours, after(3)), elapsed(theirs, after(3))) == (3, 2)
        case.do("resume", after(3))
        ours, theirs = case.clock(), helper(case, backbone)
        assert (ours.phase, theirs.phase) == ("running", "stopped")
        assert (elapsed(ours, after(4)), elapsed(theirs, after(4))) == (4, 2)

    @pytest.mark.row("R-09")
    def test_is_the_only_wait_but_for_the_user_that_is_looked_at(self, case: Case) -> None:
        case.do("put_on_hold", after(1), hold_reason="change").do("resume", after(2))
        case.do("put_on_hold", after(2), hold_reason="user")
        assert (case.clock().phase, case.clock().elapsed) == ("paused", 2 * 3600)

    def test_goes_on_where_it_stood_or_begins_anew_as_agreed(
        self, agree: Agreeing, case: Case, backbone: Agreement, netspan: Organisation
    ) -> None:
        peak = organisation("CloudPeak", "supplier")
        anew = agree("Disks", THEIRS, organisation=peak, agreement_kind="ua", reopening="anew")
        for start, supplier in ((1, netspan), (3, peak), (5, netspan), (7, peak)):
            wait(case, after(start), supplier).do("resume", after(start + 1))
        assert (helper(case, backbone).elapsed, helper(case, anew).elapsed) == (7200, 3600)

    def test_is_told_with_the_version_and_why(
        self, case: Case, backbone: Agreement, netspan: Organisation
    ) -> None:
        chosen = wait(case, after(1), netspan).fresh.helped_by[str(backbone.pk)]
        assert (chosen["agreement"], chosen["version"]) == (backbone.number, 1)
        assert chosen["text"] == (
            f"{backbone.number} “Backbone” is agreed with NetSpan about all services."
            " Version 1 held."
        )

    def test_goes_by_the_terms_that_held_when_it_came_to_them_first(
        self, agree: Agreeing, case: Case, backbone: Agreement, netspan: Organisation, sam: User
    ) -> None:
        agree.again(backbone, "P1: resolution 2 h", after(0.5))
        late = Case(case.requester, sam).prioritise(1, after(0)).work(after(0))
        wait(case, after(0.4), netspan).do("resume", after(0.6))
        assert wait(case, after(1), netspan).fresh.helped_by[str(backbone.pk)]["version"] == 1
        assert helper(case, backbone).target == 4 * 3600
        assert wait(late, after(1), netspan).fresh.helped_by[str(backbone.pk)]["version"] == 2

    def test_is_by_the_agreement_about_the_service_and_finds_its_supplier(
        self, agree: Agreeing, backbone: Agreement, mail: Service, netspan: Organisation, case: Case
    ) -> None:
        about = agree("Mail", THEIRS, organisation=netspan, agreement_kind="ua", service=mail)
        case.do("edit", after(0.5), service=mail)
        assert wait(case, after(1)).fresh.waits_for == netspan
        assert helper(case, about).phase == "running"
        assert not Clock.objects.filter(agreement=backbone.pk).exists()

    def test_has_the_target_of_its_priority(
        self, case: Case, backbone: Agreement, netspan: Organisation
    ) -> None:
        wait(case, after(1), netspan).prioritise(2, after(2))
        assert (helper(case, backbone).target, helper(case, backbone).due_at) == (21600, after(7))
        case.prioritise(3, after(2.5))
        assert (helper(case, backbone).target, helper(case, backbone).due_at) == (None, None)

    def test_ends_with_the_case(
        self, case: Case, backbone: Agreement, netspan: Organisation
    ) -> None:
        wait(case, after(1), netspan).do("resolve", after(2), solution="They mended it")
        assert (helper(case, backbone).phase, helper(case, backbone).elapsed) == ("stopped", 3600)
        case.do("reopen", after(3), reason="Not mended")
        assert helper(case, backbone).phase == "stopped"

    def test_needs_no_agreement(self, case: Case, netspan: Organisation) -> None:
        assert wait(case, after(1), netspan).fresh.waits_for == netspan
        assert not Clock.objects.exclude(agreement=None).exists()
        assert case.do("resume", after(2)).fresh.waits_for is None

    def test_is_for_a_supplier(self, case: Case, polar: Organisation) -> None:
        with pytest.raises(Invalid, match="is no supplier"):
            wait(case, after(1), polar)
        with pytest.raises(Invalid, match="only where the case waits for a supplier"):
            case.do("put_on_hold", after(1), hold_reason="user", supplier=polar)


class TestATeamOfAMember:
    @pytest.fixture
    def pool(self, agree: Agreeing, polar: Organisation) -> Agreement:
        return agree("Disk pool", THEIRS, organisation=polar, agreement_kind="ola")

    @pytest.mark.row("R-09", "R-16")
    def test_has_a_clock_of_its_ola_while_the_case_is_with_it(
        self, case: Case, pool: Agreement, storage: Team
    ) -> None:
        case.do("escalate", after(1), kind="functional", team=storage, reason="Disks")
        assert (helper(case, pool).phase, helper(case, pool).due_at) == ("running", after(5))
        desk = team("Service desk")
        case.do("escalate", after(2), kind="functional", team=desk, reason="Done")
        assert (helper(case, pool).phase, helper(case, pool).elapsed) == ("stopped", 3600)
        assert case.clock().due_at == after(8)

    def test_does_not_count_what_the_user_owes_and_counts_on_while_a_supplier_is_at_it(
        self,
        case: Case,
        pool: Agreement,
        storage: Team,
        backbone: Agreement,
        netspan: Organisation,
    ) -> None:
        case.do("assign", after(1), team=storage)
        case.do("put_on_hold", after(2), hold_reason="user")
        assert helper(case, pool).phase == "paused"
        case.do("resume", after(3))
        wait(case, after(3), netspan)
        assert {one.phase for one in (helper(case, pool), helper(case, backbone))} == {"running"}
        assert elapsed(helper(case, pool), after(4)) == 2

    def test_goes_on_when_the_case_is_reopened(
        self, case: Case, pool: Agreement, storage: Team
    ) -> None:
        case.do("assign", after(1), team=storage).do("resolve", after(2), solution="Mended")
        case.do("reopen", after(3), reason="Not mended")
        assert (helper(case, pool).phase, helper(case, pool).due_at) == ("running", after(6))

    def test_asks_nothing_more_where_it_is_a_team_of_ours(
        self, case: Case, pool: Agreement
    ) -> None:
        desk = team("Service desk")
        with CaptureQueriesContext(connection) as asked:
            case.do("assign", after(1), team=desk)
        for table in ("core_clock", "services_agreement", "core_organisation"):
            assert not [one for one in asked.captured_queries if table in one["sql"]], table


class TestAViolationOfAHelper:
    @pytest.fixture
    def late(self, case: Case, backbone: Agreement, netspan: Organisation, mona: User) -> Violation:
        wait(case, after(1), netspan)
        thresholds.tell_all(at=after(5.1))
        assert Violation.objects.count() == 2  # potential and actual
        found: Violation = Violation.objects.get(level="actual")
        return found

    def test_is_recorded_once_and_is_not_of_the_customer(
        self, case: Case, late: Violation, backbone: Agreement, mona: User
    ) -> None:
        assert thresholds.tell_all(at=after(5.2)) == 0
        assert (late.agreement, late.agreement_version) == (backbone, 1)
        assert (late.state, late.text, late.is_open) == ("inside", "", False)
        assert late.title == f"Resolution of {case.record.number} with NetSpan is violated"
        assert (late.case_owner, str(late.organisation)) == (mona, str(backbone.organisation))
        assert not case.fresh.is_breached
        assert case.fresh.due_at == after(8)
        assert [verb for verb in verbs(case.record) if verb in ("warn", "breach")] == [
            "warn",
            "breach",
        ]

    def test_is_told_to_the_owner_of_the_agreement_and_not_to_the_customer(
        self, late: Violation, case: Case, mona: User, rita: User
    ) -> None:
        for entry in [*late.entries.all(), *case.record.entries.all()]:
            spreading.spread(entry, after(5.2))
        told = Notice.objects.filter(record=late.pk)
        assert {notice.recipient for notice in told} == {mona}
        for_rita = Notice.objects.filter(recipient=rita).values_list("entry__verb", flat=True)
        assert not {"incidents.warn", "incidents.breach"} & set(for_rita)

    def test_is_in_no_report_of_targets_kept(
        self, late: Violation, case: Case, gold: Agreement, mona: User
    ) -> None:
        from evenkeel.processes.services.actions import counting

        case.do("resolve", after(7), solution="They mended it")
        scope = counting.Scope(after(days=-1), after(days=1), None, None, after(9))
        counted = list(counting.counted(scope))
        assert [one.target for one in counted if one.what == "resolution"] == [8 * 3600]
        assert not [one for one in counted if one.what in ("potential", "actual")]


class TestACustomer:
    """Never sees what suppliers and members promise, or whether they keep it (R-16)."""

    SECRETS = ("NetSpan", "Backbone")

    @pytest.fixture
    def waiting(self, case: Case, backbone: Agreement, netspan: Organisation) -> Case:
        wait(case, after(1), netspan)
        thresholds.tell_all(at=after(5.1))
        return case

    def says(self, waiting: Case, backbone: Agreement, who: User, address: str) -> list[str]:
        client = Client()
        client.force_login(who)
        answer = client.get(address.format(number=waiting.record.number))
        assert answer.status_code in (200, 404), address
        said = b"".join(answer) if answer.streaming else answer.content
        clock = f"of-{backbone.pk}"
        return [one for one in (*self.SECRETS, backbone.number, clock) if one in said.decode()]

    @pytest.mark.row("R-16")
    @pytest.mark.parametrize(
        "address",
        [
            "/portal/",
            "/portal/cases/",
            "/portal/cases/{number}/",
            "/incidents/{number}/",
            "/incidents/",
            "/incidents/?format=csv",
            "/violations/",
            "/agreements/",
            "/notices/",
            "/search/?q=backbone",
            "/search/?q=netspan",
            "/api/incidents/{number}",
            "/api/incidents/{number}/entries",
            "/api/incidents",
            "/api/violations",
            "/api/agreements",
        ],
    )
    def test_finds_nothing_of_it(
        self, waiting: Case, backbone: Agreement, rita: User, address: str
    ) -> None:
        assert self.says(waiting, backbone, rita, address) == []

    @pytest.mark.row("R-16")
    def test_opens_no_clock_of_it_and_those_inside_do(
        self, waiting: Case, backbone: Agreement, rita: User, sam: User
    ) -> None:
        clock = f"/incidents/{waiting.record.number}/clock/"
        client = Client()
        client.force_login(rita)
        assert client.get(f"{clock}resolution/").status_code == 200
        assert client.get(f"{clock}resolution-of-{backbone.pk}/").status_code == 404
        client.force_login(sam)
        page = client.get(f"/incidents/{waiting.record.number}/").content.decode()
        assert f"Resolution, {backbone.number} with NetSpan" in page
        derived = client.get(f"{clock}resolution-of-{backbone.pk}/").content.decode()
        assert "is agreed with NetSpan about all services. Version 1 held." in derived
        assert "counted" in derived

    @pytest.mark.row("R-16")
    def test_is_not_told_by_search_or_by_the_record_of_records(
        self, waiting: Case, backbone: Agreement, rita: User, sam: User
    ) -> None:
        hidden = Record.objects.filter(of_kind__in=("violation",)) | Record.objects.filter(
            pk=backbone.pk
        )
        assert not Record.objects.visible_to(rita).filter(pk__in=hidden).exists()
        assert Record.objects.visible_to(sam).filter(pk=backbone.pk).exists()


class TestAnAgreementWithAHelper:
    @pytest.mark.row("R-16")
    @pytest.mark.parametrize(
        ("kind", "part", "is_right"),
        [
            ("ola", "member", True),
            ("ola", "federator", True),
            ("ola", "supplier", False),
            ("ola", "customer", False),
            ("ua", "supplier", True),
            ("ua", "member", False),
        ],
    )
    def test_is_an_ola_with_members_and_a_ua_with_suppliers(
        self, mona: User, kind: str, part: str, is_right: bool
    ) -> None:
        how: dict[str, Any] = {"by": mona, "at": after(-9), "title": "T", "agreement_kind": kind}
        party = organisation("Party", part)
        if is_right:
            assert agreements.record(Agreement(), **how, organisation=party).pk
        else:
            with pytest.raises(Invalid, match="Party is recorded as"):
                agreements.record(Agreement(), **how, organisation=party)

    def test_promises_what_is_counted_of_them(self, mona: User, netspan: Organisation) -> None:
        how: dict[str, Any] = {"by": mona, "at": after(-9)}
        made = agreements.record(
            Agreement(), **how, title="B", agreement_kind="ua", organisation=netspan
        )
        with pytest.raises(Invalid, match="promises resolution and fulfilment"):
            agreements.draft(made, **how, calendar="Always", targets="P1: response 1 h")
