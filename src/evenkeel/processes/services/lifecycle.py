"""The states and moves of a service and of an agreement about it (FitSM-0, FitSM-1 PR1, PR2)."""

from django.db.models import TextChoices

from evenkeel.core.rules.lifecycle import Lifecycle, Move


class State(TextChoices):
    """The phase in which a service is."""

    LIVE = "live", "Live"
    RETIRED = "retired", "Retired"


class AgreementState(TextChoices):
    """Where an agreement stands; its versions follow one another while it is in force."""

    DRAFT = "draft", "Draft"
    IN_FORCE = "in_force", "In force"
    ENDED = "ended", "Ended"


class ViolationState(TextChoices):
    """Whether the customer was told of it."""

    RECORDED = "recorded", "Customer not told yet"
    COMMUNICATED = "communicated", "Customer told"
    WAIVED = "waived", "Nothing to say"


class ReportState(TextChoices):
    """Where a service report stands; what is sealed never changes."""

    DRAFT = "draft", "Draft"
    SEALED = "sealed", "Sealed"
    SENT = "sent", "Sent"
    DISCARDED = "discarded", "Discarded"


SERVICE = Lifecycle(
    State,
    (
        Move("record", (), State.LIVE),
        Move("edit", (State.LIVE,)),
        Move("retire", (State.LIVE,), State.RETIRED),
    ),
    closed=frozenset({State.RETIRED}),
)

_ALIVE = (AgreementState.DRAFT, AgreementState.IN_FORCE)
AGREEMENT = Lifecycle(
    AgreementState,
    (
        Move("record", (), AgreementState.DRAFT),
        Move("edit", (AgreementState.DRAFT,)),
        Move("draft", _ALIVE),
        Move("discard", _ALIVE),
        Move("approve", _ALIVE, AgreementState.IN_FORCE),
        Move("end", _ALIVE, AgreementState.ENDED),
        Move("hand_over", _ALIVE),
    ),
    closed=frozenset({AgreementState.ENDED}),
)

VIOLATION = Lifecycle(
    ViolationState,
    (
        Move("record", (), ViolationState.RECORDED),
        Move("communicate", (ViolationState.RECORDED,), ViolationState.COMMUNICATED),
        Move("waive", (ViolationState.RECORDED,), ViolationState.WAIVED),
    ),
    closed=frozenset({ViolationState.COMMUNICATED, ViolationState.WAIVED}),
)

_KEPT = (ReportState.SEALED, ReportState.SENT)
REPORT = Lifecycle(
    ReportState,
    (
        Move("record", (), ReportState.DRAFT),
        Move("recount", (ReportState.DRAFT,)),
        Move("approve", (ReportState.DRAFT,), ReportState.SEALED),
        Move("discard", (ReportState.DRAFT,), ReportState.DISCARDED),
        Move("send", _KEPT, ReportState.SENT),
    ),
    closed=frozenset({*_KEPT, ReportState.DISCARDED}),
)
