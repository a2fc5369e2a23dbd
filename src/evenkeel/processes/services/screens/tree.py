"""What a service or a part of it is made of, as a tree."""

from typing import Any

from evenkeel.core.people.models import User
from evenkeel.processes.services.models import Service, ServiceComponent
from evenkeel.processes.services.models.component import tree

Panel = tuple[str, str, dict[str, Any]]
SHOWN = 500  # components of one service


def made_of(service: Service, reader: User) -> Panel | None:
    """The tree of its components; what each is made of will hang below it."""
    found = _of(service.pk, reader)
    return ("Made of", "services/tree.html", {"branches": tree(found)}) if found else None


def parts_of(component: ServiceComponent, reader: User) -> Panel | None:
    """The tree below it."""
    branches = tree(_of(component.service_id, reader), component.pk)
    return ("Made of", "services/tree.html", {"branches": branches}) if branches else None


def _of(service: int | None, reader: User) -> list[ServiceComponent]:
    seen: Any = ServiceComponent.objects.visible_to(reader)
    return list(seen.filter(service=service, is_open=True).order_by("title", "pk")[:SHOWN])
