"""The service hours that a provider begins with, meant to be edited; which processes are here."""

from django.conf import settings

from evenkeel.core.clocks.calendars import CONTEXT, NAME
from evenkeel.core.schemes.kinds import Starter, starters
from evenkeel.core.schemes.scope import carry

starters.append(
    Starter(
        NAME,
        CONTEXT,
        "Service calendars",
        {
            "calendars": [
                {
                    "name": "Office hours",
                    "hours": "Mon-Fri 08:00-18:00",
                    "zone": settings.TIME_ZONE,
                },
                {"name": "Always", "hours": "24x7", "zone": settings.TIME_ZONE},
            ]
        },
    )
)

for code, holds in {
    "SPM": "Services, their components and who owns them",
    "SLM": "Agreements with their targets, violations of them",
    "SRM": "Reports to customers on what was agreed",
}.items():
    carry(code, holds, process="services", light=True)
