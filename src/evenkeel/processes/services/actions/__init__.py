"""The verbs of services, of agreements about them, of violations and of service reports."""

from evenkeel.processes.services.actions import agreement, report, service, violation

__all__ = ["agreement", "report", "service", "violation"]
