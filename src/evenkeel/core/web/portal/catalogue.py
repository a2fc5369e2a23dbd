"""The catalogue: what users may order, the questions of each, and the order itself.

A process declares in its room `portal.py` what is in it and how it is ordered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, groupby

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied, Invalid
from evenkeel.core.web import fields, once
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

Errors = Mapping[str, list[str]]


@dataclass(frozen=True)
class Asked:
    """A question as a field, and under which answer to which other it is asked."""

    field: fields.Drawn
    when: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Item:
    """Something that can be ordered, in words for users."""

    number: str
    title: str
    text: str
    about: str  # the service
    remark: str = ""  # what they should know before: who approves it
    questions: list[Asked] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """Where the catalogue is read; and what orders an item, answering the number of the case."""

    items: Callable[[User], list[Item]]
    item: Callable[[User, str], Item | None]
    order: Callable[[User, str, Mapping[str, str]], str]


sources: list[Source] = []


def declare(source: Source) -> None:
    """Say where the catalogue is read."""
    sources.append(source)


@signed_in
def show(request: HttpRequest, user: User) -> HttpResponseBase:
    """All that this person may order, service by service."""
    found = chain.from_iterable(source.items(user) for source in sources)
    items = sorted(found, key=lambda item: (item.about, item.title))
    groups = [(about, list(rows)) for about, rows in groupby(items, lambda item: item.about)]
    return draw(request, "portal/catalogue.html", {"groups": groups})


@signed_in
def order(request: HttpRequest, user: User, number: str) -> HttpResponseBase:
    """The questions of one item (GET), and the order (POST)."""
    source, item = _found(user, number.upper())
    if request.method != "POST":
        return _form(request, item, request.GET.dict())
    given = {each.field.name: request.POST.get(each.field.name, "") for each in item.questions}
    try:
        with transaction.atomic():
            once.claim(request.POST.get("once", ""), user)
            address = f"/portal/cases/{source.order(user, item.number, given)}/"
            once.keep(request.POST.get("once", ""), address)
    except once.SentBefore as before:
        messages.info(request, "This was sent before; we have it once.")
        return redirect(before.address)
    except Invalid as refused:
        return _form(request, item, given, refused.errors, 422)
    except Denied as denied:
        return _form(request, item, given, {"": [str(denied)]}, 403)
    thanks = "Thank you. We have your order and will tell you here what becomes of it."
    messages.success(request, thanks, extra_tags=f"draft=portal/catalogue/{item.number}")
    return redirect(address)


def _found(user: User, number: str) -> tuple[Source, Item]:
    for source in sources:
        if item := source.item(user, number):
            return source, item
    raise Http404(f"You cannot order {number}.")


def _form(
    request: HttpRequest,
    item: Item,
    given: Mapping[str, str],
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    wrong = dict(errors or {})
    asked = [_answered(each, given, wrong.pop(each.field.name, [])) for each in item.questions]
    context = {
        "item": item,
        "asked": asked,
        "errors": list(chain.from_iterable(wrong.values())),
        "returned": status != 200,
        "once": once.token(),
        "draft": f"portal/catalogue/{item.number}",
    }
    return draw(request, "portal/order.html", context, status=status)


def _answered(asked: Asked, given: Mapping[str, str], errors: list[str]) -> Asked:
    value = given.get(asked.field.name, "")
    return replace(asked, field=replace(asked.field, value=value, errors=errors))
