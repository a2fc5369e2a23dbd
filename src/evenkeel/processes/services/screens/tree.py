"""What a service or a part of it is made of, as a tree, down to configuration items."""

from collections import defaultdict
from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.processes.services.models import Service, ServiceComponent
from evenkeel.processes.services.models.component import tree
from evenkeel.processes.services.permissions import BUILT
from evenkeel.processes.services.queries.seams import ITEMS, REGISTERED, Found

Panel = tuple[str, str, dict[str, Any]]
SHOWN = 500  # components of one service


def made_of(service: Service, reader: User) -> Panel | None:
    """The tree of its components, each with the configuration items that it is made of."""
    found = _of(service.pk, reader)
    return _drawn(found, tree(found), reader) if found else None


def parts_of(component: ServiceComponent, reader: User) -> Panel | None:
    """The tree below it."""
    found = _of(component.service_id, reader)
    branches = tree(found, component.pk)
    below = _drawn(found, branches, reader, component.pk)
    return below if branches or below[2]["items"].get(component.pk) else None


def registered(record: Record, reader: User) -> Panel | None:
    """As which configuration item it stands in the model, once there is one (IF-41)."""
    if not REGISTERED.is_filled or not BUILT(reader, record):
        return None
    found = REGISTERED.find(record, reader)
    context = {"found": found, "deeds": REGISTERED.deeds(record, reader)}
    return (REGISTERED.title, "beside/found.html", context) if any(context.values()) else None


def _drawn(
    found: list[ServiceComponent], branches: list[Any], reader: User, root: int = 0
) -> Panel:
    """The place where configuration items hang; all are asked for at once."""
    items: dict[int, list[Found]] = defaultdict(list)
    for one in ITEMS.find(found, reader) if ITEMS.is_filled else ():
        items[one.below].append(one)
    context = {"branches": branches, "items": items, "root": root}
    return "Made of", "services/tree.html", context


def _of(service: int | None, reader: User) -> list[ServiceComponent]:
    seen: Any = ServiceComponent.objects.visible_to(reader)
    return list(seen.filter(service=service, is_open=True).order_by("title", "pk")[:SHOWN])
