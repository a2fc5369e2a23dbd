"""The frame around verbs: lifecycle, permission, action. No tables, one transaction."""

from evenkeel.core.rules.action import (
    Action,
    Doing,
    Stale,
    lifecycles,
    registry,
    subscribers,
    turning,
    within,
)
from evenkeel.core.rules.actions import Actions
from evenkeel.core.rules.inputs import Asked, Invalid, Text
from evenkeel.core.rules.lifecycle import Lifecycle, Move
from evenkeel.core.rules.permissions import Answer, Denied, Who

__all__ = [
    "Action",
    "Actions",
    "Answer",
    "Asked",
    "Denied",
    "Doing",
    "Invalid",
    "Lifecycle",
    "Move",
    "Stale",
    "Text",
    "Who",
    "lifecycles",
    "registry",
    "subscribers",
    "turning",
    "within",
]
