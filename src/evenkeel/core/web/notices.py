"""What one is told: the page of notices, the way to the record of each, and when mail comes."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evenkeel.core.directory.models import Person
from evenkeel.core.notices import addresses, spreading, wording
from evenkeel.core.notices.models import Notice
from evenkeel.core.notices.telling import As
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import kinds
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.web.page import draw
from evenkeel.core.web.portal.offer import offers
from evenkeel.core.web.portal.status import sources
from evenkeel.core.web.visitor import signed_in

PAGE = 30


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: HttpRequest, user: User) -> HttpResponseBase:
    """One's notices, newest first (GET); all of them are seen (POST)."""
    if request.method == "POST":
        _see(user)
        return redirect("/notices/")
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 16 else None
    found = wording.newest(user, PAGE + 1, before)
    context = {
        "layout": _layout(user),
        "told": wording.said(found[:PAGE]),
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "unseen": user.unseen_notices,
    }
    return draw(request, "notices.html", context)


@signed_in
def lead(request: HttpRequest, user: User, pk: int) -> HttpResponseBase:
    """From a notice to its record; the notice is seen by that."""
    notice = wording.of(user).select_related("record").filter(pk=pk).first()
    if notice is None:
        raise Http404("There is no such notice, or it is not for you.")
    _see(user, pk=pk)
    collection = kinds()[notice.record.of_kind].collection
    if notice.told_as == As.REQUESTER and collection in offers and not _is_staff(user):
        return redirect(f"/portal/cases/{notice.record.number}/")
    if collection in sources and not _is_staff(user):
        return redirect("/portal/status/")
    return redirect(notice.record.url)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: HttpRequest, user: User) -> HttpResponseBase:
    """When notices come by e-mail."""
    person = Person.objects.filter(user=user).first()
    owns = user.rights.hold_any(RoleType.SERVICE_OWNER)
    chosen = ("choose_notices", *(("choose_service_notices",) if owns else ()))
    actions = [registry[f"people.{verb}"] for verb in chosen]
    errors: dict[str, list[str]] = {}
    if person and request.method == "POST":
        try:
            with transaction.atomic():
                for action in actions:
                    given = action.clean(request.POST, by=user)
                    action(person, by=user, via=Via.PAGE, **given)
        except (Invalid, Denied) as refused:
            errors = refused.errors if isinstance(refused, Invalid) else {"": [str(refused)]}
        else:
            messages.success(request, "Your choice holds from now on.")
            return redirect("/notices/settings/")
    context = {
        "layout": _layout(user),
        "person": person,
        "fields": {k: v for one in actions for k, v in one.form_class.base_fields.items()},
        "given": request.POST if errors else {},
        "errors": errors,
        "address": user.email,
        "bounce": addresses.of(user),
        "owns": owns,
    }
    return draw(request, "notice_settings.html", context, status=422 if errors else 200)


def _see(user: User, **which: int) -> None:
    Notice.objects.filter(recipient=user, seen_at=None, **which).update(seen_at=timezone.now())
    spreading.recount(user)


def _is_staff(user: User) -> bool:
    return user.rights.is_staff


def _layout(user: User) -> str:
    return "base.html" if _is_staff(user) else "portal/base.html"
