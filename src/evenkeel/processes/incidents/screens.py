"""What a person sees of an incident."""

from evenkeel.core.web.screen import Group, Screen
from evenkeel.processes.incidents.models import Incident

INCIDENT = Screen(
    Incident,
    columns=("number", "title", "state", "priority", "case_owner", "recorded_at"),
    filters=("state", "priority", "service", "team", "case_owner"),
    groups=(
        Group("Incident", ("title", "description", "requester", "organisation", "channel")),
        Group("Classification", ("category", "service", "impact", "urgency", "priority")),
        Group("Work", ("team", "case_owner", "hold_reason", "due_at")),
        Group("Solution", ("resolution", "solution", "restored_at", "resolved_at", "closed_at")),
    ),
)
