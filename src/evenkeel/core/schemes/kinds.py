"""The kinds of scheme there are: what each holds, and how its content is checked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec

from evenkeel.core.rules.inputs import Invalid


class Content(Protocol):
    """What a version of a scheme holds, once read."""

    def faults(self) -> list[str]:
        """What makes it unusable, in sentences; empty where it is sound."""
        ...

    def edits_of(self, earlier: Any) -> list[str]:
        """What it says otherwise than an earlier content of its kind, in sentences."""
        ...


@dataclass(frozen=True)
class SchemeKind:
    """One kind of scheme: a priority matrix, a tree of categories."""

    name: str  # "priority_matrix"
    title: str
    purpose: str
    content: type[Any]  # a msgspec.Struct that is a `Content`
    # Adds to what was drafted at a moment what it has to hold on to.
    complete: Callable[[Any, datetime], None] = lambda content, at: None
    verbs: frozenset[str] = frozenset()  # which schemes of this kind know and others do not

    def read(self, plain: Any) -> Any:
        """The content as typed values.

        Raises Invalid, naming what is wrong, for content that this kind cannot have.
        """
        try:
            content = msgspec.convert(plain, self.content)
        except msgspec.ValidationError as refused:
            raise Invalid({"content": [_sentence(str(refused))]}) from refused
        if faults := content.faults():
            raise Invalid({"content": faults})
        return content


def _sentence(refused: str) -> str:
    """What is wrong, with the place as people count: "processes 1, since: …"."""
    what, _, where = refused.partition(" - at ")
    said = what.replace("Invalid RFC3339 encoded date", "A day is written like 2026-12-31")
    place = re.sub(r"\[(\d+)\]", lambda at: f" {int(at[1]) + 1}", where.strip("`$."))
    return f"{place.replace('.', ', ')}: {said}." if place else f"{said}."


scheme_kinds: dict[str, SchemeKind] = {}
# By kind and process: what a content leaves to be set up at a moment, in sentences. Unlike faults,
# gaps keep nobody from approving it: what is missing may be there tomorrow.
gaps: dict[tuple[str, str], Callable[[Any, datetime], list[str]]] = {}


def declare(kind: SchemeKind) -> SchemeKind:
    """Make a kind of scheme known."""
    scheme_kinds[kind.name] = kind
    return kind


def as_choices() -> list[tuple[str, str]]:
    """The kinds for a field of a form."""
    return [(kind.name, kind.title) for kind in scheme_kinds.values()]


@dataclass(frozen=True)
class Starter:
    """The scheme a process begins with, so that nobody starts from a blank page (BASE-01)."""

    kind: str
    context: str  # the FitSM code of the process
    title: str
    content: Mapping[str, Any]


starters: list[Starter] = []
