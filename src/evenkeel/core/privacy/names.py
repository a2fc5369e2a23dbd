"""By what somebody is known in texts, and how that is taken out of them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from evenkeel.core.directory.models import Person
from evenkeel.core.records.comments import Attachment, Comment
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.records.redaction import MARK, deep

# What a verb was told in the words of people: the keys of `given`.
WORDS = frozenset(
    {
        *("reason", "because", "text", "title", "task", "tasks", "steps", "filename", "login"),
        *("sent_to", "late", "note", "comment_text", "answers", "solution", "row", "mentions"),
        "workaround",
    }
)
SHORTEST = 4  # letters; "Al" stands in every second word
_CALLED = ("title", "email", "phone")  # columns of a person that tell who they are


def of(person: Person) -> list[str]:
    """Names, addresses, numbers and login, those of before included; the longest first."""
    account = person.user
    found = {account.full_name, account.email, person.title, person.email, person.phone}
    for entry in Entry.objects.filter(record_id=person.pk):
        for column in _CALLED:
            found |= {str(value) for value in entry.difference.get(column, ()) if value}
    found |= {f"@{account.username}", f"({account.username})"}
    found |= {turned for name in list(found) for turned in _turned(name)}
    return sorted((name for name in found if len(name) >= SHORTEST), key=len, reverse=True)


def _turned(name: str) -> Iterator[str]:
    """Rita Ruiz is Ruiz, Rita, too."""
    first, _, last = name.rpartition(" ")
    if first and "@" not in name and not any(letter.isdigit() for letter in name):
        yield f"{last}, {first}"


class Names:
    """Takes out how a person is called; a `Redactor`."""

    def __init__(
        self, names: Iterable[str], pseudonym: str, *, account: int, written: bool = False
    ) -> None:
        self.names, self.pseudonym = list(names), pseudonym
        self.account, self.written = account, written

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        spelled = (r"\s+".join(map(re.escape, name.split())) for name in self.names)
        return re.compile(rf"(?<!\w)(?:{'|'.join(spelled)})(?!\w)", re.IGNORECASE)

    def text(self, text: str) -> str:
        return self._pattern.sub(self.pseudonym, text) if self.names else text

    def field(self, record: Record, column: str, value: Any) -> Any:
        return deep(value, self.text)

    def given(self, key: str, value: Any) -> Any:
        return deep(value, self.text)

    def comment(self, said: Comment) -> str:
        return MARK if self.written and said.said_by_id == self.account else self.text(said.text)

    def drops(self, file: Attachment) -> bool:
        return self.written and file.added_by_id == self.account

    def forgets(self, account: int | None) -> bool:
        return False


def patterns(names: Sequence[str]) -> list[str]:
    """For LIKE: whatever holds one of the names, and a little more."""
    return [f"%{'%'.join(_escaped(part) for part in name.split())}%" for name in names]


def _escaped(part: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", part)
