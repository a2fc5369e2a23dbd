"""An import runs until it has ended, well or not; then it can be undone, once."""

from django.db.models import TextChoices

from evenkeel.core.rules.lifecycle import Lifecycle, Move


class State(TextChoices):
    """Where an import stands."""

    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    BROKEN_OFF = "broken_off", "Broken off"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"


ENDED = (State.FINISHED, State.BROKEN_OFF)

IMPORT = Lifecycle(
    State,
    (
        Move("record", (), State.RUNNING),
        Move("finish", (State.RUNNING,), State.FINISHED),
        Move("break_off", (State.RUNNING,), State.BROKEN_OFF),
        Move("undo", ENDED, State.UNDOING),
        Move("conclude_undo", (State.UNDOING,), State.UNDONE),
    ),
    frozenset({*ENDED, State.UNDOING, State.UNDONE}),
)
