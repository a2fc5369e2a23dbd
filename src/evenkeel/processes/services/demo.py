"""The services of the demonstration, by name and with what they are worth to their users."""

from datetime import datetime, timedelta

from evenkeel.core.directory.models import Organisation
from evenkeel.core.people.models import User
from evenkeel.core.process import DAYS, demonstrations
from evenkeel.core.records.entry import Via
from evenkeel.processes.services.actions import record
from evenkeel.processes.services.models import Service

PROVIDER = "AURELIA Hub"
SERVICES = {
    "Batch Compute": "Large calculations run unattended, on more cores than any member has alone.",
    "Interactive Notebooks": "Researchers explore data in the browser, beside the data itself.",
    "Research Storage & Archive": "Data outlives the project, and is found and read back in years.",
    "Data Transfer": "Terabytes reach another site overnight, checked to the last byte.",
    "Virtual Machines": "A project gets a server of its own within a day.",
    "Mailing & Collaboration": "People of many organisations reach each other and write together.",
}


def offer_services(people: dict[str, User], now: datetime) -> None:
    """Take the six services into the portfolio, as they stood when the story begins."""
    provider = Organisation.objects.filter(title=PROVIDER).first()
    start = now - timedelta(days=DAYS)
    for title, value in SERVICES.items():
        record(
            Service(),
            by=people["tomas"],
            at=start,
            via=Via.DEMO,
            title=title,
            value=value,
            organisation=provider,
        )


demonstrations.append(offer_services)
