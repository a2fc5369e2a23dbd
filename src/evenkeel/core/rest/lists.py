"""`GET /api/incidents?state=new,classified&sort=priority`: lists as the pages have them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from evenkeel.core.people.models import User
from evenkeel.core.records.plain import as_plain
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rules import Invalid
from evenkeel.core.web import asked, place
from evenkeel.core.web.columns import plain_path
from evenkeel.core.web.listing import Listing
from evenkeel.core.web.screen import screens

USUAL, MOST = 50, 200
STEERING = ("sort", "columns", "limit", "after", "count")


def show(request: HttpRequest, user: User, collection: str) -> HttpResponse:
    """One page of a list, newest first unless `sort` says otherwise."""
    screen = screens.get(collection)
    if screen is None:
        raise Problem(404, f"There is no collection {collection}.")
    params = once_each(request)
    asked.check(screen, user, params, STEERING)
    if params.get("count", "no") not in {"yes", "no"}:
        raise Invalid({"count": ["yes or no."]})
    limit, listing = limit_of(params), Listing(screen, user, params)
    here = _place(params, listing.sort)
    names = [column.name for column in listing.columns]
    paths = tuple(plain_path(screen, name) for name in names)
    rows = place.take(listing.matching, listing.sort, here, ("number", *paths), limit + 1)
    said: dict[str, Any] = {"items": [_item(collection, names, row) for row in rows[:limit]]}
    if params.get("count") == "yes":
        said["count"] = listing.count()
    last = place.name(rows[limit - 1][:3], listing.sort) if len(rows) > limit else None
    return page(f"/api/{collection}", said, params, last)


def page(address: str, said: dict[str, Any], params: Mapping[str, str], last: Any) -> HttpResponse:
    """A page of items, with where the next one is; `last` is the key of its last item, if any."""
    said["next"] = None
    if last is None:
        return answer(said)
    query = urlencode({**params, "after": last}, safe=",")
    said["next"] = f"{address}?{query}"
    return answer(said, Link=f'<{said["next"]}>; rel="next"')


def once_each(request: HttpRequest) -> dict[str, str]:
    """The parameters of the address. Raises Invalid for one that is given twice, or holds NUL."""
    params = {}
    for name, values in request.GET.lists():
        if len(values) > 1:
            raise Invalid({name: ["Give it once; several values stand with commas between them."]})
        if "\x00" in values[0]:
            raise Invalid({name: ["It holds a NUL character."]})
        params[name] = values[0]
    return params


def limit_of(params: Mapping[str, str]) -> int:
    """How many items a page has. Raises Invalid for a number that is out of bounds."""
    given = params.get("limit", str(USUAL))
    if not (given.isascii() and given.isdecimal() and len(given) < 4 and 1 <= int(given) <= MOST):
        raise Invalid({"limit": [f"A whole number from 1 to {MOST}."]})
    return int(given)


def _place(params: Mapping[str, str], sort: str) -> place.Place | None:
    if "after" not in params:
        return None
    here = place.Place.read(params["after"], "", sort)
    if here is None:
        raise Invalid({"after": ["Take it from `next` of the page before."]})
    return here


def _item(collection: str, names: list[str], row: tuple[Any, ...]) -> dict[str, Any]:
    """A row of the list: its key (three values), its number, then the columns."""
    item = {name: as_plain(value) for name, value in zip(names, row[4:], strict=True)}
    return {"number": row[3], **item, "url": f"/api/{collection}/{row[3]}"}
