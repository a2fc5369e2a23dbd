"""From the text of a cell to a value, or Unreadable with the reason."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from html.parser import HTMLParser
from typing import Any

from evenkeel.core.imports.moments import Unreadable

Convert = Callable[[str], Any]

_SCALE = re.compile(r"\s*(\d{1,3})(?:\s*-.*)?\s*", re.ASCII | re.DOTALL)
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?", re.ASCII)


def text(cell: str) -> str:
    """Text without blanks around it."""
    return cell.strip()


def html(cell: str) -> str:
    """The words of a text with marks of HTML: paragraphs are lines, and nothing of it can run."""
    reader = _Words()
    reader.feed(cell)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.said).splitlines()]
    return "\n".join(lines).strip("\n")


class _Words(HTMLParser):
    """Collects what somebody would read."""

    LINES = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre"})
    SILENT = frozenset({"script", "style", "head", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.silent += tag in self.SILENT
        if tag in self.LINES and self.said and not self.said[-1].endswith("\n"):
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in self.SILENT))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def number(cell: str) -> int:
    """A whole number: "26"."""
    if not _WHOLE.fullmatch(cell.strip()):
        raise Unreadable("is not a whole number")
    return int(cell)


def scale(cell: str) -> int:
    """A place on a scale, with or without its words: "5" and "5 - Very Low" are 5."""
    found = _SCALE.fullmatch(cell)
    if not found:
        raise Unreadable('is not a place on a scale; expected e.g. "5" or "5 - Very Low"')
    return int(found[1])


def decimal(mark: str) -> Convert:
    """A reader for numbers with this decimal mark: "3871,691111"."""

    def read(cell: str) -> Decimal:
        plain = cell.strip()
        if mark != ".":
            if "." in plain:
                raise Unreadable(f'is not a number with "{mark}" as its decimal mark')
            plain = plain.replace(mark, ".", 1)
        if not _DECIMAL.fullmatch(plain):
            raise Unreadable(f'is not a number with "{mark}" as its decimal mark')
        try:
            return Decimal(plain)
        except InvalidOperation as error:
            raise Unreadable("is not a number") from error

    return read


def one_of(values: Mapping[str, Any], otherwise: str) -> Convert:
    """A reader that replaces what the other system says by what we say, in any spelling of case.

    otherwise: what a value that the map does not name becomes: "refuse", "keep" or "nothing".
    """
    known = {_folded(name): value for name, value in values.items()}

    def read(cell: str) -> Any:
        folded = _folded(cell)
        if folded in known:
            return known[folded]
        if otherwise == "refuse":
            raise Unreadable(f"is none of {', '.join(values)}")
        return cell.strip() if otherwise == "keep" else None

    return read


def _folded(cell: str) -> str:
    return " ".join(cell.split()).casefold()
