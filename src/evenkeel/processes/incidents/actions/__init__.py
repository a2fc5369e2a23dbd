"""The verbs of ISRM: one module for each kind, one for the bodies that both share."""

from evenkeel.processes.incidents.actions import contact, incident, service_request

__all__ = ["contact", "incident", "service_request"]
