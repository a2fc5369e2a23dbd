"""The service hours that a provider begins with; meant to be edited."""

from django.conf import settings

from evenkeel.core.clocks.calendars import CONTEXT, NAME
from evenkeel.core.schemes.kinds import Starter, starters

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
