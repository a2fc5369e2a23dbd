"""The verbs of teams and of roles."""

from evenkeel.core.directory.actions import role, team

__all__ = ["role", "team"]
