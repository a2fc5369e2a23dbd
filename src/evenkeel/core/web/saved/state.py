"""The state of a list as its address says it, written so that equal states read alike."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from evenkeel.core.people.models import User
from evenkeel.core.web import columns
from evenkeel.core.web.lanes.reading import AS, BOARD, lanes
from evenkeel.core.web.listing import NEWEST, PLACES
from evenkeel.core.web.screen import Screen

OPENED_BY = "view"  # in the address: the view by which the list was opened


def written(params: Mapping[str, str]) -> str:
    """What the address says of the list itself, in the order of the names."""
    said = {
        name: value
        for name, value in params.items()
        if value and name not in PLACES and name != OPENED_BY
    }
    if said.get("sort") == NEWEST:
        del said["sort"]
    return urlencode(sorted(said.items()), safe=",")


def read(query: str) -> dict[str, str]:
    """The other way round; of a name that is given twice the last value, as Django has it."""
    return dict(parse_qsl(query))


def of_list(query: str) -> str:
    """What of it says which records there are, without how they are drawn."""
    return written({name: value for name, value in read(query).items() if name != AS})


def known(screen: Screen, user: User | None, params: Mapping[str, str]) -> dict[str, str]:
    """What of it the list takes: a view keeps nothing else."""
    names = {*screen.shown(screen.filters, user), "is_open", "q", "sort", "columns"}
    if params.get(AS) == BOARD and lanes(screen.model.kind()):
        names.add(AS)
    return {name: value for name, value in params.items() if name in names}


def gone(screen: Screen, user: User | None, query: str) -> list[str]:
    """The filters and columns of a view that this user's list has no more."""
    said = screen.renamed(read(query))
    filters = [name for name in said if name not in known(screen, user, said)]
    there = columns.available(screen, user)
    named = said.get("columns", "").split(",")
    return [*filters, *(name for name in named if name and name not in there)]
