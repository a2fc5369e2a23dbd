"""A verb that every kind of record knows and no surface offers: another action does it.

It goes through the frame like any other (lock, state, validation, entry, what follows), but has no
row in a permission table: whoever calls it has asked for the permission already.
"""

from collections.abc import Callable
from typing import Any

from evenkeel.core.records.entry import Audience
from evenkeel.core.records.record import Record
from evenkeel.core.rules.action import Action, registry
from evenkeel.core.rules.explaining import explained
from evenkeel.core.rules.permissions import anyone


class Unoffered(Action):
    """`Unoffered(Incident, "hand_over", body)(record, by=…, …)`; it is in no registry."""

    def __init__(
        self, model: type[Record], verb: str, body: Callable[..., Any], *, redacts: bool = False
    ) -> None:
        self.verb, self.name = verb, f"{model.collection}.{verb}"
        self.model, self.body = model, body
        self.lifecycle = next(one.lifecycle for one in registry.values() if one.model is model)
        self.who, self.creates, self.fields = anyone, False, ()
        self.audience, self.redacts = Audience.INTERNAL, redacts
        self.help = explained(body)
