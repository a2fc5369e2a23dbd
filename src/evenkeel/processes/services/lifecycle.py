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
    ),
    closed=frozenset({AgreementState.ENDED}),
)
