"""Seams: where processes that come later show what they know of an incident (ISRM-08, 55, 56).

A place is in the panel of the incident's page. It is empty, and asks for nothing, until a
handover registers a finder for it; see docs/extending/seams.md.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from evenkeel.core.people.models import User
from evenkeel.processes.incidents.models import Incident

MOST = 10  # lines of a place


@dataclass(frozen=True)
class Found:
    """One line: a record of the other process, and in a few words why it stands here."""

    number: str
    title: str
    url: str  # "/known_errors/KE-7/"
    why: str = ""  # "same service, same symptom"
    state: str = ""  # in words


# Answers with what the reader may see of it, the most fitting first. Asked once the page is there.
Finder = Callable[[Incident, User], Iterable[Found]]


@dataclass(frozen=True)
class Seam:
    """A place in the panel, and who fills it."""

    name: str  # in its address
    title: str
    finders: list[Finder] = field(default_factory=list)

    @property
    def is_filled(self) -> bool:
        """Has any process registered? Without one the page does not even ask."""
        return bool(self.finders)

    def find(self, incident: Incident, reader: User) -> list[Found]:
        """What all of them know, in the order in which they registered."""
        found = [one for finder in self.finders for one in finder(incident, reader)]
        return found[:MOST]


KNOWN_ERRORS = Seam("known-errors", "Known errors")
IMPACT = Seam("impact", "What hangs on it")
CHANGES = Seam("changes", "Changes and releases near it")
SEAMS = (KNOWN_ERRORS, IMPACT, CHANGES)
