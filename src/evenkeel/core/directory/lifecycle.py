"""A team or a role is in force until it is retired."""

from django.db.models import TextChoices

from evenkeel.core.rules.lifecycle import Lifecycle, Move


class State(TextChoices):
    """Where a team or a role stands."""

    IN_FORCE = "in_force", "In force"
    RETIRED = "retired", "Retired"


_MOVES = (
    Move("record", (), State.IN_FORCE),
    Move("edit", (State.IN_FORCE,)),
    Move("retire", (State.IN_FORCE,), State.RETIRED),
)
TEAM = Lifecycle(State, (*_MOVES, Move("admit", (State.IN_FORCE,))), frozenset({State.RETIRED}))
ROLE = Lifecycle(
    State,
    (
        *_MOVES,
        Move("assign", (State.IN_FORCE,)),
        Move("end_assignment", (State.IN_FORCE,)),
    ),
    frozenset({State.RETIRED}),
)
