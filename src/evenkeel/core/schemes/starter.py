"""Records the schemes that the processes begin with, as far as they are not there yet (BASE-01)."""

from datetime import datetime

from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.schemes.actions import approve, draft, record
from evenkeel.core.schemes.kinds import Starter, scheme_kinds, starters
from evenkeel.core.schemes.models import Scheme


def record_starters(*, at: datetime | None = None) -> list[Scheme]:
    """Record, draft and approve each missing starter scheme; answers those recorded."""
    moment = at or timezone.now()
    there = set(Scheme.objects.values_list("scheme_kind", "context"))
    missing = [starter for starter in starters if (starter.kind, starter.context) not in there]
    return [_recorded(starter, moment) for starter in missing]


def _recorded(starter: Starter, at: datetime) -> Scheme:
    sms = User.objects.the_sms()
    scheme: Scheme = record(
        Scheme(),
        by=sms,
        at=at,
        via=Via.JOB,
        title=starter.title,
        purpose=scheme_kinds[starter.kind].purpose,
        scheme_kind=starter.kind,
        context=starter.context,
    )
    content = dict(starter.content)
    draft(scheme, by=sms, at=at, via=Via.JOB, content=content, because="The starter scheme.")
    approve(scheme, by=sms, at=at, via=Via.JOB)
    return scheme
