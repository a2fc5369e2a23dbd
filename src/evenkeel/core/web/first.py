"""The first account of an empty installation, by a link that only the operator has seen.

`evenkeel run` prints it while nobody can sign in. It is signed with the secret key of the
installation and ends after a day, and with the first account there is.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core import signing
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_http_methods

from evenkeel.core.directory.models import Organisation, Person, Role
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Invalid, registry
from evenkeel.core.web.page import draw

LASTS = 24 * 3600  # seconds
_SALT = "first account"
_LOCK = 0x65766C  # of the database: of two who come at once, one is too late
_FIELDS = ("organisation", "title", "login", "email", "password", "again")


def is_open() -> bool:
    """Is there nobody who could sign in?"""
    people = User.objects.filter(is_active=True, is_system=False).exclude(password="")
    return not people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()


def address() -> str:
    """The link that makes the first account; a new one each time."""
    ticket = signing.TimestampSigner(salt=_SALT).sign(get_random_string(22))
    return f"{settings.EVENKEEL_URL}/accounts/first/{ticket}/"


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, ticket: str) -> HttpResponseBase:
    """Name your organisation, yourself and a password: you become the SMS owner."""
    try:
        signing.TimestampSigner(salt=_SALT).unsign(ticket, max_age=LASTS)
    except signing.BadSignature as wrong:
        raise Http404("This link is none, or it has ended. A start prints a new one.") from wrong
    given = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    given |= {name: request.POST.get(name, "") for name in ("password", "again")}
    errors: dict[str, list[str]] = {}
    with transaction.atomic():
        if not _is_ours_to_make():
            raise Http404("There is an account already; whoever has it records the others.")
        if request.method == "POST":
            errors = _made(given)
            transaction.set_rollback(bool(errors))
            if not errors:
                messages.success(request, "The first account is there. Sign in with it.")
                return redirect("account_login")
    context: dict[str, Any] = {"given": given, "errors": errors}
    return draw(request, "account/first.html", context, status=422 if errors else 200)


def _is_ours_to_make() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    return is_open()


def _made(given: dict[str, str]) -> dict[str, list[str]]:
    """Record the person, their password and their role; what is wrong, by field."""
    if given["password"] != given["again"]:
        return {"again": ["The two passwords are not the same."]}
    sms, via = User.objects.the_sms(), Via.PAGE
    record, choose = registry["people.record"], registry["people.set_password"]
    try:
        named = {name: given[name] for name in ("title", "login", "email")}
        named["organisation"] = _provider(given["organisation"], sms).number
        person = record(Person(), by=sms, via=via, **record.clean(named, by=sms))
        choose(person, by=sms, via=via, **choose.clean({"password": given["password"]}, by=sms))
        role = Role.objects.get(role_type=RoleType.SMS_OWNER, is_open=True)
        registry["roles.assign"](role, by=sms, via=via, person=person.user)
    except Invalid as refused:
        return refused.errors
    return {}


def _provider(title: str, sms: User) -> Organisation:
    """The organisation of this name; a new one provides the services."""
    known: Any = Organisation.objects.filter(title__iexact=title, is_open=True).first()
    if known is None:
        record = registry["organisations.record"]
        try:
            given = record.clean({"title": title, "part": Organisation.Part.PROVIDER}, by=sms)
        except Invalid as refused:
            why = refused.errors.get("title", [str(refused)])
            raise Invalid({"organisation": why}) from refused
        known = record(Organisation(), by=sms, via=Via.PAGE, **given)
    provider: Organisation = known
    return provider
