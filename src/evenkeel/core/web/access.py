"""One's own sessions and sign-ins, and the trail of the door for those who answer for it."""

import re

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from evenkeel.core.directory.permissions import INSIDE
from evenkeel.core.people import sessions, trail
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import AccessEntry, Kind
from evenkeel.core.rules import Denied
from evenkeel.core.web.door import visitor
from evenkeel.core.web.navigation import KERNEL, Line, offer
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

SHOWN, PAGE = 30, 100
_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari", "curl", "python-requests")
_CALLED = {"Edg": "Edge", "OPR": "Opera"}
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")


@require_safe
@signed_in
def mine(request: HttpRequest, user: User) -> HttpResponseBase:
    """Where one is signed in, and what happened at the door in one's name."""
    happened = AccessEntry.objects.filter(person=user).order_by("-position")[:SHOWN]
    here = request.session.session_key
    context = {
        "layout": "base.html" if user.rights.is_staff else "portal/base.html",
        "sessions": [(one, device(one.device), one.pk == here) for one in sessions.of(user)],
        "happened": [(one, device(one.device)) for one in happened],
    }
    return draw(request, "access/mine.html", context)


@require_POST
@signed_in
def end(request: HttpRequest, user: User) -> HttpResponseBase:
    """End one session, by its name, or all but this one."""
    name, here = request.POST.get("name"), request.session.session_key
    ended = sessions.end(user, but=here, name=name)
    if ended:
        trail.append(Kind.ENDED, visitor(request), person=user, said=_so_many(ended))
        messages.success(request, f"{_so_many(ended)} ended.")
    else:
        messages.info(request, "There was no other session to end.")
    return redirect("/accounts/sessions/")


@require_safe
@signed_in
def everybody(request: HttpRequest, user: User) -> HttpResponseBase:
    """The whole trail of the door, newest first; of one person with `?of=login`."""
    if not INSIDE.everywhere(user):
        raise Denied("Only the SMS owner, the SMS manager or an auditor may see who signed in.")
    asked = request.GET.get("before", "")
    found = list(_of(request).filter(**_before(asked))[: PAGE + 1])
    context = {
        "happened": [(one, device(one.device)) for one in found[:PAGE]],
        "older": found[PAGE - 1].position if len(found) > PAGE else None,
        "of": request.GET.get("of", ""),
        "kind": request.GET.get("kind", ""),
        "kinds": Kind.choices,
    }
    return draw(request, "access/everybody.html", context)


def device(agent: str) -> str:
    """A browser and its system in words, from what it says of itself."""
    browser = next((name for name in _BROWSERS if f"{name}/" in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    words = " on ".join(part for part in (_CALLED.get(browser, browser), system) if part)
    return words or re.split(r"[\s(/]", agent, maxsplit=1)[0] or "Unknown device"


def is_answerable(user: User) -> bool:
    """May this user see what happened at the door?"""
    return INSIDE.everywhere(user)


def _of(request: HttpRequest) -> "QuerySet[AccessEntry]":
    happened = AccessEntry.objects.select_related("person").order_by("-position")
    if login := request.GET.get("of", "").strip():
        happened = happened.filter(person__username__iexact=login)
    if (kind := request.GET.get("kind", "")) in Kind.values:
        happened = happened.filter(kind=kind)
    return happened


def _before(asked: str) -> dict[str, int]:
    is_position = asked.isascii() and asked.isdecimal() and len(asked) < 16
    return {"position__lt": int(asked)} if is_position else {}


def _so_many(ended: int) -> str:
    return "1 session" if ended == 1 else f"{ended} sessions"


offer(KERNEL, Line("Sign-ins", "/accounts/access/", "lock"), is_answerable)
