"""What a reference field suggests while one types: accounts and records that the asker may see."""

import re

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.records.record import kinds
from evenkeel.core.rules.inputs import citation
from evenkeel.core.search import suggest
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

MOST = 8
_NUMBER = re.compile(r"[A-Za-z]+-\d+")
Option = tuple[str, str, str]  # what the field gets, what leads the line, what follows


@require_safe
@signed_in
def show(request: HttpRequest, user: User, kind: str) -> HttpResponseBase:
    """The options for what stands in the field so far."""
    asked = request.GET
    text = str(next((v for k, v in asked.items() if k not in ("field", "plain")), "")).strip()
    found = accounts(user, text) if kind == "account" else records(user, kind, text)
    if asked.get("plain"):
        found = [
            (citation(value, account=kind == "account"), lead, rest) for value, lead, rest in found
        ]
    context = {"options": found, "field": asked.get("field", "field")}
    return draw(request, "parts/options.html", context)


def accounts(asker: User, text: str) -> list[Option]:
    """People by login or name; oneself first, where nothing is typed yet."""
    known = User.objects.filter(is_active=True, is_system=False).order_by("full_name", "username")
    tells = bool(asker.rights.roles)  # who is a VIP is for staff to know
    if not text:
        others = known.exclude(pk=asker.pk)[: MOST - 1]
        return [_account(asker, "you"), *(_account(one, tells=tells) for one in others)]
    match = Q(username__istartswith=text) | Q(full_name__icontains=text)
    if (login := citation(text, account=True)) != text:  # a choice that stands in the field already
        match |= Q(username__iexact=login)
    return [_account(one, tells=tells) for one in known.filter(match)[:MOST]]


def records(asker: User, kind: str, text: str) -> list[Option]:
    """Records of a kind (or of any: "record") by number or by the beginnings of words."""
    if kind != "record" and kind not in kinds():
        raise Http404(f"There is no kind of record called {kind}.")
    # A choice that stands in the field already begins with its number.
    number = citation(text, account=False)
    sought = number if _NUMBER.fullmatch(number) else text
    found = suggest(asker, "" if kind == "record" else kind, sought, MOST)
    return [(f"{record.number} {record.title}", record.title, record.number) for record in found]


def _account(user: User, note: str = "", *, tells: bool = False) -> Option:
    name = user.full_name or user.username
    value = f"{name} ({user.username})" if user.full_name else name
    return value, name, note or user.username + (" · VIP" if tells and user.is_vip else "")
