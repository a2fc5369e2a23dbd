"""What is asked of the board, read from an address, a call or a command."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db import models

from evenkeel.core.clocks import board, declaring
from evenkeel.core.clocks.board import AHEAD, HORIZONS, PARTS, PAUSED, Board, Place
from evenkeel.core.clocks.models import Clock, moment_of
from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Invalid
from evenkeel.core.web.screen import condition

BASE = "/board/"
FIELDS = ("priority", "service", "team", "case_owner")  # of every record, by which it is filtered
FILTERS = (*FIELDS, "of", "clock")
STEERING = ("within", "show", "why", "after")
USUAL = "today"


def may_see(user: User) -> bool:
    """Is there anything of which this person sees the clocks and the inside?"""
    return bool(board.kinds_for(user))


def clocks() -> dict[str, str]:
    """The kinds of clocks, and what they are called."""
    return {one.kind: one.title for those in declaring.measures.values() for one in those}


class Asked:
    """The board as it was asked for. Raises Invalid for a value that there is not."""

    def __init__(self, user: User | None, params: Mapping[str, str], now: datetime) -> None:
        self.user, self.now = user, now
        self.params = {name: params[name] for name in (*FILTERS, *STEERING) if params.get(name)}
        collections = {kinds()[one].collection: one for one in board.kinds_for(user)}
        self._check({"of": collections, "clock": clocks(), "within": HORIZONS, "show": PARTS})
        self.show = self.params.get("show", AHEAD)
        self.within = self.params.get("within", USUAL)
        self.until = board.horizon(self.within, now)
        self.after = self._place()
        of = collections.get(self.params.get("of", ""))
        self.board = Board(
            user,
            now,
            self.until,
            self._wanted(),
            (of,) if of else (),
            self.params.get("clock", ""),
            self.params.get("why", "") if self.show == PAUSED else "",
        )

    def rows(self, size: int) -> list[Clock]:
        """So many rows from the place on, at most."""
        return self.board.rows(self.show, self.after, size)

    @cached_property
    def given(self) -> dict[str, str]:
        """The filters in force, by name."""
        return {name: self.params[name] for name in FILTERS if name in self.params}

    @property
    def base(self) -> str:
        """The plain address."""
        return BASE

    def address(self, **changed: Any) -> str:
        """The address of the board with other parameters, from its beginning; None drops one."""
        kept = {name: value for name, value in self.params.items() if name != "after"} | changed
        query = urlencode({k: v for k, v in kept.items() if v is not None}, safe=",")
        return f"{BASE}?{query}" if query else BASE

    def name(self, clock: Clock) -> str:
        """The place after a row, as an address names it."""
        if self.show == PAUSED or clock.due_at is None:
            return f"0.{clock.record_id}"
        return f"{int(clock.due_at.timestamp())}.{clock.pk}"

    def _check(self, known: Mapping[str, Any]) -> None:
        errors = {
            name: [f"One of: {', '.join(values)}."]
            for name, values in known.items()
            if self.params.get(name) and self.params[name] not in values
        }
        if "\x00" in self.params.get("why", ""):
            errors["why"] = ["It holds a NUL character."]
        if errors:
            raise Invalid(errors)

    def _wanted(self) -> dict[str, Any]:
        wanted: dict[str, Any] = {}
        for name in FIELDS:
            if value := self.params.get(name):
                wanted |= condition(column(name), value, self.user, "")
        return wanted

    def _place(self) -> Place | None:
        text = self.params.get("after", "")
        if not text:
            return None
        due, _, key = text.partition(".")
        if not all(one.isascii() and one.isdecimal() and len(one) < 19 for one in (due, key)):
            raise Invalid({"after": ["Take it from the page before."]})
        try:
            return Place(moment_of(int(due)), int(key))
        except (OverflowError, ValueError, OSError):
            raise Invalid({"after": ["Take it from the page before."]}) from None


def column(name: str) -> "models.Field[Any, Any]":
    """A field of every record."""
    found = Record._meta.get_field(name)
    if not isinstance(found, models.Field):
        raise TypeError(f"{name} is no column.")
    return found
