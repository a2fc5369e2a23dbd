"""Who calls: the account behind a token, or whoever is signed in on the page that calls."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone

from evenkeel.core.people import second_proof, tokens, uses
from evenkeel.core.people.models import ApiToken, User
from evenkeel.core.rest.problems import Problem
from evenkeel.core.web.door import visitor

_CHALLENGE = {"WWW-Authenticate": "Bearer"}
_READING = frozenset({"GET", "HEAD"})


def identify(request: HttpRequest, scope: str = "") -> User:
    """The account for which to answer; `scope` is that of tokens for this address alone.

    Raises Problem: 401 for nobody, 403 for a token that may only read, or is for another address.
    """
    header = request.headers.get("Authorization", "")
    return _by_token(header, request, scope) if header else _by_session(request)


def _by_token(header: str, request: HttpRequest, own_scope: str) -> User:
    scheme, _, secret = header.partition(" ")
    token, now = None, timezone.now()
    if scheme.lower() == "bearer":
        token = tokens.find(secret.strip(), at=now)
    if token is None:
        raise Problem(401, "This token is not in force here.", headers=_CHALLENGE)
    uses.note(token, visitor(request), now, taking=_taking(request))
    _check(token.scope, own_scope, is_reading=request.method in _READING)
    return token.person


def _check(scope: str, own_scope: str, *, is_reading: bool) -> None:
    if scope == ApiToken.Scope.EVENTS:
        if is_reading or scope != own_scope:
            raise Problem(403, "This token may only report events.")
    elif not is_reading and scope != ApiToken.Scope.WRITE:
        raise Problem(403, "This token may only read.")


def _taking(request: HttpRequest) -> str:
    """The list that is read beyond its first page; whoever does so takes it away."""
    named = request.resolver_match.kwargs if request.resolver_match else {}
    return named["collection"] if set(named) == {"collection"} and "after" in request.GET else ""


def _by_session(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        raise Problem(401, "Sign in, or send a token.", headers=_CHALLENGE)
    if second_proof.is_due(request, user):
        raise Problem(403, "Your role needs a second proof: set one up on the page.")
    if request.method not in _READING and _csrf_refuses(request):
        raise Problem(403, "The page that sent this did not prove that it is one of ours (CSRF).")
    return user


def _csrf_refuses(request: HttpRequest) -> bool:
    """A cookie is sent by any page, a token by none; so only the cookie needs the proof."""
    check = CsrfViewMiddleware(lambda _: HttpResponse())
    check.process_request(request)
    return check.process_view(request, lambda _: HttpResponse(), (), {}) is not None
