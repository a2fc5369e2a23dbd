"""A panel of a record that comes when its page is there, so that the page does not wait for it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.web import verbs
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in


@require_safe
@signed_in
def show(
    request: HttpRequest, user: User, collection: str, number: str, name: str
) -> HttpResponseBase:
    """The panel; empty where it has nothing to say, or the reader may not do what it is for."""
    screen = screen_of(collection)
    later = next((each for each in screen.later if each.name == name), None)
    if later is None:
        raise Http404(f"There is no panel {name} of {collection}.")
    record = record_of(screen, user, number)
    panel = later.draw(record, user) if verbs.may(record, user, later.verb) else None
    if panel is None:
        return HttpResponse()
    title, template, context = panel
    said = {"title": title, "template": template, "context": context, "record": record}
    return draw(request, "parts/later.html", said)
