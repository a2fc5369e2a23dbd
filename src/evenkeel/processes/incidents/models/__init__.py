"""The nouns of ISRM: cases, contacts and models, and what belongs to major incidents."""

from evenkeel.processes.incidents.models.announcement import Announcement
from evenkeel.processes.incidents.models.case import Case, Incident, ServiceRequest
from evenkeel.processes.incidents.models.contact import Contact
from evenkeel.processes.incidents.models.monitored import Alert, MonitoringEvent
from evenkeel.processes.incidents.models.prepared import (
    IncidentModel,
    IncidentModelVersion,
    RequestModel,
    RequestModelVersion,
)
from evenkeel.processes.incidents.models.review import MajorIncidentReview
from evenkeel.processes.incidents.models.trended import TrendTally

__all__ = [
    "Alert",
    "Announcement",
    "Case",
    "Contact",
    "Incident",
    "IncidentModel",
    "IncidentModelVersion",
    "MajorIncidentReview",
    "MonitoringEvent",
    "RequestModel",
    "RequestModelVersion",
    "ServiceRequest",
    "TrendTally",
]
