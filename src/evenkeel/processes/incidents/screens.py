"""What a person sees of incidents, service requests and contacts."""

from evenkeel.core.web.screen import Group, Screen
from evenkeel.processes.incidents.models import Contact, Incident, ServiceRequest

COLUMNS = ("number", "title", "state", "priority", "service", "team", "case_owner", "recorded_at")
FILTERS = ("state", "priority", "service", "team", "case_owner", "requester", "organisation")
BECAUSE = {"priority": "priority_because"}
CLASSIFICATION = Group("Classification", ("service", "category", "impact", "urgency", "priority"))
WORK = Group("Work", ("team", "case_owner", "hold_reason", "due_at", "reassignments"))

INCIDENT = Screen(
    Incident,
    columns=COLUMNS,
    filters=FILTERS,
    groups=(
        Group("Incident", ("title", "description", "requester", "organisation", "channel")),
        CLASSIFICATION,
        WORK,
        Group(
            "Solution",
            ("solution", "resolution", "restored_at", "resolved_at", "closure_code", "closed_at"),
        ),
    ),
    because=BECAUSE,
)
SERVICE_REQUEST = Screen(
    ServiceRequest,
    columns=("number", "title", "state", "priority", "wish", *COLUMNS[4:]),
    filters=(*FILTERS, "wish"),
    groups=(
        Group("Request", ("title", "description", "wish", "requester", "organisation", "channel")),
        CLASSIFICATION,
        WORK,
        Group("Solution", ("solution", "fulfilled_at", "closure_code", "closed_at")),
    ),
    because=BECAUSE,
)
CONTACT = Screen(
    Contact,
    columns=("number", "title", "state", "channel", "requester", "service", "recorded_at"),
    filters=("state", "channel", "service", "solved_at_first_contact"),
    groups=(
        Group("Contact", ("title", "requester", "organisation", "channel", "service", "category")),
        Group("Outcome", ("solved_at_first_contact", "closure_code", "handled_for", "closed_at")),
    ),
)
