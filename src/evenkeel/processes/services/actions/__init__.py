"""The verbs of services, agreements, violations, service reports and recomputations."""

from evenkeel.processes.services.actions import (
    agreement,
    component,
    recomputation,
    report,
    service,
    violation,
)

__all__ = ["agreement", "component", "recomputation", "report", "service", "violation"]
