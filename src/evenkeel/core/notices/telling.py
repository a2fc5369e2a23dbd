"""What a process says in its room `notices.py`: verb -> whom it is told, in which words.

declare(Incident, {
    "resolve": (Tell(As.REQUESTER, "“{title}” is solved.", quotes="solution"), …),
})
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices

from evenkeel.core.records import mentions
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record


class As(TextChoices):
    """What somebody is to the record when they are told of it."""

    REQUESTER = "requester", "Requester"
    NEW_OWNER = "new_owner", "New case owner"
    CASE_OWNER = "case_owner", "Case owner"
    WATCHER = "watcher", "Watcher"
    TOLD = "told", "Stakeholder"  # whom the telling itself names
    MENTIONED = "mentioned", "Mentioned"  # by "@login" in what was said
    OF_SERVICE = "of_service", "Service owner"  # looked up by the worker, not in the request


@dataclass(frozen=True)
class Tell:
    """One telling: `says` may speak of {number}, {title} and {who}; `quotes` names what is quoted.

    What is quoted is an input of the verb, a field that it set, or "comment" for what was said.
    `whom` finds the accounts, by key, of those who are told as stakeholders.
    """

    to: As
    says: str | Callable[[Entry], str]
    quotes: str = ""
    whom: Callable[[Entry, Record], Iterable[int]] | None = None
    sets: str = ""  # told only where the verb set this column
    is_urgent: bool = False  # mailed at once, whatever was chosen for mails and quiet hours
    is_grave: bool = False  # told also to those who want to hear of what goes wrong only

    def sentence(self, entry: Entry, record: Record) -> str:
        """In words, without what is quoted."""
        words = self.says if isinstance(self.says, str) else self.says(entry)
        known = entry.actor and not entry.actor.is_system
        who = str(entry.actor) if known else "The service desk"
        return words.format(number=record.number, title=record.title, who=who)


LOOKED_UP = frozenset({As.WATCHER, As.OF_SERVICE})
tellings: dict[str, tuple[Tell, ...]] = {}  # "incidents.resolve" -> what is told of it


def _mentioned(entry: Entry, record: Record) -> Iterable[int]:
    return dict.fromkeys(one.person for one in mentions.of(entry))


# Of whatever is said of records of any kind; who is mentioned is told so, whatever else they are.
_MENTION = Tell(
    As.MENTIONED, "{who} mentioned you in {number} “{title}”.", quotes="comment", whom=_mentioned
)
_SAYING = frozenset({"comment", "note"})


def of(verb: str) -> tuple[Tell, ...]:
    """What is told of a verb; of `hand_over`, which no process knows, what `assign` tells."""
    collection, _, name = verb.partition(".")
    told = tellings.get(f"{collection}.assign" if name == "hand_over" else verb, ())
    return (_MENTION, *told) if name in _SAYING else told


def declare(model: type[Record], told: Mapping[str, tuple[Tell, ...]]) -> None:
    """Say what is told of the verbs of a kind; who is named twice is told as the first says."""
    tellings.update({f"{model.collection}.{verb}": tells for verb, tells in told.items()})


def also(model: type[Record], told: Mapping[str, tuple[Tell, ...]]) -> None:
    """Say what is told besides, to whoever the tellings before do not reach."""
    for verb, tells in told.items():
        name = f"{model.collection}.{verb}"
        tellings[name] = (*tellings.get(name, ()), *tells)


def named(entry: Entry, record: Record) -> Iterator[tuple[int, As]]:
    """Those whom record and entry name, and as what; others are looked up elsewhere."""
    for tell in of(entry.verb):
        found = None
        if tell.whom:
            found_by = tell.whom(entry, record)
            yield from ((key, tell.to) for key in found_by if key != entry.actor_id)
            continue
        if tell.to == As.NEW_OWNER:
            found = entry.difference.get("case_owner_id", (None, None))[1]
        elif tell.to not in LOOKED_UP:
            found = getattr(record, f"{tell.to.value}_id")
        if found and found != entry.actor_id:
            yield found, tell.to


def tell_for(entry: Entry, to: str) -> Tell | None:
    """The words for somebody who was told as that; None where they are declared no more."""
    found = (tell for tell in of(entry.verb) if tell.to == to)
    return next((tell for tell in found if not tell.sets or tell.sets in entry.difference), None)
