"""Which agreement governs a case, and from when; who shapes agreements and who sees them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from evenkeel.core.clocks import agreeing
from evenkeel.core.jobs import timetable
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from evenkeel.processes.services.actions import agreement as agreements
from evenkeel.processes.services.actions import starter
from evenkeel.processes.services.models import Agreement, AgreementVersion, Service
from tests.clocks.conftest import Agreeing, Case, after, holder, organisation

pytestmark = pytest.mark.django_db
GOLD, SILVER = "P1: resolution 2 h\nP2: resolution 6 h", "P1: resolution 4 h\nP2: resolution 12 h"


class TestTheAgreementOfACase:
    @pytest.mark.row("ISRM-06", "IF-01")
    def test_gives_the_same_incident_another_due_moment(self, agree: Agreeing, sam: User) -> None:
        due = {}
        for name, targets in {"gold": GOLD, "silver": SILVER}.items():
            theirs = organisation(name)
            agree(name, targets, organisation=theirs)
            asker = User.objects.create_user(f"of-{name}", organisation=theirs)
            due[name] = Case(asker, sam).prioritise(1, after(0.1)).fresh.due_at
        assert due == {"gold": after(2), "silver": after(4)}

    @pytest.mark.row("ISRM-53")
    def test_is_the_default_where_nothing_is_agreed_and_the_case_says_so(
        self, agree: Agreeing, olga: User, rita: User, sam: User, customer: Any
    ) -> None:
        gold = agree("Gold", GOLD, organisation=customer)
        agreements.end(gold, by=olga, at=after(-1), reason="They leave")
        found = Case(rita, sam).prioritise(1, after(0.1)).fresh
        assert found.agreement.title == "What we promise everybody"
        said = found.agreement_because["text"]
        assert said.startswith("Nothing else is agreed with Coastal Genomics, so")
        assert "so the default applies: AGR-" in said

    def test_is_the_closest_to_customer_and_service(
        self, agree: Agreeing, rita: User, sam: User, customer: Any, mail: Service
    ) -> None:
        agree("Theirs", GOLD, organisation=customer)
        agree("Of mail", SILVER, service=mail)
        both = agree("Theirs of mail", "P1: resolution 3 h", organisation=customer, service=mail)
        other = User.objects.create_user("other", organisation=organisation("Others"))
        chosen = {
            who.username: Case(who, sam, service=mail).prioritise(1, after(0.1)).fresh.agreement
            for who in (rita, other)
        }
        assert (chosen["rita"].pk, chosen["other"].title) == (both.pk, "Of mail")

    def test_is_named_with_its_version_and_the_reason(
        self, agree: Agreeing, case: Case, customer: Any
    ) -> None:
        gold = agree("Gold", GOLD, organisation=customer)
        because = case.prioritise(1, after(0.1)).fresh.agreement_because
        assert (because["agreement"], because["version"]) == (gold.number, 1)
        assert because["text"] == (
            f"Coastal Genomics has {gold.number} “Gold” about all services. Version 1 held."
        )

    @pytest.mark.row("R-14", "IF-01")
    def test_stays_the_version_that_held_when_it_was_recorded(
        self, agree: Agreeing, case: Case, rita: User, sam: User, customer: Any
    ) -> None:
        gold = agree("Gold", GOLD, organisation=customer)
        case.prioritise(1, after(0.1))
        agree.again(gold, "P1: resolution 1 h\nP2: resolution 1 h", after(0.2))
        assert case.prioritise(2, after(0.3)).fresh.due_at == after(6)
        late = Case(rita, sam, at=after(0.15)).prioritise(1, after(0.4))
        assert late.fresh.agreement_because["version"] == 1
        new = Case(rita, sam, at=after(0.25)).prioritise(1, after(0.4))
        assert (new.fresh.agreement_because["version"], new.fresh.due_at) == (2, after(1.25))

    def test_follows_the_service_that_was_named_wrongly_at_first(
        self, agree: Agreeing, case: Case, mail: Service
    ) -> None:
        agree("Of mail", SILVER, service=mail)
        case.prioritise(1, after(0.1))
        case.do("edit", after(0.2), service=mail)
        assert (case.fresh.agreement.title, case.fresh.due_at) == ("Of mail", after(4))

    def test_counts_in_its_own_time_zone(self, agree: Agreeing, case: Case, customer: Any) -> None:
        agree("Far", GOLD, organisation=customer, calendar="Office hours", zone="America/New_York")
        # 9:00 UTC is 5:00 there; the office opens at 8:00, which is 12:00 UTC.
        assert case.prioritise(1, after(0.1)).fresh.due_at == after(5)


class TestAnAgreement:
    def test_is_approved_by_its_owner_only(self, agree: Agreeing, mona: User, olga: User) -> None:
        made: Any = agreements.record(Agreement(), by=mona, title="Draft", at=after(-9))
        agreements.draft(made, by=mona, calendar="Always", targets=GOLD, at=after(-9))
        with pytest.raises(Denied):
            agreements.approve(made, by=mona, at=after(-8))
        assert agreements.approve.may(olga, made)

    def test_that_is_only_drafted_governs_nothing(
        self, mona: User, case: Case, customer: Any
    ) -> None:
        made: Any = agreements.record(
            Agreement(), by=mona, title="D", organisation=customer, at=after(-9)
        )
        agreements.draft(made, by=mona, calendar="Always", targets=GOLD, at=after(-9))
        assert case.prioritise(1, after(0.1)).fresh.agreement_id != made.pk

    def test_is_refused_beside_another_about_the_same(self, agree: Agreeing, customer: Any) -> None:
        agree("Gold", GOLD, organisation=customer)
        with pytest.raises(Invalid, match="governs the same customer and service"):
            agree("Gold again", GOLD, organisation=customer)

    def test_of_the_inside_is_with_somebody(self, mona: User) -> None:
        with pytest.raises(Invalid, match="with nobody"):
            agreements.record(Agreement(), by=mona, title="Inside", agreement_kind="ola")

    def test_does_not_hold_before_it_is_approved_for_cases_whose_clocks_count(
        self, mona: User, olga: User, customer: Any, case: Case
    ) -> None:
        case.work(after(0)).prioritise(1, after(0))
        made: Any = agreements.record(
            Agreement(), by=mona, title="D", organisation=customer, at=after(-9)
        )
        agreements.draft(made, by=mona, calendar="Always", targets=GOLD, at=after(-9))
        with pytest.raises(Invalid, match="not before now"):
            agreements.approve(made, by=olga, at=after(0), valid_from=after(-1))
        agreements.approve(made, by=olga, at=after(0), valid_from=after(5))
        chosen = [agreeing.choose(customer.pk, None, after(hours)) for hours in (4, 5)]
        assert [one.terms.agreement == made.pk for one in chosen if one] == [False, True]

    def test_may_hold_since_before_it_was_written_down_where_no_clock_counts_yet(
        self, mona: User, olga: User, customer: Any, case: Case
    ) -> None:
        """As of cases that came from elsewhere: what was promised then is written down later."""
        case.work(after(0)).prioritise(1, after(0))
        made: Any = agreements.record(
            Agreement(), by=mona, title="D", organisation=customer, at=after(1)
        )
        agreements.draft(made, by=mona, calendar="Always", targets=GOLD, at=after(1))
        later = after(0.5)
        agreements.approve(made, by=olga, at=after(1), valid_from=later)
        chosen = [agreeing.choose(customer.pk, None, after(hours)) for hours in (0.4, 0.5)]
        assert [one.terms.agreement == made.pk for one in chosen if one] == [False, True]

    def test_has_one_version_at_a_time_whatever_order_they_are_approved_in(
        self, agree: Agreeing, mona: User, olga: User, customer: Any, client: Any
    ) -> None:
        """One from tomorrow is overtaken by one from now on, and never comes to hold."""
        made = agree("Gold", GOLD, organisation=customer)
        agreements.draft(made, by=mona, calendar="Always", targets=SILVER, at=after(0))
        agreements.approve(made, by=olga, at=after(0), valid_from=after(24))
        agreements.draft(
            made, by=mona, calendar="Always", targets="P1: resolution 1 h", at=after(1)
        )
        agreements.approve(made, by=olga, at=after(1))
        chosen = [agreeing.choose(customer.pk, None, after(hours)) for hours in (0.5, 2, 23, 25)]
        assert [one.terms.version for one in chosen if one] == [1, 3, 3, 3]
        said = [one.said_at(after(2)) for one in made.versions.order_by("number")]
        assert said == ["Superseded", "Superseded", "In force"]
        client.force_login(mona)
        page = client.get(made.url).content.decode()
        assert "Version 3, in force" in page
        assert "To come" not in page

    def test_is_approved_on_a_page_as_it_was_read_and_not_as_it_was_drafted_since(
        self, agree: Agreeing, mona: User, olga: User, customer: Any, client: Client
    ) -> None:
        """The form has two versions, that of the record and that of the terms: of two names."""
        made = agree("Gold", GOLD, organisation=customer)
        agreements.draft(made, by=mona, calendar="Always", targets=SILVER)
        client.force_login(olga)
        shown = client.get(f"{made.url}approve/").content.decode()
        names = re.findall(r'<(?:input|textarea)[^>]* name="([^"]+)"', shown.split("<form")[-1])
        read = re.findall(r'name="record_version" value="(\d+)"', shown)
        sent = {"record_version": read[0], "version": "2"}
        assert [names.count(name) for name in sent] == [1, 1]
        agreements.draft(made, by=mona, calendar="Always", targets="P1: resolution 9 h")
        late = client.post(f"{made.url}approve/", sent)
        assert late.status_code == 409
        assert made.versions.get(number=2).standing == "draft"
        made.refresh_from_db()
        sent["record_version"] = str(made.version)
        assert client.post(f"{made.url}approve/", sent).status_code == 302
        assert made.versions.get(number=2).standing == "approved"

    def test_that_ended_governs_nothing_though_its_next_version_was_approved(
        self, agree: Agreeing, mona: User, olga: User, customer: Any, case: Case
    ) -> None:
        made = agree("Gold", GOLD, organisation=customer)
        agreements.draft(made, by=mona, calendar="Always", targets=SILVER, at=after(-2))
        agreements.approve(made, by=olga, at=after(-2), valid_from=after(24))
        agreements.end(made, by=olga, at=after(-1), reason="They leave")
        chosen = [agreeing.choose(customer.pk, None, after(hours)) for hours in (0, 23, 25)]
        assert not [one for one in chosen if one and one.terms.agreement == made.pk]
        assert case.prioritise(1, after(0.1)).fresh.agreement_id != made.pk

    def test_still_to_come_begins_at_once_where_an_earlier_version_is_approved(
        self, mona: User, olga: User, customer: Any
    ) -> None:
        made: Any = agreements.record(
            Agreement(), by=mona, title="Gold", organisation=customer, at=after(-9)
        )
        for valid_from, targets in ((after(24), GOLD), (None, SILVER)):
            agreements.draft(made, by=mona, calendar="Always", targets=targets, at=after(0))
            made = agreements.approve(made, by=olga, at=after(0), valid_from=valid_from)
        assert made.state == "in_force"
        chosen = [agreeing.choose(customer.pk, None, after(hours)) for hours in (1, 25)]
        assert [one.terms.version for one in chosen if one] == [2, 2]

    @pytest.mark.parametrize(
        ("targets", "why"),
        [
            ("", "at least one target"),
            ("resolution 4 h", "names no priority"),
            ("P1: cure 4 h", "no target"),
            ("P1: resolution soon", "no time"),
            ("P1: resolution 0 h", "no time"),
            ("P1: resolution 4 h, resolution 5 h", "two targets"),
        ],
    )
    def test_says_what_of_its_targets_is_not_understood(
        self, mona: User, targets: str, why: str
    ) -> None:
        made: Any = agreements.record(Agreement(), by=mona, title="D", at=after(-9))
        with pytest.raises(Invalid, match=why):
            agreements.draft(made, by=mona, calendar="Always", targets=targets, at=after(-9))

    @pytest.mark.row("R-16")
    def test_is_seen_by_its_parties_and_by_those_who_work_by_it(
        self, agree: Agreeing, rita: User, sam: User, customer: Any
    ) -> None:
        own = agree("Gold", GOLD, organisation=customer)
        foreign = agree("Silver", SILVER, organisation=organisation("Others"))
        inside = agree(
            "With a supplier", GOLD, organisation=organisation("S", "supplier"), agreement_kind="ua"
        )
        seen = set(Agreement.objects.visible_to(rita).values_list("title", flat=True))
        assert seen == {"Gold", "What we promise everybody"}
        assert {own, foreign, inside} <= set(Agreement.objects.visible_to(sam))

    @pytest.mark.parametrize("kind", [Incident, ServiceRequest])
    def test_leads_to_its_cases_by_an_index(self, agree: Agreeing, kind: Any) -> None:
        made = agree("Gold", "P1: resolution 4 h", organisation=organisation("Gold customer"))
        with connection.cursor() as cursor:
            # What is left is a bitmap, for which only an index of the agreement will do.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        plan = kind.objects.filter(agreement=made.pk).order_by().explain()
        assert f"{kind.kind()}_by_agreement" in plan

    def test_is_looked_after_by_an_owner_who_is_no_case_owner(
        self, agree: Agreeing, mona: User, olga: User
    ) -> None:
        made = agree("Gold", "P1: resolution 4 h", organisation=organisation("Gold customer"))
        client = Client()
        client.force_login(mona)
        page = client.get(made.url).content.decode()
        assert ">Owner<" in page
        assert "Case owner" not in page

    def test_with_a_member_governs_no_case_of_a_customer(self, agree: Agreeing, case: Case) -> None:
        member = organisation("Polar", "member")
        inside = agree("Inside", GOLD, organisation=member, agreement_kind="ola")
        assert case.prioritise(1, after(0.1)).fresh.agreement_id != inside.pk


class TestItsServiceHours:
    def test_are_of_a_calendar_that_there_is(self, mona: User) -> None:
        made: Any = agreements.record(Agreement(), by=mona, title="D", at=after(-9))
        with pytest.raises(Invalid, match="no service hours called “Never”"):
            agreements.draft(made, by=mona, calendar="Never", targets=GOLD, at=after(-9))

    def test_stay_those_of_the_version_that_held(
        self, agree: Agreeing, mona: User, olga: User, customer: Any, rita: User, sam: User
    ) -> None:
        """A calendar that is approved later counts for what is recorded later."""
        agree("Gold", GOLD, organisation=customer, calendar="Always")
        scheme: Any = Scheme.objects.get(scheme_kind="service_calendars")
        scheme.versions.update(approved_at=after(days=-99))  # not when the tests began
        schemes.draft(
            scheme,
            by=mona,
            at=after(1),
            content={"calendars": [{"name": "Always", "hours": "Mon 08:00-10:00"}]},
        )
        early, late = Case(rita, sam), Case(rita, sam, at=after(2))
        schemes.approve(scheme, by=olga, at=after(1.5))
        assert early.prioritise(1, after(3)).fresh.due_at == after(2)
        assert late.prioritise(1, after(3)).fresh.due_at == after(1, days=7)  # the next Monday

    def test_that_were_taken_out_hold_on_where_they_are_agreed(
        self, agree: Agreeing, mona: User, olga: User, customer: Any, rita: User, sam: User
    ) -> None:
        agree("Gold", GOLD, organisation=customer, calendar="Always")
        scheme: Any = Scheme.objects.get(scheme_kind="service_calendars")
        content = {"calendars": [{"name": "Other", "hours": "Mon 08:00-10:00"}]}
        schemes.draft(scheme, by=mona, at=after(-2), content=content)
        schemes.approve(scheme, by=olga, at=after(-1))
        assert Case(rita, sam).prioritise(1, after(1)).fresh.due_at == after(2)


class TestTheStarter:
    @pytest.mark.row("BASE-01")
    def test_is_there_from_the_first_start_and_is_not_recorded_again(self) -> None:
        (default,) = Agreement.objects.all()
        assert (default.state, default.organisation_id, default.service_id) == (
            "in_force",
            None,
            None,
        )
        assert starter.record_default() is None


class TestTheOwner:
    def test_is_not_the_owner_of_another_process(self) -> None:
        oscar = holder("oscar", RoleType.PROCESS_OWNER, "ISRM")
        (default,) = Agreement.objects.all()
        assert not agreements.end.may(oscar, default)


class TestBeforeItBegins:
    @pytest.fixture
    def coming(self, mona: User, olga: User, customer: Any, mail: Any) -> Any:
        """Agreed on, from after(5) on."""
        made: Any = agreements.record(
            Agreement(), by=mona, title="Gold", organisation=customer, service=mail, at=after(-9)
        )
        agreements.draft(made, by=mona, calendar="Always", targets=GOLD, at=after(-9))
        return agreements.approve(made, by=olga, at=after(-8), valid_from=after(5))

    def test_it_is_still_to_come_and_then_in_force_by_itself_and_once(self, coming: Any) -> None:
        assert coming.state == "agreed"
        early, late = after(5) - timedelta(seconds=1), after(5)
        assert [agreements.begin_due(at) for at in (early, late, late)] == [0, 1, 0]
        coming.refresh_from_db()
        entry = coming.entries.latest("position")
        assert (coming.state, entry.verb, entry.given) == (
            "in_force",
            "agreements.begin",
            {"version": 1},
        )
        assert timetable["services.begin_agreements"].cron == "* * * * *"

    def test_it_governs_nothing_and_shows_no_service(
        self, coming: Any, mail: Any, rita: User, customer: Any
    ) -> None:
        choice = agreeing.choose(customer.pk, mail.pk, after(4))
        assert choice is not None
        assert choice.terms.agreement != coming.pk
        type(mail).objects.filter(pk=mail.pk).update(open_to_all=False)
        assert mail not in Service.objects.visible_to(rita)
        agreements.begin_due(after(5))
        assert mail in Service.objects.visible_to(rita)

    def test_it_is_not_promised_on_the_page_of_the_service(
        self, coming: Any, mail: Any, mona: User
    ) -> None:
        client = Client()
        client.force_login(mona)
        assert coming.number not in client.get(mail.url).content.decode()
        page = client.get(coming.url).content.decode()
        assert "Agreed, still to come" in page

    def test_another_about_the_same_is_refused(
        self, coming: Any, agree: Agreeing, customer: Any, mail: Any
    ) -> None:
        with pytest.raises(Invalid, match="governs the same"):
            agree("Silver", SILVER, organisation=customer, service=mail)

    def test_an_earlier_version_may_begin_at_once(
        self, coming: Any, mona: User, olga: User
    ) -> None:
        agreements.draft(coming, by=mona, calendar="Always", targets=SILVER, at=after(-7))
        assert agreements.approve(coming, by=olga, at=after(-7)).state == "in_force"

    def test_a_default_that_is_still_to_come_takes_no_case(
        self, mona: User, olga: User, customer: Any
    ) -> None:
        for one in Agreement.objects.all():
            agreements.end(one, by=olga, reason="Another is written.")
        AgreementVersion.objects.all().delete()  # as if there never had been any
        made: Any = agreements.record(Agreement(), by=mona, title="For all")
        agreements.draft(made, by=mona, calendar="Always", targets=GOLD)
        begins = timezone.now() + timedelta(days=30)
        agreements.approve(made, by=olga, valid_from=begins)
        assert agreeing.choose(customer.pk, None, timezone.now()) is None
        chosen = agreeing.choose(customer.pk, None, begins)
        assert chosen is not None
        assert chosen.terms.agreement == made.pk
