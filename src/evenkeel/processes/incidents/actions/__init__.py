"""The verbs of ISRM: one module for each kind, one for the bodies that both share."""

from evenkeel.processes.incidents.actions import (
    announcement,
    answered,
    contact,
    incident,
    incident_model,
    request_model,
    review,
    service_request,
)

__all__ = [
    "announcement",
    "answered",
    "contact",
    "incident",
    "incident_model",
    "request_model",
    "review",
    "service_request",
]
