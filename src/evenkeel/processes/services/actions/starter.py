"""The agreement that a provider begins with, so that everybody is promised something (BASE-01)."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.processes.services.actions.agreement import approve, draft, record
from evenkeel.processes.services.models import Agreement

TARGETS = """\
Major: response 30 min, resolution 4 h
P1: response 1 h, resolution 4 h, fulfilment 16 h
P2: response 2 h, resolution 16 h, fulfilment 24 h
P3: response 8 h, resolution 40 h, fulfilment 60 h
P4: response 16 h, resolution 60 h, fulfilment 80 h
P5: response 24 h, resolution 80 h, fulfilment 80 h"""


def record_default(*, at: datetime | None = None) -> Agreement | None:
    """Record, draft and approve the default, where there is no agreement at all."""
    if Agreement.objects.exists():
        return None
    how: dict[str, Any] = {
        "by": User.objects.the_sms(),
        "at": at or timezone.now(),
        "via": Via.JOB,
    }
    made: Agreement = record(
        Agreement(), **how, title="What we promise everybody", agreement_kind=Agreement.Kind.SLA
    )
    terms: dict[str, Any] = {"calendar": "Office hours", "targets": TARGETS, "availability": "99 %"}
    draft(made, **how, **terms, because="The starter agreement.")
    approve(made, **how)
    return made
