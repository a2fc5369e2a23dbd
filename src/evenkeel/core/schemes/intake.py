"""How cases come in: by which channels, and what the form of each kind asks (ISRM-16 to -18)."""

from collections.abc import Callable, Iterator

import msgspec

from evenkeel.core.schemes.kinds import SchemeKind, declare

NAME = "intake"
CHANNELS: dict[str, dict[str, str]] = {}  # process -> the channels that it knows, in words
FIELDS: dict[str, dict[str, str]] = {}  # process -> the fields that a form may ask for, in words
KINDS: dict[str, dict[str, str]] = {}  # process -> the kinds of its cases, in words


def in_words(channel: str) -> str:
    """How a channel is called within a sentence: walk_in -> "walk-in", api -> "API"."""
    known = (names[channel] for names in CHANNELS.values() if channel in names)
    words = next(known, channel.replace("_", " "))
    return words if words.isupper() else words.lower()


class Channel(msgspec.Struct, forbid_unknown_fields=True):
    """A way by which people, or machines, reach the process."""

    name: str
    is_open: bool = True


class FieldRule(msgspec.Struct, forbid_unknown_fields=True):
    """What the form of a kind says of one of its fields."""

    kind: str
    field: str
    needed: bool = False
    users: bool = False  # of users on the portal, too
    help: str = ""

    @property
    def says(self) -> str:
        """In words."""
        who = ", of users on the portal too" if self.users else ""
        needed = f"needed{who}" if self.needed else "optional"
        return f"{needed}; “{self.help}”" if self.help else needed


class Intake(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a version."""

    channels: list[Channel]
    fields: list[FieldRule]
    procedure: str = ""  # the address of the document that says how cases are recorded

    @property
    def open_channels(self) -> list[str]:
        """The channels by which cases are taken."""
        return [channel.name for channel in self.channels if channel.is_open]

    @property
    def open_and_shut(self) -> tuple[list[str], list[str]]:
        """The channels by which cases are taken, and the others, in words."""
        is_open: dict[bool, list[str]] = {True: [], False: []}
        for channel in self.channels:
            is_open[channel.is_open].append(in_words(channel.name))
        return is_open[True], is_open[False]

    def of(self, kind: str) -> dict[str, FieldRule]:
        """What the form of a kind says, by field."""
        return {rule.field: rule for rule in self.fields if rule.kind == kind}

    def missing(self, kind: str, has: Callable[[str], bool], *, by_user: bool) -> list[str]:
        """The fields that are needed and empty, where users answer less than the desk."""
        rules = self.of(kind).values()
        needed = [rule for rule in rules if rule.needed and (rule.users or not by_user)]
        return [rule.field for rule in needed if not has(rule.field)]

    def faults(self) -> list[str]:
        """See `Content`."""
        return list(self._faults())

    def edits_of(self, earlier: "Intake") -> list[str]:
        """See `Content`."""
        return list(self._edits(earlier))

    def _faults(self) -> Iterator[str]:
        names = [channel.name for channel in self.channels]
        if len(set(names)) < len(names):
            yield "Every channel stands there once."
        if not self.open_channels:
            yield "At least one channel is open."
        keys = [(rule.kind, rule.field) for rule in self.fields]
        if len(set(keys)) < len(keys):
            yield "Every field of a kind stands there once."
        if self.procedure and not self.procedure.startswith(("https://", "http://", "/")):
            yield "The procedure has an address that begins with https:// or /."

    def _edits(self, earlier: "Intake") -> Iterator[str]:
        before = set(earlier.open_channels)
        for name in self.open_channels:
            if name not in before:
                yield f"Cases are taken by {in_words(name)}."
        for name in before - set(self.open_channels):
            yield f"No cases are taken by {in_words(name)} any more."
        old = {(rule.kind, rule.field): rule.says for rule in earlier.fields}
        new = {(rule.kind, rule.field): rule.says for rule in self.fields}
        for key in [*new, *(key for key in old if key not in new)]:
            if old.get(key) != new.get(key):
                kind, field = (part.replace("_", " ") for part in key)
                yield f"{kind.capitalize()}, {field}: {new.get(key, 'nothing is said of it')}."
        if self.procedure != earlier.procedure:
            yield f"The procedure stands at {self.procedure or 'no address'}."


KIND = declare(
    SchemeKind(
        NAME,
        "Intake",
        "By which channels cases come in, and what the form of each kind asks for.",
        Intake,
    )
)
