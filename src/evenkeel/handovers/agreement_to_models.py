"""A new version of an agreement that promises otherwise: request models are looked at again.

What is ordered is fulfilled within what is agreed about its service, so whoever keeps a model up to
date has to know (ISRM-44).
"""

from typing import Any

from django.db.models import Q

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import within
from evenkeel.processes.incidents.actions import request_model
from evenkeel.processes.incidents.models import RequestModel
from evenkeel.processes.services.models import Agreement, AgreementVersion


def hear(record: Record, entry: Entry) -> None:
    """In the transaction in which the version is approved."""
    if entry.verb == "agreements.approve" and isinstance(record, Agreement):
        flag_models(record, entry)


def flag_models(agreement: Agreement, entry: Entry) -> None:
    """Flag the request models in use whose service and customers it governs."""
    approved: Any = agreement.versions.filter(standing=AgreementVersion.Standing.APPROVED)
    now, *earlier = approved.order_by("-number")[:2]
    is_with_customers = agreement.agreement_kind == Agreement.Kind.SLA
    if not earlier or now.targets == earlier[0].targets or not is_with_customers:
        return
    reason = f"{agreement.number} “{agreement.title}” promises other targets: version {now.number}."
    how: dict[str, Any] = {"by": User.objects.the_sms(), "at": entry.at, "via": Via.JOB}
    for model in _governed(agreement):
        request_model.flag_for_review(model, **how, reason=reason)


def _governed(agreement: Agreement) -> list[RequestModel]:
    models: Any = RequestModel.objects.filter(state__in=("in_force", "review"))
    if agreement.service_id:
        models = models.filter(service=agreement.service_id)
    if agreement.organisation_id:
        models = models.filter(Q(organisation=None) | Q(organisation=agreement.organisation_id))
    return list(models.order_by("pk"))


within.append(hear)
