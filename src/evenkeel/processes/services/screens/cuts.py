"""The figures of a service report: how many, and the way to the cases behind each."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from evenkeel.core.clocks.derivation import duration
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rules import Invalid
from evenkeel.core.web import navigation, words
from evenkeel.core.web.reports import Behind, Opens
from evenkeel.processes.services.actions.availability import Available
from evenkeel.processes.services.models import ReportedCase, ServiceReport
from evenkeel.processes.services.models.report import CUTS
from evenkeel.processes.services.screens import trend

Cut = dict[str, Any]
Cells = tuple[str, ...]
VOLUMES = {
    "recorded": "Recorded",
    "done": "Solved",
    "dropped": "Dropped",
    "open": "Open at the end",
}
TARGETS = {
    "response": "First reply",
    "resolution": "Resolution of incidents",
    "fulfilment": "Fulfilment of service requests",
    "update": "Word in between",
}
LEVELS = {"potential": "Potential", "actual": "Actual"}
_WORDS = {
    **VOLUMES,
    **TARGETS,
    **{level: f"{word} violations" for level, word in LEVELS.items()},
    "out": "Not there",
}
HEADS = ("Case", "Title", "Priority", "When", "Within", "Took", "Kept")
_SPELLED: dict[Any, str] = {True: "yes", False: "no", None: "none"}


def opening(made: ServiceReport, cut: Cut, said: str = "") -> str:
    """A figure with the way to the cases behind it; where there are none, no way."""
    count = made.count(**cut)
    if not count:
        return said or "0"
    return Opens(said or f"{count:,}", f"{made.url}report/cases/?{urlencode(_written(cut))}")


def pairs(made: ServiceReport, cuts: list[Cut]) -> Cells:
    """Of each figure what it is and what it was."""
    return tuple(
        opening(made, {**cut, "is_earlier": earlier}) for cut in cuts for earlier in (False, True)
    )


def kept(made: ServiceReport, **cut: Any) -> tuple[int, int]:
    """How many targets were kept, and how many were decided."""
    alike = {"what": tuple(TARGETS), **cut}
    return made.count(**alike, is_kept=True), made.count(**alike)


def share(made: ServiceReport, **cut: Any) -> str:
    """How many of the targets were kept, and the way to all that were decided."""
    return opening(made, {"what": tuple(TARGETS), **cut}, percent(*kept(made, **cut)))


def percent(part: int, total: int) -> str:
    """ "94.8 %"; of nothing there is no share."""
    return f"{100 * part / total:.1f} %" if total else "–"


def lasted(seconds: int) -> str:
    """In whole minutes, for nobody reads seconds in a month; exact where it was less than one."""
    return duration(seconds // 60 * 60 if seconds >= 60 else seconds)


def available(made: ServiceReport) -> Iterator[tuple[int, Available, Available]]:
    """Of each service what was there of it in the period, and in the one before it."""
    for service, agreed, out, agreed_before, out_before, *promised in made.availability:
        target = Decimal(promised[0]) if promised and promised[0] else None
        now, before = Available(agreed, out, target), Available(agreed_before, out_before, target)
        yield service, now, before


def short(made: ServiceReport) -> Cells:
    """How many services were there for less than is promised, and before, of the same promises."""
    found = list(available(made))
    return str(sum(now.falls_short for _, now, _ in found)), str(
        sum(before.falls_short for _, _, before in found)
    )


def behind(made: ServiceReport, reader: User, asked: Mapping[str, str]) -> Behind:
    """The cases behind a figure; each by its number, and by more for those who may see it.

    Raises Invalid for a cut that cannot be.
    """
    if "ago" in asked:
        return trend.behind(made, reader, asked)
    cut = _read(asked)
    found = made.behind(**cut).select_related("record")
    if not visibility.is_inside(reader, made.of_kind):
        found = found.exclude(what__in=LEVELS)
    return Behind(_said(cut), HEADS, found.count(), lambda some: lines(found[some], reader))


def titles(keys: set[Any]) -> dict[int, str]:
    """What customers and services are called."""
    return dict(Record.objects.filter(pk__in=keys - {None}).values_list("pk", "title"))


def lines(found: Any, reader: User) -> list[Cells]:
    """Each by the number of its case, and by more for those who may see it."""
    keys = [row.record_id for row in found]
    seen = Record.objects.visible_to(reader).filter(pk__in=keys)
    names = dict(seen.values_list("pk", "title"))
    return [_line(row, names.get(row.record_id)) for row in found]


def _line(row: ReportedCase, title: str | None) -> Cells:
    number = row.record.number
    return (
        number if title is None else Opens(number, row.record.url),
        title or "–",
        f"P{row.priority}" if row.priority else "–",
        words.exact(row.at),
        duration(row.target) if row.target else "–",
        "–" if row.elapsed is None else duration(row.elapsed),
        {True: "Yes", False: "No", None: "–"}[row.is_kept],
    )


def _written(cut: Cut) -> dict[str, str]:
    return {name: _spelled(value) for name, value in cut.items()}


def _spelled(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return _SPELLED[value] if value is None or isinstance(value, bool) else str(value)


def _read(asked: Mapping[str, str]) -> Cut:
    """The other way round. Raises Invalid."""
    spelled = {word: value for value, word in _SPELLED.items()}
    cut: Cut = {}
    for name in CUTS:
        value = asked.get(name, "")
        if value in spelled:
            cut[name] = spelled[value]
        elif value and name in {"what", "of_kind"}:
            cut[name] = tuple(value.split(","))
        elif value.isdecimal() and len(value) < 10 and not name.startswith("is_"):
            cut[name] = int(value)
        elif value:
            raise Invalid({name: [f"No figure is counted by “{value}”."]})
    return cut


def _said(cut: Cut) -> str:
    """What a figure counts, in words."""
    sorts: tuple[str, ...] = cut.get("what", ())
    parts = [_WORDS.get(sorts[0], "Cases") if len(sorts) == 1 else "Targets"]
    parts += [
        navigation.plural(kinds()[kind]).lower()
        for kind in cut.get("of_kind", ())
        if kind in kinds()
    ]
    if "priority" in cut:
        parts.append(f"P{cut['priority']}" if cut["priority"] else "no priority yet")
    if cut.get("is_kept") is not None:
        parts.append("kept" if cut["is_kept"] else "violated")
    parts += titles({cut[name] for name in ("customer", "service") if cut.get(name)}).values()
    return ", ".join([*parts, "the period before"] if cut.get("is_earlier") else parts)
