"""The states and moves of an incident and of a service request (FitSM-1 PR9)."""

from django.db.models import Q, TextChoices

from evenkeel.core.clocks import declaring
from evenkeel.core.clocks.declaring import Measure, Outage
from evenkeel.core.rules.lifecycle import Lifecycle, Move


class IncidentState(TextChoices):
    """Where an incident stands."""

    NEW = "new", "New"
    CLASSIFIED = "classified", "Classified"
    IN_PROGRESS = "in_progress", "In progress"
    ON_HOLD = "on_hold", "On hold"
    RESOLVED = "resolved", "Resolved"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"
    CONVERTED = "converted", "Converted"


class RequestState(TextChoices):
    """Where a service request stands."""

    NEW = "new", "New"
    CLASSIFIED = "classified", "Classified"
    APPROVAL = "approval", "Awaiting approval"
    REFUSED = "refused", "Refused"
    IN_PROGRESS = "in_progress", "In progress"
    ON_HOLD = "on_hold", "On hold"
    FULFILLED = "fulfilled", "Fulfilled"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"
    CONVERTED = "converted", "Converted"


class AnnouncementState(TextChoices):
    """Whether a disruption that was announced goes on."""

    CURRENT = "current", "Current"
    OVER = "over", "Over"


class ReviewState(TextChoices):
    """Where the review of a major incident stands."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    APPROVED = "approved", "Approved"


class ModelState(TextChoices):
    """Where a model stands; while it waits for its review it is used all the same."""

    DRAFT = "draft", "Draft"
    IN_FORCE = "in_force", "In force"
    REVIEW = "review", "To be reviewed"
    RETIRED = "retired", "Retired"


class ContactState(TextChoices):
    """Where a contact with the service desk stands."""

    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


NEW, CLASSIFIED, IN_PROGRESS, ON_HOLD = "new", "classified", "in_progress", "on_hold"
WORKED_ON = (CLASSIFIED, IN_PROGRESS, ON_HOLD)

_SHARED = (
    Move("record", (), NEW),
    Move("edit", (NEW, *WORKED_ON)),
    Move("classify", (NEW,), CLASSIFIED),
    Move("classify", WORKED_ON),
    Move("prioritise", (NEW, *WORKED_ON)),
    Move("assign", (CLASSIFIED,), IN_PROGRESS),
    Move("assign", (NEW, IN_PROGRESS, ON_HOLD)),
    Move("escalate", WORKED_ON),
    Move("escalate_up", (NEW, *WORKED_ON)),
    Move("acknowledge", (NEW, *WORKED_ON)),
    Move("call_on_duty", (NEW, *WORKED_ON)),
    Move("escalate_silence", (NEW, *WORKED_ON)),
    Move("hand_back", (NEW, *WORKED_ON)),
    Move("remind", (NEW, *WORKED_ON)),
    Move("put_on_hold", (CLASSIFIED, IN_PROGRESS), ON_HOLD),
    Move("tell_supplier", (ON_HOLD,)),
    Move("resume", (ON_HOLD,), IN_PROGRESS),
    Move("lapse", (ON_HOLD,), IN_PROGRESS),
    Move("remind_of_hold", (ON_HOLD,)),
    Move("limit_hold", (ON_HOLD,)),
    Move("convert", (NEW, *WORKED_ON), "converted"),
)
USED = (ModelState.IN_FORCE, ModelState.REVIEW)  # in these states a model is chosen or ordered
_KEPT_UP = (ModelState.DRAFT, *USED)
_PREPARED = (
    Move("record", (), ModelState.DRAFT),
    Move("edit", (ModelState.DRAFT,)),
    Move("draft", _KEPT_UP),
    Move("discard", _KEPT_UP),
    Move("approve", _KEPT_UP, ModelState.IN_FORCE),
    Move("flag_for_review", USED, ModelState.REVIEW),
    Move("review", USED, ModelState.IN_FORCE),
    Move("hand_over", _KEPT_UP),
    Move("retire", _KEPT_UP, ModelState.RETIRED),
)
REQUEST_MODEL = Lifecycle(
    ModelState, (*_PREPARED, Move("order", USED)), closed=frozenset({ModelState.RETIRED})
)
INCIDENT_MODEL = Lifecycle(ModelState, _PREPARED, closed=frozenset({ModelState.RETIRED}))

# What is closed is evidence: it is read, watched, rated and perhaps reopened, and nothing else.
_WRITES = (
    *("comment", "note", "attach", "link", "unlink"),
    *("add_task", "tick_step", "untick_step", "complete_task"),
)


def _written_until_closed(done: str) -> tuple[Move, ...]:
    until_then = (NEW, *WORKED_ON, done)
    return tuple(Move(verb, until_then) for verb in (*_WRITES, "note_elsewhere"))


INCIDENT = Lifecycle(
    IncidentState,
    (
        *_SHARED,
        *_written_until_closed(IncidentState.RESOLVED),
        Move("assess", (NEW, *WORKED_ON, IncidentState.RESOLVED)),
        Move("apply_workaround", (NEW, *WORKED_ON)),
        Move("join_parent", (NEW,), CLASSIFIED),
        Move("join_parent", WORKED_ON),
        Move("choose_model", (NEW,), CLASSIFIED),
        Move("choose_model", WORKED_ON),
        Move("add_event", (NEW, *WORKED_ON, IncidentState.RESOLVED)),
        Move("note_recovery", (NEW, *WORKED_ON)),
        Move("propose_major", WORKED_ON),
        Move("declare_major", WORKED_ON),
        Move("dismiss_major", (NEW, *WORKED_ON)),
        Move("name_coordinator", WORKED_ON),
        Move("miss_coordinator", WORKED_ON),
        Move("stand_down", WORKED_ON),
        Move("cancel", (NEW, *WORKED_ON), IncidentState.CANCELLED),
        Move("resolve", WORKED_ON, IncidentState.RESOLVED),
        Move("resolve_with_parent", WORKED_ON, IncidentState.RESOLVED),
        Move("close", (IncidentState.RESOLVED,), IncidentState.CLOSED),
        Move("reopen", (IncidentState.RESOLVED, IncidentState.CLOSED), IncidentState.IN_PROGRESS),
        Move("withdraw_import", tuple(IncidentState), IncidentState.CANCELLED),
        Move("rate", (IncidentState.CLOSED,)),
        Move("review_record", (IncidentState.CLOSED,)),
    ),
    closed=frozenset({IncidentState.CLOSED, IncidentState.CANCELLED, IncidentState.CONVERTED}),
    requires={"classified": ("category",), "in_progress": ("case_owner",)},
)

SERVICE_REQUEST = Lifecycle(
    RequestState,
    (
        *_SHARED,
        *_written_until_closed(RequestState.FULFILLED),
        *(Move(verb, (RequestState.APPROVAL,)) for verb in _WRITES),
        Move("apply_model", (NEW,), CLASSIFIED),
        Move("ask_approval", (CLASSIFIED,), RequestState.APPROVAL),
        Move("approve", (RequestState.APPROVAL,), CLASSIFIED),
        Move("refuse", (RequestState.APPROVAL,), RequestState.REFUSED),
        Move("cancel", (NEW, RequestState.APPROVAL, *WORKED_ON), RequestState.CANCELLED),
        Move("fulfil", WORKED_ON, RequestState.FULFILLED),
        Move("close", (RequestState.FULFILLED,), RequestState.CLOSED),
        Move("reopen", (RequestState.FULFILLED, RequestState.CLOSED), RequestState.IN_PROGRESS),
        Move("withdraw_import", tuple(RequestState), RequestState.CANCELLED),
        Move("rate", (RequestState.CLOSED,)),
        Move("review_record", (RequestState.CLOSED,)),
    ),
    closed=frozenset(
        {
            RequestState.CLOSED,
            RequestState.CANCELLED,
            RequestState.CONVERTED,
            RequestState.REFUSED,
        }
    ),
    requires={"classified": ("category",), "in_progress": ("case_owner",)},
)

# Towards the customer a supplier's delay is ours: only the user's own silence pauses, and
# maintenance that was agreed.
_AWAITING = {"user": "awaiting the user", "maintenance": "during agreed maintenance"}
_DONE = frozenset({"resolved", "fulfilled", "closed"})
_DROPPED = frozenset({"cancelled", "converted", "refused"})
_ANSWERS = frozenset({"comment"})  # what a person says in public, not what the software says
_IN_PERSON = frozenset({"phone", "walk_in"})
_RESPONSE = Measure(
    "response",
    "First reply",
    _DONE,
    _DROPPED,
    answers=_ANSWERS,
    in_person=_IN_PERSON,
    climbs="ISRM",
)
_UPDATE = Measure(
    "update", "Next word", _DONE, _DROPPED, pauses=_AWAITING, answers=_ANSWERS, again=True
)
declaring.declare(
    "incident",
    _RESPONSE,
    Measure(
        "resolution",
        "Resolution",
        _DONE,
        _DROPPED,
        pauses=_AWAITING,
        until="resolved_at",
        is_helped=True,
        climbs="ISRM",
    ),
    _UPDATE,
)
declaring.declare(
    "service_request",
    _RESPONSE,
    Measure(
        "fulfilment",
        "Fulfilment",
        _DONE,
        _DROPPED,
        pauses=_AWAITING,
        until="fulfilled_at",
        is_helped=True,
        climbs="ISRM",
    ),
    _UPDATE,
)
declaring.continued |= dict.fromkeys(("incident", "service_request"), frozenset({"converted"}))
# A major incident that was stood down turned out not to be one.
declaring.outages["incident"] = Outage(
    Q(major="declared") | ~Q(effect=""),
    until="restored_at",
    since=("down_again_at", "started_at"),
    degree="degree",
    earlier="earlier_outages",
)

ANNOUNCEMENT = Lifecycle(
    AnnouncementState,
    (
        Move("record", (), AnnouncementState.CURRENT),
        Move("update", (AnnouncementState.CURRENT,)),
        Move("remind", (AnnouncementState.CURRENT,)),
        Move("end", (AnnouncementState.CURRENT,), AnnouncementState.OVER),
    ),
    closed=frozenset({AnnouncementState.OVER}),
)

_REVIEWED = (ReviewState.DRAFT, ReviewState.SUBMITTED)
REVIEW = Lifecycle(
    ReviewState,
    (
        Move("record", (), ReviewState.DRAFT),
        Move("edit", (ReviewState.DRAFT,)),
        Move("submit", (ReviewState.DRAFT,), ReviewState.SUBMITTED),
        Move("approve", (ReviewState.SUBMITTED,), ReviewState.APPROVED),
        Move("send_back", (ReviewState.SUBMITTED, ReviewState.APPROVED), ReviewState.DRAFT),
        *(Move(verb, _REVIEWED) for verb in ("comment", "link", "unlink")),
    ),
    closed=frozenset({ReviewState.APPROVED}),
    requires={ReviewState.SUBMITTED: ("effect", "cause", "went_well", "went_badly")},
)

CONTACT = Lifecycle(
    ContactState,
    (
        Move("record", (), ContactState.OPEN),
        Move("edit", (ContactState.OPEN,)),
        Move("close", (ContactState.OPEN,), ContactState.CLOSED),
    ),
    closed=frozenset({ContactState.CLOSED}),
)
