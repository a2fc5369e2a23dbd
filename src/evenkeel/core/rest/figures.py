"""`GET /api/figures/ISRM-K1`: figures month by month, and the records behind each number."""

from collections.abc import Mapping
from heapq import merge
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from evenkeel.core.figures import declaring, months, reading
from evenkeel.core.figures.declaring import EVERY, Figure, Target
from evenkeel.core.figures.months import Month
from evenkeel.core.people.models import User
from evenkeel.core.process import ProcessConfig
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rest import lists
from evenkeel.core.rest.endpoint import answer
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rules import Invalid
from evenkeel.core.web.processes import kinds_of

LONGEST = 36  # months at once
GIVEN = ("priority", "of", "months")
PRIORITIES = ("1", "2", "3", "4", "5", "none")


def index(request: HttpRequest, user: User) -> HttpResponse:
    """The figures that this person may read."""
    _only(lists.once_each(request), ())
    return answer({"items": [_said(one) for one in declaring.figures.values() if _may(one, user)]})


def show(request: HttpRequest, user: User, code: str) -> HttpResponse:
    """One figure, month by month, of all priorities or of one."""
    params = _only(lists.once_each(request), GIVEN)
    figure, now = _figure(code, user), timezone.now()
    group = _group(figure, params, user)
    read = reading.read(figure, user, months.last(now, _months(params)), now)
    said = _said(figure, read.target(group))
    return answer({**said, "items": reading.as_rows(read, group)})


def behind(request: HttpRequest, user: User, code: str, month: str) -> HttpResponse:
    """The records behind the number of a month."""
    params = _only(lists.once_each(request), ("priority", "of", "part", "after", "limit"))
    figure, of_month, part = _figure(code, user), Month.read(month), params.get("part", "all")
    if of_month is None or of_month.begins > timezone.now():
        raise Problem(404, f"There is no month {month}.")
    if part not in reading.PARTS:
        raise Invalid({"part": [f"One of: {', '.join(reading.PARTS)}."]})
    limit, after = lists.limit_of(params), params.get("after", "0")
    if not (after.isascii() and after.isdecimal() and len(after) < 19):
        raise Invalid({"after": ["Take it from `next` of the page before."]})
    found = reading.behind(
        figure,
        user,
        of_month,
        priority=_group(figure, params, user),
        part=part,
        now=timezone.now(),
    )
    named = [
        records.filter(pk__gt=int(after)).order_by("pk").values_list(*_NAMES)[: limit + 1]
        for _, records in found
    ]
    rows = list(merge(*named))[: limit + 1]
    said = {"items": [_item(*row[1:]) for row in rows[:limit]]}
    last = rows[limit - 1][0] if len(rows) > limit else None
    return lists.page(f"/api/figures/{figure.code}/{of_month}", said, params, last)


_NAMES = ("pk", "number", "of_kind", "title", "is_hit")


def _item(number: str, kind: str, title: str, is_hit: int) -> dict[str, Any]:
    url = f"/api/{kinds()[kind].collection}/{number}"
    return {"number": number, "title": title, "hit": bool(is_hit), "url": url}


def _figure(code: str, user: User) -> Figure:
    figure = declaring.figures.get(code)
    if figure is None or not _may(figure, user):
        raise Problem(404, f"There is no figure {code}.")
    return figure


def _may(figure: Figure, user: User) -> bool:
    """Is this person inside of something that the process keeps?"""
    config = apps.app_configs.get(figure.process)
    return isinstance(config, ProcessConfig) and bool(kinds_of(config, user))


def _said(figure: Figure, target: Target | None = None) -> dict[str, Any]:
    aim = target or figure.target() or Target()
    return {
        "code": figure.code,
        "title": figure.title,
        "formula": figure.formula,
        "unit": str(figure.unit),
        "by": figure.by,
        "at_least": aim.at_least,
        "at_most": aim.at_most,
        "waits_for": figure.waits_for,
        "url": f"/api/figures/{figure.code}",
    }


def _only(params: Mapping[str, str], known: tuple[str, ...]) -> Mapping[str, str]:
    if unknown := sorted(set(params) - set(known)):
        raise Invalid({name: ["There is no such parameter."] for name in unknown})
    return params


def _group(figure: Figure, params: Mapping[str, str], user: User) -> int | None:
    """The priority that is asked for; of a figure by something else, the key of that record."""
    name, other = ("of", "priority") if figure.worked else ("priority", "of")
    if other in params:
        raise Invalid({other: [f"{figure.code} is by {figure.by}: ask with “{name}”."]})
    if figure.worked is None:
        return _priority(params)
    given = params.get("of")
    if given is None or given == "none":
        return EVERY if given is None else reading.UNRANKED
    found = Record.objects.visible_to(user).filter(number=given).values_list("pk", flat=True)
    if (key := found.first()) is None:
        raise Invalid({"of": [f"There is no {figure.by} {given}."]})
    return key


def _priority(params: Mapping[str, str]) -> int | None:
    given = params.get("priority")
    if given is None:
        return EVERY
    if given not in PRIORITIES:
        raise Invalid({"priority": [f"One of: {', '.join(PRIORITIES)}."]})
    return reading.UNRANKED if given == "none" else int(given)


def _months(params: Mapping[str, str]) -> int:
    given = params.get("months", str(months.SHOWN))
    if not (given.isascii() and given.isdecimal() and len(given) < 3):
        raise Invalid({"months": [f"A whole number from 1 to {LONGEST}."]})
    if not 1 <= int(given) <= LONGEST:
        raise Invalid({"months": [f"A whole number from 1 to {LONGEST}."]})
    return int(given)
