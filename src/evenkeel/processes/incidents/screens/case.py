"""What a person sees of incidents, service requests and contacts."""

from evenkeel.core.web import clocks
from evenkeel.core.web.screen import Group, Later, Screen
from evenkeel.processes.incidents.models import Contact, Incident, ServiceRequest
from evenkeel.processes.incidents.models.mirrored import MIRRORED
from evenkeel.processes.incidents.queries.seams import OF_INCIDENTS, OF_REQUESTS
from evenkeel.processes.incidents.screens import converted, panels, quality

COLUMNS = (
    "number",
    "title",
    "state",
    "priority",
    "service",
    "team",
    "case_owner",
    "due_at",
    "recorded_at",
)
FILTERS = (
    *("state", "priority", "service", "team", "case_owner", "requester", "organisation"),
    *("agreement", "is_breached", "escalated_to", "channel", "satisfaction"),
    *("is_restricted", "outside_number", "outside_system"),
)
BECAUSE = {"priority": "priority_because", "agreement": "agreement_because"}
ORDERED = Group("Ordered by a model", ("request_model", "approval_by", "decided_by", "decided_at"))
HANDLED = Group("Handled by a model", ("incident_model",))
MAJOR = Group("Major incident", ("major", "declared_at", "declared_by", "coordinator"))
CLASSIFICATION = Group("Classification", ("service", "category", "impact", "urgency", "priority"))
EFFECT = Group(
    "Effect",
    (
        "started_at",
        "effect",
        "degree",
        "falls_short_of",
        "missed_level",
        "down_again_at",
        "workaround",
    ),
)
WORK = Group(
    "Work",
    (
        *("team", "case_owner", "acknowledged_by", "acknowledged_at"),
        *("escalated_to", "escalated_from"),
        *("reassignments", "is_restricted"),
    ),
)
HELD = Group(
    "On hold",
    ("hold_reason", "waits_for", "held_at", "maintained_from", "hold_until", "hold_told_at"),
    only_with="hold_reason",
)
ELSEWHERE = Group("Elsewhere", MIRRORED)
RATED = Group("How it was for the user", ("satisfaction", "satisfaction_comment"))
CONVERTED = Group("Converted", ("continues", "continued_by"))
RECORD = Group("Record", ("completeness", "is_good_record", "record_review"), is_drawn=False)
PROMISED = Group("What is promised", ("agreement", "due_at", "is_breached"))


INCIDENT = Screen(
    Incident,
    columns=COLUMNS,
    filters=(*FILTERS, "major", "incident_model"),
    groups=(
        Group("Incident", ("title", "description", "requester", "organisation", "channel")),
        CLASSIFICATION,
        EFFECT,
        MAJOR,
        HANDLED,
        WORK,
        HELD,
        ELSEWHERE,
        PROMISED,
        Group(
            "Solution",
            (
                "solution",
                "resolution",
                "cause",
                "restored_at",
                "resolved_at",
                "closure_code",
                "closed_at",
            ),
        ),
        CONVERTED,
        RATED,
        RECORD,
    ),
    because={**BECAUSE, "major": "major_because", "incident_model": "model_because"},
    head=(panels.major, panels.unacknowledged, panels.alerted),
    later=(
        Later("models", "choose_model", panels.recognised),
        *(panels.seam(one) for one in OF_INCIDENTS),
    ),
    below=(converted.before,),
    beside=(
        panels.announced,
        panels.reviewed,
        clocks.panel,
        panels.told,
        quality.completeness,
    ),
    by_state=True,
    warns_of_similar=True,
)
SERVICE_REQUEST = Screen(
    ServiceRequest,
    columns=("number", "title", "state", "priority", "wish", *COLUMNS[4:]),
    filters=(*FILTERS, "wish", "request_model"),
    groups=(
        Group("Request", ("title", "description", "wish", "requester", "organisation", "channel")),
        CLASSIFICATION,
        ORDERED,
        WORK,
        HELD,
        ELSEWHERE,
        PROMISED,
        Group("Solution", ("solution", "fulfilled_at", "closure_code", "closed_at")),
        CONVERTED,
        RATED,
        RECORD,
    ),
    because={**BECAUSE, "request_model": "model_because"},
    head=(panels.unacknowledged,),
    later=tuple(panels.seam(one) for one in OF_REQUESTS),
    above=(panels.answered,),
    below=(converted.before,),
    beside=(clocks.panel, panels.told, quality.completeness),
    by_state=True,
    warns_of_similar=True,
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
