"""The verbs of services and of agreements about them."""

from evenkeel.processes.services.actions import agreement, service

__all__ = ["agreement", "service"]
