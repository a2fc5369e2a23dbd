"""What a person sees of services, agreements, violations and service reports."""

from evenkeel.processes.services.screens import report, service

__all__ = ["report", "service"]
