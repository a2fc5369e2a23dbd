"""How one reads: the page on which language, time zone and colours are chosen."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evenkeel.core.directory.models import Person
from evenkeel.core.people import manner
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Denied, Invalid, registry
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

_VERB = "people.choose_manner"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def choose(request: HttpRequest, user: User) -> HttpResponseBase:
    """Show what is chosen (GET), or choose (POST)."""
    person, errors = Person.objects.filter(user=user).first(), {}
    if person and request.method == "POST":
        action = registry[_VERB]
        try:
            action(person, by=user, via=Via.PAGE, **action.clean(request.POST, by=user))
        except (Invalid, Denied) as refused:
            errors = refused.errors if isinstance(refused, Invalid) else {"": [str(refused)]}
        else:
            messages.success(request, "Your choice holds from now on.")
            return _with_theme(redirect("/accounts/manner/"), request.POST.get("theme", ""))
    context = {
        "layout": "base.html" if user.rights.is_staff else "portal/base.html",
        "person": person,
        "fields": registry[_VERB].form_class.base_fields,
        "given": request.POST if errors else {},
        "errors": errors,
        "now": timezone.now(),
        "place": manner.of("", ""),
    }
    return draw(request, "account/manner.html", context, status=422 if errors else 200)


@require_POST
@signed_in
def choose_theme(request: HttpRequest, user: User) -> HttpResponseBase:
    """The colours alone, as the menu offers them; the browser shows them already."""
    person = Person.objects.filter(user=user).first()
    if person:
        action = registry[_VERB]
        try:
            given = action.clean({"theme": request.POST.get("theme", "")}, by=user)
            # The rest stays as it is, even a zone that is none any more.
            kept = {"language": user.language, "time_zone": user.time_zone}
            action(person, by=user, via=Via.PAGE, **(given | kept))
        except (Invalid, Denied) as refused:
            return HttpResponse(str(refused), content_type="text/plain", status=422)
    return HttpResponse(status=204)


def _with_theme(response: HttpResponse, theme: str) -> HttpResponse:
    """The pages of the door, which know nobody, are in the same colours in this browser."""
    if theme in manner.Theme.values:
        response.set_cookie("theme", theme, max_age=31_536_000, samesite="Lax")
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response
