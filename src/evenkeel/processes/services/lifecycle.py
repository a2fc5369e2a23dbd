"""The states and moves of a service, as far as operation needs them (FitSM-0)."""

from django.db.models import TextChoices

from evenkeel.core.rules.lifecycle import Lifecycle, Move


class State(TextChoices):
    """The phase in which a service is."""

    LIVE = "live", "Live"
    RETIRED = "retired", "Retired"


LIFECYCLE = Lifecycle(
    State,
    (
        Move("record", (), State.LIVE),
        Move("edit", (State.LIVE,)),
        Move("retire", (State.LIVE,), State.RETIRED),
    ),
    closed=frozenset({State.RETIRED}),
)
