"""The verbs of services, of agreements about them, and of violations."""

from evenkeel.processes.services.actions import agreement, service, violation

__all__ = ["agreement", "service", "violation"]
