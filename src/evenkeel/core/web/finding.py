"""From an address to the screen and the record that it names, as far as the reader may see them."""

from django.http import Http404

from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.records.record import Record
from evenkeel.core.web.screen import Screen, screens


def screen_of(collection: str) -> Screen:
    """The screen of a collection, or 404."""
    if collection not in screens:
        raise Http404(f"There is no list called {collection}.")
    return screens[collection]


def record_of(screen: Screen, reader: User, number: str) -> Record:
    """The record of that number, as far as the reader may see it; 404 otherwise."""
    found = readable.one(screen.model, number.upper(), reader)
    if not isinstance(found, Record):
        kind = screen.model._meta.verbose_name
        raise Http404(f"There is no {kind} {number}, or it is not yours to see.")
    return found
