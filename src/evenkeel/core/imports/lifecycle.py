"""An import runs until it has ended, well or not."""

from django.db.models import TextChoices

from evenkeel.core.rules.lifecycle import Lifecycle, Move


class State(TextChoices):
    """Where an import stands."""

    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    BROKEN_OFF = "broken_off", "Broken off"


IMPORT = Lifecycle(
    State,
    (
        Move("record", (), State.RUNNING),
        Move("finish", (State.RUNNING,), State.FINISHED),
        Move("break_off", (State.RUNNING,), State.BROKEN_OFF),
    ),
    frozenset({State.FINISHED, State.BROKEN_OFF}),
)
