"""The verbs of organisations, people, teams and roles."""

from evenkeel.core.directory.actions import leaving, organisation, person, role, rota, team, token

__all__ = ["leaving", "organisation", "person", "role", "rota", "team", "token"]
