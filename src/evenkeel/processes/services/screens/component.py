"""What a person sees of service components."""

from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.web.screen import Group, Screen
from evenkeel.processes.services.models import Agreement, ServiceComponent
from evenkeel.processes.services.screens.tree import SHOWN, Panel, parts_of, registered


def _backed(component: ServiceComponent, reader: User) -> Panel | None:
    """With whom it is agreed how well it works."""
    seen: Any = Agreement.objects.visible_to(reader)
    found = list(seen.filter(component=component.pk, is_open=True).order_by("title")[:SHOWN])
    return ("Agreed about it", "beside/records.html", {"records": found}) if found else None


COMPONENT = Screen(
    ServiceComponent,
    columns=("number", "title", "service", "part_of", "state"),
    filters=("state", "service", "part_of"),
    groups=(Group("Service component", ("service", "part_of", "description", "organisation")),),
    above=(parts_of,),
    beside=(_backed, registered),
)
