"""How values are said on a page: moments, sizes, names, verbs."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from markupsafe import Markup, escape

from evenkeel.core.clocks.derivation import duration
from evenkeel.core.people import manner
from evenkeel.core.records.record import Record

_IRREGULAR = {
    "admit": "admitted",
    "begin": "began",
    "break": "broke",
    "choose": "chose",
    "drop": "dropped",
    "flag": "flagged",
    "forget": "forgot",
    "put": "put",
    "read": "read",
    "plan": "planned",
    "set": "set",
    "stand": "stood",
    "send": "sent",
    "submit": "submitted",
    "take": "took",
    "tell": "told",
    "cancel": "cancelled",
    "undo": "undid",
    "unlink": "unlinked",
    "withdraw": "withdrew",
    "fulfil": "fulfilled",
}
_PARTICLES = frozenset({"back", "down", "in", "off", "on", "out", "over", "to", "up"})
_SOON = timedelta(hours=4)


def label(name: str) -> str:
    """put_on_hold -> "Put on hold"."""
    return name.replace("_", " ").capitalize()


def past(verb: str) -> str:
    """put_on_hold -> "put on hold", classify -> "classified", add_task -> "added task"."""
    first, *rest = verb.split("_")
    if first in _IRREGULAR:
        done = _IRREGULAR[first]
    elif first.endswith("e"):
        done = f"{first}d"
    elif first.endswith("y") and first[-2] not in "aeiou":
        done = f"{first[:-1]}ied"
    else:
        done = f"{first}ed"
    return " ".join([done, *rest])


def done_to_it(verb: str) -> str:
    """put_on_hold -> "put this on hold", classify -> "classified this"."""
    first, *rest = past(verb).split(" ")
    if rest and rest[0] not in _PARTICLES:
        return " ".join([first, *rest])
    return " ".join([first, "this", *rest])


def exact(moment: datetime) -> str:
    """Day and time as people here read a clock."""
    return manner.current().exact(moment)


def by(moment: datetime) -> str:
    """A moment that is near: the time alone where it is today, else with its day."""
    return manner.current().near(moment, timezone.now())


def ago(moment: datetime) -> str:
    """How far away a moment is: "3 h ago", "in 2 d"; after a month, the day."""
    away = timezone.now() - moment
    past_or_not = "{} ago" if away >= timedelta(0) else "in {}"
    minutes = abs(away) // timedelta(minutes=1)
    if minutes < 1:
        return "now"
    if minutes < 60:
        return past_or_not.format(f"{minutes} min")
    if minutes < 48 * 60:
        return past_or_not.format(f"{minutes // 60} h")
    if minutes < 31 * 24 * 60:
        return past_or_not.format(f"{minutes // (24 * 60)} d")
    reads = manner.current()
    return reads.day(reads.here(moment))


def when(moment: datetime | None) -> Markup:
    """A moment with its distance to read and its exact time on hover."""
    if moment is None:
        return Markup("")
    stamp = moment.isoformat(timespec="seconds")
    # Nothing of it comes from people; to format and escape fifty of them costs a tenth of a list.
    return Markup(f'<time datetime="{stamp}" title="{exact(moment)}">{ago(moment)}</time>')  # noqa: S704


def day(thing: date | None) -> Markup:
    """A day, as people here write it."""
    return escape("" if thing is None else manner.current().day(thing))


def lasting(seconds: int | None) -> Markup:
    """Hours, minutes and seconds."""
    return escape("" if seconds is None else duration(seconds))


def due(moment: datetime | None, *, is_open: bool = True) -> Markup:
    """A due moment; late and soon are said by a word, too, while the record is open."""
    if moment is None:
        return Markup("")
    left = moment - timezone.now()
    if not is_open or left > _SOON:
        return when(moment)
    kind, word = ("late", "overdue") if left < timedelta(0) else ("soon", "due")
    return Markup(f'<span class="{kind}">{word} {when(moment)}</span>')  # noqa: S704  (as there)


def size(count: int) -> str:
    """A number of bytes."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} kB"
    return f"{count / 1_000_000:.1f} MB"


def initials(name: str) -> str:
    """Ingrid Solheim -> IS."""
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper() or "?"


def value(thing: Any) -> Markup | str:
    """A value of a record as a page says it; nothing is an en dash."""
    if thing is None or thing == "":
        return Markup('<span class="muted">–</span>')
    if isinstance(thing, bool):
        return "Yes" if thing else "No"
    if isinstance(thing, datetime):
        return when(thing)
    if isinstance(thing, date):
        return day(thing)
    if isinstance(thing, Record):
        return Markup('<a href="{}"><span class="number">{}</span> {}</a>').format(
            thing.url, thing.number, thing.title
        )
    return escape(str(thing))
