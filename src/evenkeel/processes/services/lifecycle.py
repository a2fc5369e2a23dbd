"""The states and moves of services, of agreements about them and of what follows (PR1, PR2)."""

from django.db.models import TextChoices

from evenkeel.core.rules.lifecycle import Lifecycle, Move


class State(TextChoices):
    """The phase in which a service is."""

    PROPOSED = "proposed", "Proposed"
    PLANNED = "planned", "Planned"
    LIVE = "live", "Live"
    RETIRING = "retiring", "Being retired"
    RETIRED = "retired", "Retired"


class ComponentState(TextChoices):
    """Whether services are made of it."""

    IN_USE = "in_use", "In use"
    RETIRED = "retired", "Retired"


class AgreementState(TextChoices):
    """Where an agreement stands; its versions follow one another while it is in force."""

    DRAFT = "draft", "Draft"
    AGREED = "agreed", "Agreed, still to come"  # until its first version begins
    IN_FORCE = "in_force", "In force"
    ENDED = "ended", "Ended"


class ViolationState(TextChoices):
    """Whether the customer was told of it."""

    RECORDED = "recorded", "Customer not told yet"
    COMMUNICATED = "communicated", "Customer told"
    WAIVED = "waived", "Nothing to say"
    INSIDE = "inside", "Not for customers"  # of what those who help promise us
    WITHDRAWN = "withdrawn", "Withdrawn"


class RecomputationState(TextChoices):
    """Where a recomputation stands; nothing moves before somebody has read what would."""

    COMPARING = "comparing", "Comparing"
    COMPARED = "compared", "To be confirmed"
    APPLYING = "applying", "Being applied"
    APPLIED = "applied", "Applied"
    DISCARDED = "discarded", "Discarded"


class ReportState(TextChoices):
    """Where a service report stands; what is sealed never changes."""

    COUNTING = "counting", "Being counted"
    DRAFT = "draft", "Draft"
    SEALED = "sealed", "Sealed"
    SENT = "sent", "Sent"
    DISCARDED = "discarded", "Discarded"


COMING = (State.PROPOSED, State.PLANNED)  # known to those who work on services, not to users
OFFERED = (State.LIVE, State.RETIRING)
KEPT = (*COMING, *OFFERED)
SERVICE = Lifecycle(
    State,
    (
        Move("record", (), State.LIVE),
        *(Move("record", (), phase) for phase in COMING),
        Move("plan", (State.PROPOSED,), State.PLANNED),
        Move("launch", (State.PLANNED,), State.LIVE),
        Move("phase_out", (State.LIVE,), State.RETIRING),
        Move("edit", KEPT),
        Move("review", KEPT),
        Move("remind", KEPT),
        Move("retire", KEPT, State.RETIRED),
    ),
    closed=frozenset({State.RETIRED}),
)

COMPONENT = Lifecycle(
    ComponentState,
    (
        Move("record", (), ComponentState.IN_USE),
        Move("edit", (ComponentState.IN_USE,)),
        Move("retire", (ComponentState.IN_USE,), ComponentState.RETIRED),
    ),
    closed=frozenset({ComponentState.RETIRED}),
    requires={ComponentState.IN_USE: ("service",)},
)

HELD = (AgreementState.AGREED, AgreementState.IN_FORCE)
_ALIVE = (AgreementState.DRAFT, *HELD)
AGREEMENT = Lifecycle(
    AgreementState,
    (
        Move("record", (), AgreementState.DRAFT),
        Move("edit", (AgreementState.DRAFT,)),
        Move("draft", _ALIVE),
        Move("discard", _ALIVE),
        Move("approve", (AgreementState.DRAFT, AgreementState.IN_FORCE), AgreementState.IN_FORCE),
        # Where its first version is still to come; which of them it is, the verb says.
        Move("approve", (AgreementState.DRAFT,), AgreementState.AGREED),
        Move("approve", (AgreementState.AGREED,)),
        Move("begin", (AgreementState.AGREED,), AgreementState.IN_FORCE),
        Move("end", _ALIVE, AgreementState.ENDED),
        Move("hand_over", _ALIVE),
        Move("review", _ALIVE),
        Move("remind", _ALIVE),
    ),
    closed=frozenset({AgreementState.ENDED}),
)

_TOLD = (ViolationState.COMMUNICATED, ViolationState.WAIVED, ViolationState.INSIDE)
VIOLATION = Lifecycle(
    ViolationState,
    (
        Move("record", (), ViolationState.RECORDED),
        Move("record", (), ViolationState.INSIDE),
        Move("communicate", (ViolationState.RECORDED,), ViolationState.COMMUNICATED),
        Move("waive", (ViolationState.RECORDED,), ViolationState.WAIVED),
        Move("tell_supplier", (ViolationState.INSIDE,)),
        Move("withdraw", (ViolationState.RECORDED, *_TOLD), ViolationState.WITHDRAWN),
    ),
    closed=frozenset({*_TOLD, ViolationState.WITHDRAWN}),
)

RECOMPUTATION = Lifecycle(
    RecomputationState,
    (
        Move("record", (), RecomputationState.COMPARING),
        Move("present", (RecomputationState.COMPARING,), RecomputationState.COMPARED),
        Move("confirm", (RecomputationState.COMPARED,), RecomputationState.APPLYING),
        Move("finish", (RecomputationState.APPLYING,), RecomputationState.APPLIED),
        Move(
            "discard",
            (RecomputationState.COMPARING, RecomputationState.COMPARED),
            RecomputationState.DISCARDED,
        ),
    ),
    closed=frozenset({RecomputationState.APPLIED, RecomputationState.DISCARDED}),
)

SEALED = (ReportState.SEALED, ReportState.SENT)
REPORT = Lifecycle(
    ReportState,
    (
        Move("record", (), ReportState.DRAFT),
        Move("record", (), ReportState.COUNTING),
        Move("recount", (ReportState.DRAFT,)),
        Move("recount", (ReportState.DRAFT,), ReportState.COUNTING),
        Move("present", (ReportState.COUNTING,), ReportState.DRAFT),
        Move("approve", (ReportState.DRAFT,), ReportState.SEALED),
        Move("discard", (ReportState.COUNTING, ReportState.DRAFT), ReportState.DISCARDED),
        Move("send", SEALED, ReportState.SENT),
    ),
    closed=frozenset({*SEALED, ReportState.DISCARDED}),
)
