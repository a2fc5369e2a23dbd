"""An agreement that promises otherwise has the request models of its service looked at again."""

from typing import Any

import pytest

from evenkeel.core.people.models import RoleType, User
from evenkeel.processes.incidents.actions import request_model
from evenkeel.processes.incidents.models import RequestModel
from evenkeel.processes.services.actions import service as services
from evenkeel.processes.services.models import Agreement, Service
from tests.clocks.conftest import QUOTA, Agreeing, after, holder, organisation

pytestmark = pytest.mark.django_db
BEFORE, THEN = "P3: fulfilment 20 h", "P3: fulfilment 10 h"


@pytest.fixture
def mona() -> User:
    return holder("mona", RoleType.PROCESS_MANAGER, "SPM")


@pytest.fixture
def olga() -> User:
    return holder("olga", RoleType.PROCESS_OWNER, "SPM")


@pytest.fixture
def agree(mona: User, olga: User) -> Agreeing:
    return Agreeing(mona, olga)


@pytest.fixture
def storage(mona: User) -> Service:
    made: Service = services.record(Service(), by=mona, at=after(days=-9), title="Storage")
    return made


@pytest.fixture
def model(storage: Service) -> Any:
    """How more storage is ordered, in force."""
    sam = holder("sam", RoleType.PROCESS_STAFF, "ISRM")
    priya = holder("priya", RoleType.PROCESS_MANAGER, "ISRM")
    at = after(days=-8)
    made = request_model.record(RequestModel(), by=sam, at=at, title="Quota", service=storage)
    request_model.draft(made, by=sam, at=at, **QUOTA)
    return request_model.approve(made, by=priya, at=at)


def fresh(model: Any) -> Any:
    return RequestModel.objects.get(pk=model.pk)


class TestNewVersion:
    @pytest.mark.row("ISRM-44")
    def test_of_other_targets_flags_the_request_models_of_the_service(
        self, agree: Agreeing, storage: Service, model: Any
    ) -> None:
        agreement: Agreement = agree("Storage for all", BEFORE, service=storage)
        assert fresh(model).state == "in_force"
        agree.again(agreement, THEN, after(1))
        found = fresh(model)
        assert found.state == "review"
        assert found.review_because == (
            f"{agreement.number} “Storage for all” promises other targets: version 2."
        )

    def test_of_the_same_targets_flags_none(
        self, agree: Agreeing, storage: Service, model: Any
    ) -> None:
        agreement = agree("Storage for all", BEFORE, service=storage)
        agree.again(agreement, BEFORE, after(1), customer_text="Sorry.")
        assert fresh(model).state == "in_force"

    def test_about_all_services_flags_all_about_another_none(
        self, agree: Agreeing, mona: User, model: Any
    ) -> None:
        mail = services.record(Service(), by=mona, at=after(days=-9), title="Mail")
        agree.again(agree("Mail", BEFORE, service=mail), THEN, after(1))
        assert fresh(model).state == "in_force"
        everything = agree("Theirs", BEFORE, organisation=organisation("Gold customer"))
        agree.again(everything, THEN, after(1))
        assert fresh(model).state == "review"

    def test_with_a_supplier_flags_none(
        self, agree: Agreeing, storage: Service, model: Any
    ) -> None:
        supplier = organisation("CloudPeak", "supplier")
        backing = agree(
            "Disks", BEFORE, service=storage, organisation=supplier, agreement_kind="ua"
        )
        agree.again(backing, THEN, after(1))
        assert fresh(model).state == "in_force"
