"""For those who watch the installation: is it alive, is it ready, and its figures.

Anybody may ask whether it is; the rest is for whoever has the token of the metrics, or an account
that sees everything.
"""

import hmac
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenkeel.core.directory.permissions import INSIDE
from evenkeel.core.operation import exposition, looks
from evenkeel.core.people import second_proof, tokens, uses
from evenkeel.core.people.models import User
from evenkeel.core.web.door import visitor

_FRESH = {"Cache-Control": "no-store"}


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Does this process answer at all? It asks nothing else, so that none is ended in vain."""
    return HttpResponse("alive\n", content_type="text/plain", headers=_FRESH)


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Can it serve? 503 where not. With a token or a role also what to look after."""
    found = looks.ready()
    is_ready = all(fine for fine, _ in found.values())
    told: dict[str, Any] = {"status": "ready" if is_ready else "not ready"}
    if may_know(request, with_database=is_ready):
        found |= looks.sound() if is_ready else {}
        told["looked at"] = {
            name: {"sound": fine, "says": sentence} for name, (fine, sentence) in found.items()
        }
        if is_ready and not all(fine for fine, _ in found.values()):
            told["status"] = "ready, with something to look after"
    answer = JsonResponse(told, status=200 if is_ready else 503, headers=_FRESH)
    answer._has_been_logged = True  # type: ignore[attr-defined]  # else every probe writes a line
    return answer


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, as Prometheus reads them."""
    if not may_know(request):
        told = "Send the token of EVENKEEL_METRICS_TOKEN, or that of an account that sees all.\n"
        challenge = {"WWW-Authenticate": "Bearer", **_FRESH}
        return HttpResponse(told, status=401, content_type="text/plain", headers=challenge)
    return HttpResponse(exposition.text(), content_type=exposition.MEDIA_TYPE, headers=_FRESH)


def may_know(request: HttpRequest, *, with_database: bool = True) -> bool:
    """Has whoever asks the token, or a role that sees everything?"""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        ours = settings.METRICS_TOKEN
        if ours and hmac.compare_digest(secret.strip().encode(), ours.encode()):
            return True
        bearer = tokens.find(secret.strip(), at=timezone.now()) if with_database else None
        if bearer is None or not INSIDE.everywhere(bearer.person):
            return False
        uses.note(bearer, visitor(request), timezone.now())
        return True
    if not with_database or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    user = get_user(request)
    if not isinstance(user, User) or second_proof.is_due(request, user):
        return False
    return INSIDE.everywhere(user)
