"""One page of a list: conditions, columns, order and place, read from the address.

The place is a key, not an offset, so that page 20,000 costs what page 1 costs.
"""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db import models

from evenkeel.core.people.models import User
from evenkeel.core.records import tally, visibility
from evenkeel.core.records.confided import Hidden
from evenkeel.core.records.record import Record
from evenkeel.core.search import asking, narrowing
from evenkeel.core.web import columns, place
from evenkeel.core.web.screen import Screen

SIZE = 50
PLACES = frozenset(
    {"after", "before", "page", "only", "format", "bom", "first"}
)  # where in it, not what is in it
NEWEST = "-recorded_at"


class Listing:
    """What was asked for; `read` fetches the rows that answer it.

    Without a user it is the list of whoever works on the host itself, and so may read everything.
    """

    def __init__(self, screen: Screen, user: User | None, params: Mapping[str, str]) -> None:
        self.screen, self.user, self.params = screen, user, screen.renamed(params)
        self.kind = screen.model.kind()
        self.columns = columns.chosen(screen, user, self.params.get("columns", ""))
        sort = self.params.get("sort", NEWEST)
        self.sort = sort if sort in place.SORTS else NEWEST
        self.rows: list[tuple[Any, ...]] = []
        self.has_newer = self.has_older = False

    @property
    def page(self) -> int:
        """Which page this is, as far as the address tells."""
        page = self.params.get("page", "")
        return max(1, int(page)) if page.isdecimal() and len(page) < 9 else 1

    @cached_property
    def given(self) -> dict[str, str]:
        """The filters in force, by name."""
        names = (*self.screen.filters, "is_open", "q")
        return {name: self.params[name] for name in names if self.params.get(name)}

    @cached_property
    def question(self) -> asking.Question | None:
        """What was typed into the search field of the list."""
        text = self.params.get("q", "")
        return asking.read(text) if text.strip() else None

    @cached_property
    def matching(self) -> models.QuerySet[Any]:
        """The records that match, in no order. Raises Invalid for a filter that cannot be."""
        wanted = self.screen.conditions(self.user, self.params)
        if self._sees_all and self._needs(wanted) <= _of_every_kind():
            of_kind = Record.objects.filter(of_kind=self.kind, **wanted)
            hidden = self._hidden
            return self._searched(of_kind.filter(hidden.condition) if hidden else of_kind)
        records = self.screen.model.objects
        own = records.visible_to(self.user) if self.user else records
        # The indexes begin with the kind.
        return self._searched(own.filter(of_kind=self.kind, **wanted))

    def _searched(self, records: models.QuerySet[Any]) -> models.QuerySet[Any]:
        if self.question is None:
            return records
        return narrowing.narrowed(records, self.user, self.kind, self.question)

    def read(self) -> None:
        """Read the rows of the page, and whether there are more on either side."""
        paths = ("number", "state", "version", *(column.path for column in self.columns))
        here, found = self._found(paths)
        more, found = len(found) > SIZE, found[:SIZE]
        back = here is not None and here.backwards
        self.rows = found[::-1] if back else found
        self.has_newer = more if back else here is not None
        self.has_older = here is not None and here.key is not None if back else more

    def _found(self, paths: tuple[str, ...]) -> tuple[place.Place | None, list[tuple[Any, ...]]]:
        """Where the page begins, and its rows with one more."""
        here = place.Place.read(
            self.params.get("after", ""), self.params.get("before", ""), self.sort
        )
        if here is None and self.page > 1:
            rows = (self.page - 1) * SIZE
            if self.known_count is None or place.SORTS[self.sort]:
                here = place.at(self.matching, self.sort, rows, self.known_count)
            elif last := self._day_of(rows - 1):
                skipped = rows - last.before
                return place.Place(None), place.of_days(
                    self.matching, self.sort, last, paths, slice(skipped, skipped + SIZE + 1)
                )
            else:
                here = place.Place(None, backwards=True)
        return here, place.take(self.matching, self.sort, here, paths, SIZE + 1)

    def _day_of(self, number: int) -> tally.Stretch | None:
        """The day in which the record with this place was recorded, of a kind listed whole."""
        newest_first = self.sort == NEWEST
        return tally.stretch(self.kind, number, newest_first=newest_first, hidden=self._hidden)

    @cached_property
    def known_count(self) -> int | None:
        """How many there are, where it is known without counting: all of a kind, seen whole."""
        return None if self._known is None else self._known[0] - self._known[1]

    @property
    def restricted(self) -> int:
        """How many more there are that are restricted, where that is known without counting."""
        return self._known[1] if self._known else 0

    def count(self) -> int:
        """How many match, exactly."""
        known = self.known_count
        return self.matching.count() if known is None else known

    def address(self, **changed: Any) -> str:
        """The address of the list with other parameters, from its beginning; None drops one."""
        kept = {k: v for k, v in self.params.items() if k not in PLACES and v} | changed
        query = "&".join(_parameter(k, str(v)) for k, v in kept.items() if v is not None)
        return f"?{query}" if query else self.base

    @property
    def base(self) -> str:
        """The plain address."""
        return f"/{self.screen.model.collection}/"

    @property
    def newer(self) -> str:
        """The address of the page before this one; the first page has the plain address."""
        if self.page == 2 or not self.rows:
            return self.address()
        key = place.name(self.rows[0][:3], self.sort)
        return self.address(before=key, page=max(1, self.page - 1))

    @property
    def older(self) -> str:
        """The address of the page after this one."""
        key = place.name(self.rows[-1][:3], self.sort)
        return self.address(after=key, page=self.page + 1)

    @cached_property
    def _known(self) -> tuple[int, int] | None:
        """How many of the kind were recorded, and how many of them are hidden."""
        return None if self.given or not self._sees_all else tally.given(self.kind, self._hidden)

    @cached_property
    def _hidden(self) -> Hidden | None:
        return visibility.hidden_from(self.user, self.kind) if self.user else None

    @cached_property
    def _sees_all(self) -> bool:
        """Is there no rule of the kind that takes away more than what is restricted?"""
        return self.user is None or visibility.reach(self.user, self.kind, counted=True) is True

    def _needs(self, wanted: Mapping[str, Any]) -> set[str]:
        conditions = {name.split("__")[0].removesuffix("_id") for name in wanted}
        return conditions | {column.name for column in self.columns}


@lru_cache(maxsize=4096)
def _parameter(name: str, value: str) -> str:
    """A page names some eighty addresses, most of them of the same few words."""
    return urlencode({name: value}, safe=",")


def _of_every_kind() -> frozenset[str]:
    """The fields that stand in the table of all records; then no other table is read."""
    return frozenset(field.name for field in Record._meta.concrete_fields)
