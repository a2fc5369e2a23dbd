"""The verbs of organisations, people, teams and roles."""

from evenkeel.core.directory.actions import organisation, person, role, team, token

__all__ = ["organisation", "person", "role", "team", "token"]
