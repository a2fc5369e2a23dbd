"""What the page of ISRM says beside its definitions, in our own words (ISRM-29, ISRM-59)."""

from evenkeel.core.web.questions import About, Answer, Output
from evenkeel.processes.incidents.screens import trends

About(
    "incidents",
    answers=(
        Answer(
            "How are incidents and service requests handled?",
            "Each is recorded with a number and a case owner, classified, prioritised by impact "
            "and urgency, worked on, escalated where needed, resolved or fulfilled, and closed. "
            "A state has what it needs, and every step leaves an entry.",
            (
                ("The way of an incident", "/processes/incidents/incidents/"),
                ("The way of a service request", "/processes/incidents/service_requests/"),
                ("How cases are prioritised, sorted and closed", "/schemes/"),
            ),
        ),
        Answer(
            "Which information helps to handle and resolve them?",
            "What is promised and how much of it is left, open cases that sound alike, models of "
            "well known incidents with their steps, and all that was written before.",
            (
                ("Agreements", "/agreements/"),
                ("Incident models", "/incident_models/"),
                ("Trends: what comes back", "/trends/"),
                ("Services", "/services/"),
            ),
        ),
        Answer(
            "How do customers and users take part?",
            "They report and ask on the portal, follow what becomes of it, answer, confirm or "
            "reject the solution, and say how satisfied they are. What is disrupted stands on the "
            "status page.",
            (
                ("The portal", "/portal/"),
                ("Its status page", "/portal/status/"),
                ("Satisfaction after closure", "/processes/incidents/figures/ISRM-K10/"),
            ),
        ),
        Answer(
            "How is a major incident told from others, and how is it handled?",
            "By criteria that the process owner approved, checked whenever a case is classified. "
            "It has the highest priority, a coordinator, a procedure of its own and announcements, "
            "and is closed after its review was approved.",
            (
                ("Major incidents", "/incidents/?major=declared"),
                ("Announcements", "/announcements/"),
                ("Major incident reviews", "/major_reviews/"),
            ),
        ),
    ),
    outputs=(
        Output("Records of incidents", "incidents"),
        Output("Records of service requests", "service_requests"),
        Output("Major incident review reports", "major_reviews", {"state": "approved"}),
        Output("Workflows for recurring incidents", "incident_models"),
        Output("Regular reports of incidents and what was kept", "service_reports"),
        Output("Requests for changes", waits_for="changes"),
    ),
    read_by=trends.may_read,
)
