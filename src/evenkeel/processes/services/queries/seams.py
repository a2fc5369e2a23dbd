"""Seams: where configuration management will show what services are made of (BASE-08, IF-41)."""

from evenkeel.core.records.record import Record
from evenkeel.core.records.seams import Found, Seam
from evenkeel.processes.services.models import ServiceComponent

__all__ = ["ITEMS", "REGISTERED", "Found", "Seam"]

# Asked once for all components of a tree; each item names the component that it is a part of.
ITEMS: Seam[list[ServiceComponent]] = Seam("items", "Configuration items", most=500)
# Of a service, a component or an agreement: as which configuration item it is registered.
REGISTERED: Seam[Record] = Seam("registered", "As configuration item")
