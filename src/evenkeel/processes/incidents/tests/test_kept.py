"""What was recorded stays: no way deletes a record; a wrong one is cancelled with a reason."""

import pytest
from django.db.models import ProtectedError

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record, collections
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.testing.api import Api
from evenkeel.processes.incidents.actions import incident as incidents
from evenkeel.processes.incidents.models import Incident
from evenkeel.processes.incidents.tests.conftest import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.row("R-78")]
FORBIDDEN = {"delete", "remove", "destroy", "erase", "purge"}


class TestARecord:
    def test_has_no_verb_that_deletes_it(self) -> None:
        found = {name for name in registry if name.partition(".")[2] in FORBIDDEN}
        # Who somebody was is taken out of what is kept; the record of the person stays, too.
        assert found == {"people.erase"}

    def test_is_deleted_by_no_call_of_the_interface(self, incident: Incident, mona: User) -> None:
        api = Api(mona)
        for collection in collections():
            for address in (f"/api/{collection}", f"/api/{collection}/{incident.number}"):
                answer = api.client.delete(address)
                assert answer.status_code == 405, address
                assert "DELETE" not in answer["Allow"]
        assert api.get(f"/api/incidents/{incident.number}").status_code == 200

    def test_is_deleted_by_no_page(self, incident: Incident, mona: User) -> None:
        browser = browser_of(mona)
        assert browser.delete(incident.url).status_code == 405
        assert browser.post(f"{incident.url}delete/").status_code == 404
        assert Record.objects.filter(number=incident.number).exists()

    def test_is_held_by_its_history(self, incident: Incident) -> None:
        with pytest.raises(ProtectedError):
            Incident.objects.filter(pk=incident.pk).delete()

    def test_that_is_wrong_is_cancelled_with_a_reason_and_kept(
        self, incident: Incident, mona: User
    ) -> None:
        with pytest.raises(Invalid) as refused:
            registry["incidents.cancel"].clean({"reason": " "}, by=mona)
        assert "reason" in refused.value.errors
        cancelled = incidents.cancel(incident, by=mona, reason="Recorded twice.")
        assert (cancelled.state, cancelled.is_open) == ("cancelled", False)
        assert Incident.objects.get().entries.latest("position").given["reason"] == (
            "Recorded twice."
        )
