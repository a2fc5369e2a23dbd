"""Who stands at the door: pages are for people who are signed in."""

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url

from evenkeel.core.people import manner, second_proof
from evenkeel.core.people.models import User

_BEFORE_PROOF = ("/accounts/sessions/", "/accounts/sessions/end/")
View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """Send others to sign in and bring them back; the view is given the account.

    Where htmx asks, the whole page goes to sign in, and comes back to the page it was.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, **named: Any) -> HttpResponseBase:
        user = get_user(request)  # the account itself: `request.user` is a slow stand-in
        if isinstance(user, User):
            if request.path not in _BEFORE_PROOF and second_proof.is_due(request, user):
                return redirect("mfa_index")
            with manner.reading(user):
                return view(request, user, **named)
        login = resolve_url(settings.LOGIN_URL)
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": f"{login}?{_back(request)}"})
        return redirect(f"{login}?{_back(request)}")

    return guarded


def _back(request: HttpRequest) -> str:
    seen = urlsplit(request.headers.get("HX-Current-URL", ""))
    address = f"{seen.path}?{seen.query}" if seen.query else seen.path
    if not address:
        address = request.get_full_path() if request.method == "GET" else request.path
    return urlencode({"next": address})
