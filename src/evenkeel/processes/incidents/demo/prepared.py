"""The models of the demonstration: how incidents are handled that come back."""

from datetime import datetime, timedelta
from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.process import DAYS
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.actions import incident, incident_model
from evenkeel.processes.incidents.demo.cast import Cast
from evenkeel.processes.incidents.models import Incident, IncidentModel

# Title -> service, words, category, impact and urgency, team, steps.
Terms = tuple[str, str, str, tuple[int, int], str, str]
INCIDENT_MODELS: dict[str, Terms] = {
    "Login fails at the gateway": (
        "", "log in, login code", "Access / Login", (3, 2), "Gateway team",
        "Ask which account it is, the federated or the local one\n"
        "Look at the connection pool of each gateway node\n"
        "Restart the node that answers slowly\nLet the user try again",
    ),
    "Permission on a project folder is gone": (
        "Research Storage & Archive", "permission", "Access / Permission", (4, 3), "Storage team",
        "Ask for folder and principal investigator\n"
        "Compare the group with the directory of yesterday\n"
        "Restore the group\nCorrect the project lead in the directory",
    ),
    "Quota is used up": (
        "Research Storage & Archive", "quota, no space", "Storage / Quota", (4, 2), "Storage team",
        "Look whether the recycle folder counts\nOffer the archive for old runs\n"
        "Raise the quota for a week where work stands still\n"
        "Order more storage quota with the user",
    ),
    "Batch job stays in the queue": (
        "Batch Compute", "queue, pending", "Compute / Queue", (3, 3), "Compute team",
        "Ask for job number and script\nCompare what is asked for with the limits\n"
        "Explain or release the job",
    ),
}  # fmt: skip
REVIEWED = 120  # days after the story begins, on which the next review is due


def prepare(cast: Cast, now: datetime) -> None:
    """Draft and approve the models before the first incident comes."""
    start = now - timedelta(days=DAYS)
    how: dict[str, Any] = {"at": start, "via": Via.DEMO}
    for title, terms in INCIDENT_MODELS.items():
        service, words, category, levels, team, steps = terms
        made = incident_model.record(
            IncidentModel(), by=cast.people["emi"], **how, title=title,
            service=cast.services.get(service),
        )  # fmt: skip
        incident_model.draft(
            made, by=cast.people["emi"], **how, words=words, steps=steps, set_category=category,
            set_impact=levels[0], set_urgency=levels[1], set_team=cast.teams[team],
        )  # fmt: skip
        next_review = (start + timedelta(days=REVIEWED)).date()
        made = incident_model.approve(made, by=cast.people["priya"], **how, next_review=next_review)
        cast.models[category] = made


def choose(cast: Cast, incidents: list[Record]) -> None:
    """On every second incident that is worked on, by the model that is made for it."""
    for case in incidents[::2]:
        found: Any = Incident.objects.get(pk=case.pk)
        known = queries.recognised(found, cast.sms)
        if known and found.incident_model_id is None:
            at = min(found.edited_at + timedelta(minutes=2), cast.time.now)
            how: dict[str, Any] = {"by": cast.people["emi"], "at": at, "via": Via.DEMO}
            incident.choose_model(found, **how, incident_model=known[0][0])


def look_again(people: dict[str, User], now: datetime) -> None:
    """One waits for its review, and of one the next version waits for its approval."""
    known: dict[str, Any] = {one.title: one for one in IncidentModel.objects.all()}
    how: dict[str, Any] = {"at": now, "via": Via.DEMO}
    incident_model.flag_for_review(
        known["Batch job stays in the queue"], by=people["sofia"], **how,
        reason="The new scheduler says itself why a job waits; the first steps fall away.",
    )  # fmt: skip
    edited = known["Permission on a project folder is gone"]
    begun: dict[str, Any] = edited.begun("draft")
    begun["set_team"] = Cast.gather(people, now).teams["Storage team"]
    begun["steps"] += "\nWrite to the project lead what was missing"
    because = "The lead wants to know when a group was empty."
    incident_model.draft(edited, by=people["emi"], **how, **{**begun, "because": because})
