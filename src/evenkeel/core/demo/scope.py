"""What the SMS of the demonstration covers: decided by its owner, with reasons."""

from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.schemes import scope
from evenkeel.core.schemes.actions import approve, draft
from evenkeel.core.schemes.models import Scheme

_DECIDED = {  # code -> status, days ago, why
    "ISRM": (scope.IN_SCOPE, 240, ""),
    "SACM": (scope.OUT, 60, "Members answer for continuity themselves, as their OLAs say."),
    "CAPM": (scope.OUT, 60, "Members plan their own capacity."),
    "PM": (scope.PLANNED, 60, "It comes next: the same troubles come back every month."),
    "CONFM": (scope.PLANNED, 60, "After problem management; the members begin to list their CIs."),
    "CHM": (scope.PLANNED, 60, "Together with configuration management."),
}


def decide_scope(people: dict[str, User], *, at: datetime) -> None:
    """Drafted by the SMS manager, approved by the SMS owner."""
    scheme: Any = Scheme.objects.get(scheme_kind=scope.NAME, context=scope.CONTEXT)
    content = deepcopy(scheme.versions.latest("number").content)
    today = timezone.localdate(at)
    for one in content["processes"]:
        if decided := _DECIDED.get(one["code"]):
            one["status"], days, one["because"] = decided
            one["since"] = (today - timedelta(days=days)).isoformat()
    how: dict[str, Any] = {"at": at, "via": Via.DEMO}
    why = "What we can do well this year, and what the members do themselves."
    draft(scheme, by=people["tomas"], **how, content=content, because=why)
    approve(scheme, by=people["ingrid"], **how)
