"""One table of a profile, read word by word; whatever is wrong is told in a sentence."""

import codecs
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from zoneinfo import ZoneInfoNotFoundError

T = TypeVar("T")


class WrongProfile(Exception):
    """The profile cannot be used; the message says where and why."""


class Section:
    """A table of the profile: where it stands, and which of its words were asked for."""

    def __init__(self, place: str, table: Mapping[str, Any], name: str = "") -> None:
        self.place, self.values, self.name = place, table, name
        self.asked: set[str] = set()

    def wrong(self, told: str) -> WrongProfile:
        return WrongProfile(f"{self.place}: {told}")

    def text(self, word: str, default: str | None = None) -> str:
        value = self._take(word, default)
        if value is None:
            raise self.wrong(f'"{word}" is missing.')
        if not isinstance(value, str) or (not value and default is None):
            raise self.wrong(f'"{word}" must be a text.')
        return value

    def texts(self, word: str, *, required: bool = False) -> tuple[str, ...]:
        """One text or a list of them."""
        value = self._take(word, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(one, str) and one for one in listed):
            raise self.wrong(f'"{word}" must be a text or a list of texts.')
        if required and not listed:
            raise self.wrong(f'"{word}" is missing.')
        return tuple(" ".join(one.split()) for one in listed)

    def truth(self, word: str) -> bool:
        value = self._take(word, False)
        if not isinstance(value, bool):
            raise self.wrong(f'"{word}" must be true or false.')
        return value

    def choice(self, word: str, choices: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(word, default)
        if value not in choices:
            raise self.wrong(f'"{word}" is "{value}"; it must be one of {", ".join(choices)}.')
        return value

    def letters(self, word: str, default: str) -> tuple[str, ...]:
        """One character or a list of them."""
        value = self._take(word, default)
        listed = value if isinstance(value, list) and value else [value]
        if not all(isinstance(one, str) and len(one) == 1 for one in listed):
            raise self.wrong(f'"{word}" must be one character.')
        return tuple(listed)

    def codec(self, word: str, default: str) -> str:
        value = self.text(word, default)
        try:
            codecs.lookup(value)
        except LookupError:
            raise self.wrong(f'"{word}" is "{value}", which is no known encoding.') from None
        return value

    def table(self, word: str) -> dict[str, Any]:
        value = self._take(word, {})
        if not isinstance(value, dict):
            raise self.wrong(f'"{word}" must be a table.')
        return value

    def sections(self, word: str) -> list["Section"]:
        """The tables inside this one, each with its name."""
        found = []
        for name, value in self.table(word).items():
            if not isinstance(value, dict):
                raise self.wrong(f'"{word}.{name}" must be a table.')
            found.append(Section(f"{self.place}, {word}.{name}", value, name))
        return found

    def parts(self, word: str, required: bool) -> list["Section"]:
        """A list of tables."""
        value = self._take(word, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(f'"{word}" must be a list of tables.')
        if required and not value:
            raise self.wrong(f'"{word}" is missing.')
        return [
            Section(f"{self.place}, {word} {count}", one, str(count))
            for count, one in enumerate(value, 1)
        ]

    def checked(self, word: str, make: Callable[[], T]) -> T:
        """Make something of a word; if that fails, say which word it was."""
        try:
            return make()
        except (ValueError, ZoneInfoNotFoundError) as error:
            raise self.wrong(f'"{word}" does not hold: {error}.') from error

    def nothing_else(self) -> None:
        """Refuse words that nobody asked for: a misspelt word must not be passed over."""
        if unknown := sorted(set(self.values) - self.asked):
            known = ", ".join(sorted(self.asked))
            raise self.wrong(f'"{unknown[0]}" is not known here; known are {known}.')

    def _take(self, word: str, default: Any) -> Any:
        self.asked.add(word)
        return self.values.get(word, default)
