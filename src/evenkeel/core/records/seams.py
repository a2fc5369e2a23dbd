"""Seams: places on a page where processes that come later show what they know of a record.

A place is empty, and asks for nothing, until a handover registers a finder for it; see
docs/extending/seams.md.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from evenkeel.core.people.models import User

About = TypeVar("About")
MOST = 10  # lines of a place


@dataclass(frozen=True)
class Found:
    """One line: a record of the other process, and in a few words why it stands here."""

    number: str
    title: str
    url: str  # "/known_errors/KE-7/"
    why: str = ""  # "same service, same symptom"
    state: str = ""  # in words
    below: int = 0  # the key of the record that it hangs on, where several are asked about


@dataclass(frozen=True)
class Seam(Generic[About]):
    """A place on the page of what it is about, and who fills it.

    A finder answers with what the reader may see, the most fitting first.
    """

    name: str  # in its address
    title: str
    most: int = MOST
    finders: list[Callable[[About, User], Iterable[Found]]] = field(default_factory=list)

    @property
    def is_filled(self) -> bool:
        """Has any process registered? Without one the page does not even ask."""
        return bool(self.finders)

    def find(self, about: About, reader: User) -> list[Found]:
        """What all of them know, in the order in which they registered."""
        found = [one for finder in self.finders for one in finder(about, reader)]
        return found[: self.most]
