"""The tone of a state: what colour and sign stand beside its word. Read from the lifecycle."""

import functools

from evenkeel.core.rules import Lifecycle, Move, lifecycles

DROPPING = {"cancel", "withdraw", "reject", "retire", "phase_out"}


@functools.cache
def state(kind: str, name: str) -> tuple[str, str]:
    """The word and the tone of a state: new, open, wait, done, closed or dropped."""
    lifecycle = lifecycles().get(kind)
    if lifecycle is None:
        return name.replace("_", " ").capitalize(), "open"
    return lifecycle.label(name), _tone(lifecycle, name)


def _tone(lifecycle: Lifecycle, state: str) -> str:
    arriving = {move.verb for move in lifecycle.moves if move.end == state}
    leaving = [m for m in lifecycle.moves if state in m.start and m.end and m.end != state]
    begins = any(not m.start for m in lifecycle.moves if m.end == state)
    if state in lifecycle.closed:
        return "dropped" if arriving <= DROPPING else "closed"
    if all(_is_settled(lifecycle, m, state if begins else "") for m in leaving):
        return "done"
    if any(move.verb == "resume" for move in leaving):
        return "wait"
    return "new" if begins else "open"


def _is_settled(lifecycle: Lifecycle, leaving: Move, began: str) -> bool:
    """Does a verb only end what was reached, drop it, or lead from where it began and back?"""
    if leaving.verb in DROPPING | {"reopen"}:
        return True
    if leaving.end in lifecycle.closed:
        return not began
    onwards = {move.end for move in lifecycle.moves if leaving.end in move.start and move.end}
    return onwards - {leaving.end} - lifecycle.closed == {began}
