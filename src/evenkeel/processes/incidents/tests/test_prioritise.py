"""Classify and prioritise by the schemes in force, and say why."""

from typing import Any

import pytest
from django.utils import timezone

from evenkeel.core.people.models import RoleType, User
from evenkeel.core.rules import Invalid
from evenkeel.core.schemes import actions as schemes
from evenkeel.core.schemes import categories, priority
from evenkeel.core.schemes.models import Scheme, in_force
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.actions import service_request as requests
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from evenkeel.processes.incidents.tests.test_actions import holder

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam() -> User:
    return holder("sam", RoleType.PROCESS_STAFF)


@pytest.fixture
def owner() -> User:
    return holder("olga", RoleType.PROCESS_OWNER)


@pytest.fixture
def incident(sam: User) -> Incident:
    made: Incident = incidents.record(Incident(), by=sam, title="Mail is down")
    return made


def scheme(kind: str) -> Scheme:
    version = in_force(kind, "ISRM", timezone.now())
    assert version is not None
    return version.scheme


def approve(kind: str, by: User, **changed: Any) -> None:
    """Put an edited version of a scheme in force."""
    edited = scheme(kind)
    content = edited.versions.get(standing="in_force").content | changed
    schemes.draft(edited, by=by, content=content)
    schemes.approve(edited, by=by)


class TestPrioritise:
    @pytest.mark.row("ISRM-20")
    def test_takes_the_priority_from_the_matrix_and_says_why(
        self, incident: Incident, sam: User
    ) -> None:
        made = incidents.prioritise(incident, by=sam, impact=2, urgency=2)
        assert made.priority == 2
        assert made.priority_because == {
            "text": "Impact 2 and urgency 2 give P2.",
            "inputs": {"Impact": "2 · Large", "Urgency": "2 · Serious"},
            "computed": 2,
            "scheme": scheme(priority.NAME).number,
            "version": 1,
        }

    @pytest.mark.row("ISRM-20")
    def test_is_overridden_only_with_a_reason_that_is_kept(
        self, incident: Incident, sam: User
    ) -> None:
        with pytest.raises(Invalid, match="needs a reason"):
            incidents.prioritise(incident, by=sam, impact=4, urgency=4, priority=1)
        made = incidents.prioritise(
            incident, by=sam, impact=4, urgency=4, priority=1, reason="The director's talk"
        )
        assert (made.priority, made.priority_because["computed"]) == (1, 4)
        assert made.priority_because["override"] == {
            "priority": 1,
            "by": "sam",
            "reason": "The director's talk",
        }
        assert made.priority_because["text"].endswith("P1 instead: The director's talk")

    def test_is_refused_for_a_level_that_the_scale_does_not_have(
        self, incident: Incident, sam: User
    ) -> None:
        with pytest.raises(Invalid, match="goes from 1 to 4"):
            incidents.prioritise(incident, by=sam, impact=5, urgency=1)

    @pytest.mark.row("BASE-17")
    def test_leaves_old_records_with_the_version_that_decided_about_them(
        self, incident: Incident, sam: User, owner: User
    ) -> None:
        incidents.prioritise(incident, by=sam, impact=2, urgency=2)
        approve(priority.NAME, owner, matrix=[[1] * 4] * 4, rules=[])
        later: Incident = incidents.record(Incident(), by=sam, title="Later")
        later = incidents.prioritise(later, by=sam, impact=2, urgency=2)
        incident.refresh_from_db()
        cited = [(case.priority, case.priority_because["version"]) for case in (incident, later)]
        assert cited == [(2, 1), (1, 2)]

    def test_is_decided_anew_when_a_special_rule_speaks_of_the_new_category(
        self, incident: Incident, sam: User
    ) -> None:
        incidents.prioritise(incident, by=sam, impact=3, urgency=3)
        made = incidents.classify(incident, by=sam, category="Security")
        assert made.priority == 3
        assert made.priority_because["text"].endswith("“Security comes first” raises it by 1: P3.")

    def test_gives_a_wish_for_information_the_priority_of_its_rule(self, sam: User) -> None:
        made = requests.record(ServiceRequest(), by=sam, title="Opening hours?", wish="information")
        assert requests.prioritise(made, by=sam, impact=1, urgency=1).priority == 4


class TestClassify:
    @pytest.mark.row("ISRM-19")
    def test_offers_no_retired_category_but_leaves_it_on_old_cases(
        self, incident: Incident, sam: User, owner: User
    ) -> None:
        incidents.classify(incident, by=sam, category="Mail")
        tree = scheme(categories.NAME).versions.get(standing="in_force").content["categories"]
        retired = [c | {"retired": c["path"] == "Mail"} for c in tree]
        approve(categories.NAME, owner, categories=retired)
        later = incidents.record(Incident(), by=sam, title="Mail again")
        with pytest.raises(Invalid, match="“Mail” is not a category"):
            incidents.classify(later, by=sam, category="Mail")
        form = incidents.classify.form_class()
        assert "Storage" in str(form["category"])
        assert "Mail" not in str(form["category"])
        incident.refresh_from_db()
        assert incident.category == "Mail"

    @pytest.mark.row("ISRM-05")
    def test_keeps_the_version_of_the_scheme_in_its_entry(
        self, incident: Incident, sam: User
    ) -> None:
        incidents.classify(incident, by=sam, category="Network")
        entry = incident.entries.get(verb="incidents.classify")
        decided = {name: entry.given[name] for name in ("scheme", "version")}
        assert decided == {"scheme": scheme(categories.NAME).number, "version": 1}
