"""A template is offered until it is retired."""

from django.db.models import TextChoices

from evenkeel.core.rules.lifecycle import Lifecycle, Move


class State(TextChoices):
    """Where a template stands."""

    OFFERED = "offered", "Offered"
    RETIRED = "retired", "Retired"


TEMPLATE = Lifecycle(
    State,
    (
        Move("record", (), State.OFFERED),
        Move("edit", (State.OFFERED,)),
        Move("show_to", (State.OFFERED,)),
        Move("retire", (State.OFFERED,), State.RETIRED),
        Move("reinstate", (State.RETIRED,), State.OFFERED),
    ),
    # Neither waits for anybody: it is no work of the team whose it is.
    frozenset({State.OFFERED, State.RETIRED}),
)
