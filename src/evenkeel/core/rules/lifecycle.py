"""The table of a kind: which verb leads from which states to which state, and what a state asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import TextChoices


@dataclass(frozen=True)
class Move:
    """What one verb does to the state of a record.

    `start` is empty where the verb records a new one; `end` is None where the state stays.
    A verb may have several moves, with different starts.
    """

    verb: str
    start: tuple[str, ...]
    end: str | None = None


@dataclass(frozen=True)
class Lifecycle:
    """All states and moves of one kind of record."""

    states: type[TextChoices]
    moves: tuple[Move, ...]
    closed: frozenset[str]
    # What a record must have while in a state: state -> names of fields that may not be empty.
    requires: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def verbs(self) -> list[str]:
        """Every verb of the table, once, in order."""
        return list(self._leads)

    @cached_property
    def _leads(self) -> dict[str, dict[str | None, Move]]:
        """Verb -> state (None: nothing) -> its move; the first one counts."""
        leads: dict[str, dict[str | None, Move]] = {}
        for move in self.moves:
            for state in move.start or (None,):
                leads.setdefault(move.verb, {}).setdefault(state, move)
        return leads

    def has(self, verb: str) -> bool:
        """Does the table speak of this verb? If not, it is allowed in every state."""
        return verb in self._leads

    def move(self, verb: str, state: str | None) -> Move | None:
        """The move of a verb from a state (None: from nothing), if there is one."""
        return self._leads.get(verb, {}).get(state or None)

    def is_start(self, verb: str) -> bool:
        """Does this verb record a new one?"""
        return any(move.verb == verb and not move.start for move in self.moves)

    def starts(self, verb: str) -> list[str]:
        """The states in which this verb can be done."""
        return [state for move in self.moves if move.verb == verb for state in move.start]

    def label(self, state: str) -> str:
        """The state in words."""
        return str(self.states(state).label)

    def unreachable(self) -> set[str]:
        """States to which no chain of verbs leads from a new record."""
        reached: set[str] = set()
        before = -1
        while len(reached) > before:
            before = len(reached)
            reached |= {
                move.end
                for move in self.moves
                if move.end and (not move.start or reached.intersection(move.start))
            }
        return set(self.states.values) - reached

    def dead_ends(self) -> set[str]:
        """States that no verb leaves and that are not closed states."""
        left = {state for move in self.moves if move.end for state in move.start}
        return set(self.states.values) - left - self.closed

    def missing(self, state: str, has: Iterable[str]) -> list[str]:
        """The fields that this state asks for and that are not among `has`."""
        return [name for name in self.requires.get(state, ()) if name not in set(has)]
