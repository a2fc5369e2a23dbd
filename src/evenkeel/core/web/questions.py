"""What a process declares about itself beside its definitions: key questions and outputs.

The answers lead to the pages on which they can be seen to hold; outputs name kinds of records, by
the plural of their addresses, whoever keeps them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record, collections
from evenkeel.core.web import navigation


@dataclass(frozen=True)
class Answer:
    """A key question of the process, what is answered, and where that can be seen."""

    question: str
    text: str
    links: tuple[tuple[str, str], ...]  # words and address


@dataclass(frozen=True)
class Output:
    """What the process produces: records of a kind, or what is not kept yet."""

    title: str
    collection: str = ""
    which: Mapping[str, Any] = field(default_factory=dict, hash=False)
    waits_for: str = ""


@dataclass(frozen=True)
class About:
    """All of it; `abouts` has it by the label of the app that declares it."""

    process: str
    answers: tuple[Answer, ...]
    outputs: tuple[Output, ...]
    # Who reads its page beside those inside: whoever takes up what comes out of it.
    read_by: Callable[[User], bool] = lambda user: False

    def __post_init__(self) -> None:
        abouts[self.process] = self


abouts: dict[str, About] = {}


@dataclass(frozen=True)
class Produced:
    """An output with its last item that the reader may see."""

    output: Output
    icon: str
    list: str  # the address of all of them; "" where nothing is kept yet
    last: Record | None


def produced(about: About, reader: User) -> Iterator[Produced]:
    """The outputs of a process; of each that is kept, the last item."""
    for output in about.outputs:
        model = collections().get(output.collection)
        if model is None:
            yield Produced(output, "clock", "", None)
            continue
        seen: Any = model.objects.visible_to(reader)
        newest = seen.filter(**output.which).order_by("-recorded_at", "-pk").first()
        icon = navigation.icon_of(model.kind())
        yield Produced(output, icon, f"/{output.collection}/", newest)
