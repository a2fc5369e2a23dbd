"""The figures of ISRM (ISRM-K1 to ISRM-K10): what is counted, in words, and what is aimed at."""

from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Now

from evenkeel.core.figures.declaring import EVERY, Counted, Figure, Target, Unit
from evenkeel.core.records.record import Record
from evenkeel.processes.incidents.models import Incident, MajorIncidentReview, ServiceRequest

CASES = (Incident, ServiceRequest)
_KEPT = Q(clocks__breached_at=None)
_CLOSED = Q(state="closed")
_ANSWERED = Q(clocks__phase="stopped") | Q(clocks__breached_at__isnull=False)


def _promised(clock: str) -> Q:
    return Q(clocks__kind=clock, clocks__agreement=None, clocks__target__gt=0)


Figure(
    "ISRM-K1",
    "incidents",
    "Incidents resolved in target",
    "Incidents resolved no later than their target of resolution, of all incidents that were "
    "resolved in the month and had one.",
    Unit.PERCENT,
    (Counted(Incident, "resolved_at", _promised("resolution"), _KEPT),),
    {EVERY: Target(at_least=90)},
    hit="resolved in target",
    miss="resolved too late",
    caution="Clocks that are paused count no time: look at the cases on hold, too.",
)
Figure(
    "ISRM-K2",
    "incidents",
    "First reply in target",
    "Cases whose first reply to the user came no later than its target, of all cases recorded in "
    "the month that have one and were answered, or should have been.",
    Unit.PERCENT,
    tuple(
        Counted(model, "recorded_at", _promised("response") & _ANSWERED, _KEPT) for model in CASES
    ),
    {EVERY: Target(at_least=95)},
    hit="answered in target",
    miss="answered too late",
    caution="Only what a person says in public is a reply; a confirmation by the software is none.",
)
Figure(
    "ISRM-K3",
    "incidents",
    "Mean time to restore",
    "The mean of the service hours from the beginning of an incident to the restoration of the "
    "service, over the incidents resolved in the month.",
    Unit.HOURS,
    (Counted(Incident, "resolved_at", value="down_for", scale=3600),),
    {1: Target(at_most=4)},
    hit="with a time",
    miss="without a time",
    caution="One incident that took very long moves the mean: open it, and look at each.",
)
Figure(
    "ISRM-K4",
    "incidents",
    "Reopened cases",
    "Cases that were reopened at least once, of all cases that were closed in the month.",
    Unit.PERCENT,
    tuple(Counted(model, "closed_at", _CLOSED, Q(reopened_at__isnull=False)) for model in CASES),
    {EVERY: Target(at_most=5)},
    hit="reopened",
    miss="solved at once",
    caution="The longer a case can be reopened, the more are.",
)
Figure(
    "ISRM-K5",
    "incidents",
    "Use of known errors",
    "Incidents resolved by the workaround of a known error, of the incidents of services that have "
    "one.",
    Unit.PERCENT,
    waits_for="known errors",
    caution="A high share may mean that the problems behind are not solved.",
)
Figure(
    "ISRM-K6",
    "incidents",
    "Requests fulfilled in target",
    "Service requests fulfilled no later than their target of fulfilment, of all that were "
    "fulfilled in the month and had one.",
    Unit.PERCENT,
    (Counted(ServiceRequest, "fulfilled_at", _promised("fulfilment"), _KEPT),),
    {EVERY: Target(at_least=95)},
    hit="fulfilled in target",
    miss="fulfilled too late",
    caution="It mixes requests of many kinds.",
)
Figure(
    "ISRM-K7",
    "incidents",
    "Good records",
    "Cases whose record is a good one by the scheme in force, of all cases that were closed in the "
    "month.",
    Unit.PERCENT,
    tuple(
        Counted(model, "counted_at", Q(is_good_record__isnull=False), Q(is_good_record=True))
        for model in CASES
    ),
    {EVERY: Target(at_least=90)},
    hit="good records",
    miss="lacking something",
    caution="A complete record need not be a true one: look at a sample, too.",
)
Figure(
    "ISRM-K8",
    "incidents",
    "Major incident reviews in time",
    "Reviews of major incidents approved by the day on which they were due (ten working days "
    "after the resolution, by the scheme in force), of all that were due in the month.",
    Unit.PERCENT,
    (
        Counted(
            MajorIncidentReview,
            "due_at",
            Q(approved_at__isnull=False) | Q(due_at__lt=Now()),
            Q(approved_at__lte=F("due_at")),
        ),
    ),
    {EVERY: Target(at_least=100)},
    hit="approved in time",
    miss="not approved in time",
)
Figure(
    "ISRM-K9",
    "incidents",
    "Old cases in the backlog",
    "Cases recorded more than 30 days before, of all that are open at the end of the month; of "
    "this month, now.",
    Unit.PERCENT,
    (
        Counted(
            Record,
            among=Q(of_kind__in=[model.kind() for model in CASES]),
            standing=timedelta(days=30),
        ),
    ),
    {EVERY: Target(at_most=5)},
    hit="older than 30 days",
    miss="younger",
    caution="Cases that wait for a change are among them. A case that was reopened counts as open "
    "all the time.",
)
Figure(
    "ISRM-K10",
    "incidents",
    "Satisfaction after closure",
    "The mean of what requesters answered when asked how satisfied they are, 1 to 5, over the "
    "cases closed in the month.",
    Unit.MARK,
    tuple(Counted(model, "closed_at", _CLOSED, value="satisfaction") for model in CASES),
    {EVERY: Target(at_least=4)},
    hit="answered",
    miss="not answered",
    caution="It needs answers on at least 15 of 100 cases; those who are angry answer more often.",
)
