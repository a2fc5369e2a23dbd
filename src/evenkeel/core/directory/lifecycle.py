"""Teams, roles and organisations are in force until they are retired; people come and go."""

from django.db.models import TextChoices

from evenkeel.core.rules.lifecycle import Lifecycle, Move


class State(TextChoices):
    """Where a team, a role or an organisation stands."""

    IN_FORCE = "in_force", "In force"
    RETIRED = "retired", "Retired"


class PersonState(TextChoices):
    """Where a person stands towards the SMS."""

    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    LEFT = "left", "Left"
    ERASED = "erased", "Erased"


_MOVES = (
    Move("record", (), State.IN_FORCE),
    Move("edit", (State.IN_FORCE,)),
    Move("retire", (State.IN_FORCE,), State.RETIRED),
)
_OF_TEAMS = ("admit", "dismiss", "plan_duty", "drop_layer", "stand_in", "end_stand_in")
_RETIRED = frozenset({State.RETIRED})

ORGANISATION = Lifecycle(
    State, (*_MOVES, Move("reinstate", (State.RETIRED,), State.IN_FORCE)), _RETIRED
)
TEAM = Lifecycle(
    State,
    (*_MOVES, *(Move(verb, (State.IN_FORCE,)) for verb in _OF_TEAMS)),
    _RETIRED,
)
ROLE = Lifecycle(
    State,
    (
        *_MOVES,
        Move("assign", (State.IN_FORCE,)),
        Move("end_assignment", (State.IN_FORCE,)),
        Move("delegate", (State.IN_FORCE,)),
        Move("take_back", (State.IN_FORCE,)),
    ),
    _RETIRED,
)
PERSON = Lifecycle(
    PersonState,
    (
        Move("record", (), PersonState.ACTIVE),
        Move("edit", (PersonState.ACTIVE, PersonState.SUSPENDED)),
        Move("set_password", (PersonState.ACTIVE,)),
        Move("invite", (PersonState.ACTIVE,)),
        Move("forget_second_proof", (PersonState.ACTIVE,)),
        Move("choose_notices", (PersonState.ACTIVE,)),
        Move("choose_service_notices", (PersonState.ACTIVE,)),
        Move("choose_manner", (PersonState.ACTIVE,)),
        Move("issue_token", (PersonState.ACTIVE,)),
        Move("revoke_token", (PersonState.ACTIVE,)),
        Move("suspend", (PersonState.ACTIVE,), PersonState.SUSPENDED),
        Move("admit", (PersonState.SUSPENDED, PersonState.LEFT), PersonState.ACTIVE),
        Move("hand_over", (PersonState.ACTIVE, PersonState.SUSPENDED)),
        Move("retire", (PersonState.ACTIVE, PersonState.SUSPENDED), PersonState.LEFT),
        Move("erase", (PersonState.LEFT,), PersonState.ERASED),
    ),
    frozenset({PersonState.LEFT, PersonState.ERASED}),
)
