"""From an address to the screen and the record that it names, as far as the reader may see them."""

import functools

from django.http import Http404

from evenkeel.core.database.compiled import Compiled
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record
from evenkeel.core.web.screen import Screen, screens


def screen_of(collection: str) -> Screen:
    """The screen of a collection, or 404."""
    if collection not in screens:
        raise Http404(f"There is no list called {collection}.")
    return screens[collection]


def record_of(screen: Screen, reader: User, number: str) -> Record:
    """The record of that number, as far as the reader may see it; 404 otherwise."""
    if visibility.reach(reader, screen.model.kind()) is True:
        found = next(iter(_of_all(screen.model).records(number.upper())), None)
    else:
        records = screen.model.objects.visible_to(reader).filter(number=number.upper())
        found = next(iter(records), None)
    if not isinstance(found, Record):
        kind = screen.model._meta.verbose_name
        raise Http404(f"There is no {kind} {number}, or it is not yours to see.")
    return found


@functools.cache
def _of_all(model: type[Record]) -> Compiled:
    """For those who see every record of the kind."""
    return Compiled(lambda number: model.objects.filter(number=number), "X-1")
