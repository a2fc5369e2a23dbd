"""Templates in the field where one writes: suggested after a /, filled in by the server."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.replies.actions import offered
from evenkeel.core.replies.filling import filled
from evenkeel.core.replies.models import ReplyTemplate
from evenkeel.core.web import composing
from evenkeel.core.web.page import draw
from evenkeel.core.web.screen import Group, Screen
from evenkeel.core.web.visitor import signed_in

MOST = 8
SHOWN = 60  # characters of the text beside the name

Screen(
    ReplyTemplate,
    columns=("number", "title", "team", "state", "edited_at"),
    filters=("state", "team"),
    groups=(Group("Reply template", ("text", "team")),),
)


@require_safe
@signed_in
def suggest(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponseBase:
    """Templates whose name holds these letters, as they read on this record."""
    written = composing.read(request, user, collection, number)
    found = offered(user, written.begun.strip(), MOST) if written.may else ()
    options = []
    for one in found:
        text = filled(one.text, written.record, by=user, audience=written.audience)
        options.append((text, one.title, " ".join(text.split())[:SHOWN]))
    context = {"options": options, "field": written.field}
    return draw(request, "parts/options.html", context)
