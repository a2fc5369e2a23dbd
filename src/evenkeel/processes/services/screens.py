"""What a person sees of a service."""

from evenkeel.core.web.screen import Group, Screen
from evenkeel.processes.services.models import Service

SERVICE = Screen(
    Service,
    columns=("number", "title", "organisation", "state"),
    filters=("state", "organisation"),
    groups=(Group("Service", ("value", "organisation")),),
)
