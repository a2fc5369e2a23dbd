"""A scheme is a draft until its first version is approved; from then on one version is in force."""

from django.db.models import TextChoices

from evenkeel.core.rules.lifecycle import Lifecycle, Move


class State(TextChoices):
    """Where a scheme stands."""

    DRAFT = "draft", "Draft"
    IN_FORCE = "in_force", "In force"


SCHEME = Lifecycle(
    State,
    (
        Move("record", (), State.DRAFT),
        Move("edit", (State.DRAFT, State.IN_FORCE)),
        Move("draft", (State.DRAFT, State.IN_FORCE)),
        Move("read_days", (State.DRAFT, State.IN_FORCE)),
        Move("discard", (State.IN_FORCE,)),
        Move("approve", (State.DRAFT,), State.IN_FORCE),
        Move("approve", (State.IN_FORCE,), State.IN_FORCE),
    ),
    closed=frozenset(),
)
