"""The palette: one box from which everything is reached by its name, with the keyboard alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.search import suggest
from evenkeel.core.web import navigation, verbs
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.page import draw
from evenkeel.core.web.saved import reading as saved
from evenkeel.core.web.visitor import signed_in

MOST, RECORDS, LONGEST = 14, 6, 200
_NUMBER = re.compile(r"[A-Za-z]{2,8}-\d+")
_HERE = re.compile(r"/(\w+)/([A-Z]{2,8}-\d{1,12})/")


@dataclass(frozen=True)
class Option:
    """Something to go to or to do."""

    words: str
    beside: str  # what it is, or where
    url: str
    icon: str
    in_sheet: bool = False
    key: str = ""  # the key that does the same


@require_safe
@signed_in
def show(request: HttpRequest, user: User) -> HttpResponseBase:
    """What can be reached by what is typed so far."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    options = [*_numbered(user, text), *_matching(user, text, here)][:MOST]
    if text:
        options.append(_search(text))
    return draw(request, "parts/palette_options.html", {"options": options})


def _numbered(user: User, text: str) -> list[Option]:
    """A number leads to its record before anything else."""
    if not _NUMBER.fullmatch(text):
        return []
    return [_record(found) for found in suggest(user, "", text, RECORDS)]


def _matching(user: User, text: str, here: str) -> Iterator[Option]:
    """Every word that is typed stands at the beginning of a word of what is meant."""
    sought = text.lower().split()
    for option in (*_verbs(user, here), *_new(user), *_places(user)):
        if _fits(option.words, sought):
            yield option
    if not sought:
        return
    for view in saved.offered(user):
        if _fits(view.title, sought):
            name = navigation.plural(screen_of(view.collection).model)
            yield Option(view.title, f"view of {name.lower()}", view.address, "views")
    if not _NUMBER.fullmatch(text):
        yield from (_record(found) for found in suggest(user, "", text, RECORDS))


def _fits(words: str, sought: list[str]) -> bool:
    known = re.split(r"\W+", words.lower())
    return all(any(word.startswith(one) for word in known) for one in sought)


def _verbs(user: User, here: str) -> list[Option]:
    """What can be done to the record whose page is open."""
    found = _HERE.match(here)
    if not found:
        return []
    try:
        record = record_of(screen_of(found[1]), user, found[2])
    except Http404:
        return []
    bar = verbs.bar(record, user)
    buttons = [*([bar.primary] if bar.primary else []), *bar.others, *bar.more]
    return [
        Option(button.words, record.number, button.url, "play", in_sheet=True, key=button.key)
        for button in buttons
        if not button.why_not
    ]


def _new(user: User) -> list[Option]:
    made = navigation.recordable(user)
    return [Option(f"New {title.lower()}", "", url, "add") for title, url, _ in made]


def _places(user: User) -> list[Option]:
    return [
        Option(place.title, heading, place.address, place.icon)
        for heading, places in navigation.rail(user)
        for place in places
    ]


def _record(record: Record) -> Option:
    icon = navigation.icon_of(record.of_kind)
    return Option(f"{record.number} {record.title}", "", record.url, icon)


def _search(text: str) -> Option:
    return Option(f"Search for “{text}”", "", f"/search/?{urlencode({'q': text})}", "search")
