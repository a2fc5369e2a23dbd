"""How much of its agreed hours a service is to be there: a share for all, others for some (SVC-K1).

It is written a line each: "99.5 %" for every service that an agreement is about, and
"Mailing: 99.9 %" for one of them; a share has three decimals at most.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from evenkeel.core.clocks.calendar import Unclear
from evenkeel.core.records.record import Record

EVERY = ""  # service
_LINE = re.compile(r"(?:(\S.*?)\s*:\s*)?(\d{1,3}(?:[.,]\d{1,3})?)\s*%?")
Shares = dict[str, str]  # the key of a service, or EVERY -> per cent


def read(text: str, about: int | None = None) -> Shares:
    """The shares of a text, of an agreement about a service or about all. Raises Unclear."""
    found: Shares = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        if not (match := _LINE.fullmatch(line)):
            raise Unclear(f"“{line}” is no availability; a line is “99.5 %” or “Mail: 99.9 %”.")
        share = Decimal(match[2].replace(",", "."))
        if not 0 < share <= 100:
            raise Unclear(f"“{line}” is no share; it is more than 0 and at most 100 %.")
        key = _service(match[1], about) if match[1] else EVERY
        if key in found:
            raise Unclear(f"“{match[1] or 'All services'}” has two shares.")
        found[key] = f"{share.normalize():f}"
    return found


def written(shares: Mapping[str, str]) -> str:
    """The same as text, what holds for all first."""
    keys = [int(key) for key in shares if key != EVERY]
    names = dict(Record.objects.filter(pk__in=keys).values_list("pk", "title")) if keys else {}
    lines = [f"{shares[EVERY]} %"] if EVERY in shares else []
    return "\n".join([*lines, *sorted(f"{names[key]}: {shares[str(key)]} %" for key in keys)])


def of(shares: Mapping[str, str], service: int) -> Decimal | None:
    """The share that is promised of a service; None where none is."""
    share = shares.get(str(service), shares.get(EVERY))
    return None if share is None else Decimal(share)


def _service(name: str, about: int | None) -> str:
    if about is not None:
        raise Unclear("The agreement is about one service: a line is “99.5 %”.")
    found = Record.objects.filter(of_kind="service", is_open=True, title__iexact=name)
    key = found.values_list("pk", flat=True).first()
    if key is None:
        raise Unclear(f"There is no service called “{name}”.")
    return str(key)
