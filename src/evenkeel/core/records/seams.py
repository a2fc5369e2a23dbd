"""Seams: places on a page where processes that come later show what they know of a record, and
offer what they do about it.

A place is empty, and asks for nothing, until a handover registers there; see
docs/extending/seams.md.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from evenkeel.core.people.models import User

About = TypeVar("About")
MOST = 10  # lines of a place


@dataclass(frozen=True)
class Deed:
    """What can be done in the other process: words, and the address of the form."""

    words: str  # "Raise a request for change"
    url: str  # "/changes/record/?source=REQ-7"


@dataclass(frozen=True)
class Found:
    """One line: a record of the other process, and in a few words why it stands here."""

    number: str
    title: str
    url: str  # "/known_errors/KE-7/"
    why: str = ""  # "same service, same symptom"
    state: str = ""  # in words
    below: int = 0  # the key of the record that it hangs on, where several are asked about
    deed: Deed | None = None  # "Apply its workaround"


@dataclass(frozen=True)
class Seam(Generic[About]):
    """A place on the page of what it is about, and who fills it.

    A finder answers with what the reader may see, the most fitting first; an offer with what the
    reader may do there, or None.
    """

    name: str  # in its address
    title: str
    most: int = MOST
    finders: list[Callable[[About, User], Iterable[Found]]] = field(default_factory=list)
    offers: list[Callable[[About, User], Deed | None]] = field(default_factory=list)

    @property
    def is_filled(self) -> bool:
        """Has any process registered? Without one the page does not even ask."""
        return bool(self.finders or self.offers)

    def find(self, about: About, reader: User) -> list[Found]:
        """What all of them know, in the order in which they registered."""
        found = [one for finder in self.finders for one in finder(about, reader)]
        return found[: self.most]

    def deeds(self, about: About, reader: User) -> list[Deed]:
        """What the reader may do about it there."""
        return [deed for offer in self.offers if (deed := offer(about, reader))]
