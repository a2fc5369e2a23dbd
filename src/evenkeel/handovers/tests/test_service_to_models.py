"""A service that is described otherwise has the request models about it looked at again."""

from typing import Any

import pytest
from django.test import Client

from evenkeel.core.people.models import User
from evenkeel.core.rules import registry
from evenkeel.handovers.tests.test_agreement_to_models import fresh, model, mona, storage
from evenkeel.processes.services.actions import service as services
from evenkeel.processes.services.models import Service
from tests.clocks.conftest import after

pytestmark = pytest.mark.django_db
__all__ = ["model", "mona", "storage"]


class TestAnEditedService:
    @pytest.mark.row("IF-32")
    def test_flags_the_request_models_about_it(
        self, storage: Service, model: Any, mona: User
    ) -> None:
        registry["services.edit"](storage, by=mona, description="Disks, and tapes.")
        found = fresh(model)
        assert found.state == "review"
        assert found.review_because == "SRV-1 Storage is described otherwise: version 2."

    @pytest.mark.row("IF-32")
    def test_leads_to_what_can_be_ordered(self, storage: Service, model: Any, mona: User) -> None:
        client = Client()
        client.force_login(mona)
        page = client.get(storage.url).content.decode()
        assert '<a href="/request_models/?service=SRV-1&amp;is_open=yes">1 current</a>' in page

    def test_flags_nothing_by_its_day_of_review(
        self, storage: Service, model: Any, mona: User
    ) -> None:
        registry["services.edit"](storage, by=mona, review_on=after(days=90).date())
        assert fresh(model).state == "in_force"

    def test_flags_them_when_it_ends(self, storage: Service, model: Any, mona: User) -> None:
        services.phase_out(storage, by=mona, reason="Too dear.")
        assert fresh(model).review_because == "SRV-1 Storage is being retired."
