"""What the portal offers for one kind of record, in the words of those who use services."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evenkeel.core.records.record import Record

offers: dict[str, "Offer"] = {}  # collection -> Offer, in the order in which they are shown


def _always(case: Any) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """One field of the report, asked in plain words."""

    field: str
    words: str
    help: str = ""
    none: str = "I do not know"  # the choice of naming no record, where one is to be named


@dataclass(frozen=True)
class Standing:
    """Where a case stands, as its user sees it: a word or two, and what that means for them."""

    word: str
    sentence: str
    asks: str = ""  # what we want to hear from them, said in lists


@dataclass(frozen=True)
class Told:
    """How an entry is told to the user: who did what; `quotes` names what is quoted from it."""

    did: str  # "solved it"
    quotes: str = ""  # an input of the verb, or a field that it set


@dataclass(frozen=True)
class Step:
    """A verb that the user may do with their own case."""

    verb: str
    words: str  # on the button
    asks: Mapping[str, str] = field(default_factory=dict)  # input -> how it is asked
    done: str = "Thank you."
    is_next: bool = False  # what we hope for: the filled button
    again: str = ""  # of a question that we ask and that may be answered anew: the button then
    when: Callable[[Any], bool] = _always  # beside what the verb itself asks for


@dataclass(frozen=True)
class Offer:
    """A kind of record that users may report."""

    model: type[Record]
    title: str
    text: str
    icon: str
    questions: tuple[Question, ...]
    send: str
    thanks: str
    shown: tuple[str, ...]  # fields that the user told us, beside the title
    standing: Callable[[Any], Standing]
    told: Mapping[str, Told]
    steps: tuple[Step, ...]
    also: Callable[[Any], list[tuple[str, str]]] = lambda record: []  # more that they told us
    clock: str = ""  # the target that says by when we want to be done
    # What the portal says itself when a user reports: field -> value.
    says: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        offers[self.model.collection] = self
