"""What a screen shows, to whom."""

import pytest

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.web.screen import Screen, screens
from evenkeel.processes.incidents.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita() -> User:
    return User.objects.create_user("rita")


@pytest.fixture
def screen() -> Screen:
    return screens["incidents"]


@pytest.fixture
def incident(rita: User) -> Incident:
    record = registry["incidents.record"]
    made: Incident = record(Incident(), by=rita, title="Mail is down")
    return made


class TestScreen:
    def test_lists_what_the_user_may_see_and_nothing_else(
        self, screen: Screen, incident: Incident, rita: User
    ) -> None:
        omar = User.objects.create_user("omar")
        assert list(screen.filtered(rita, {})) == [incident]
        assert list(screen.filtered(omar, {})) == []

    def test_filters_by_state(self, screen: Screen, incident: Incident, rita: User) -> None:
        assert list(screen.filtered(rita, {"state": "new"})) == [incident]
        assert list(screen.filtered(rita, {"state": "closed"})) == []

    def test_refuses_a_value_the_field_cannot_have(self, screen: Screen, rita: User) -> None:
        with pytest.raises(Invalid) as refused:
            screen.filtered(rita, {"priority": "high"})
        assert set(refused.value.errors) == {"priority"}

    def test_gives_choices_in_words(self, screen: Screen, incident: Incident, rita: User) -> None:
        panels = dict(screen.panels(incident, rita))
        assert ("channel", "Phone") in panels["Incident"]

    def test_hides_internal_fields_from_those_outside(
        self, screen: Screen, incident: Incident, rita: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Incident, "inside_fields", frozenset({"state"}))
        assert "state" not in screen.as_dict(incident, rita)
        assert list(screen.filtered(rita, {"state": "closed"})) == [incident]
        monkeypatch.setitem(visibility._inside, "incident", lambda user: True)
        assert screen.as_dict(incident, rita)["state"] == "new"
