"""A service that is described otherwise: the request models about it are looked at again.

What is ordered is what the service is, so whoever keeps a model up to date has to know.
"""

from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Entry, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import within
from evenkeel.processes.incidents.actions import request_model
from evenkeel.processes.incidents.models import RequestModel
from evenkeel.processes.services.models import Service

DESCRIBES = {"title", "value", "description", "quality"}
ENDS = {"services.phase_out": "is being retired", "services.retire": "is retired"}


def hear(record: Record, entry: Entry) -> None:
    """In the transaction in which the service is edited, or its end is said."""
    if not isinstance(record, Service):
        return
    if entry.verb in ENDS:
        flag_models(record, entry, f"{record} {ENDS[entry.verb]}.")
    elif entry.verb == "services.edit" and DESCRIBES & entry.difference.keys():
        flag_models(record, entry, f"{record} is described otherwise: version {record.version}.")


def flag_models(service: Service, entry: Entry, reason: str) -> None:
    """Flag the request models in use about the service."""
    how: dict[str, Any] = {"by": User.objects.the_sms(), "at": entry.at, "via": Via.JOB}
    about: Any = RequestModel.objects.filter(state__in=("in_force", "review"), service=service.pk)
    for model in about.order_by("pk"):
        request_model.flag_for_review(model, **how, reason=reason)


within.append(hear)
