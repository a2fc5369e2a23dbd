"""What is sent from the tables of an editor: rows by their number, and numbers in them."""

from collections.abc import Iterator, Mapping


def rows(
    form: Mapping[str, str], table: str, needed: str
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of a table that have a name, with the number under which each was sent."""
    number = 1
    while (name := form.get(f"{table}-{number}-{needed}")) is not None:
        start = f"{table}-{number}-"
        if name.strip():
            yield number, {k.removeprefix(start): v for k, v in form.items() if k.startswith(start)}
        number += 1


def number(text: str) -> int:
    """What was typed as a number; 0 where nothing was, -1 for what is none: no rule takes that."""
    if not text.strip():
        return 0
    return int(text) if text.isdecimal() and len(text) < 6 else -1
