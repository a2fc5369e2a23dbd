"""Templates in the field where one writes: suggested after a /, filled in by the server."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Audience
from evenkeel.core.replies.actions import offered
from evenkeel.core.replies.filling import filled
from evenkeel.core.replies.models import ReplyTemplate
from evenkeel.core.rules import registry
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.page import draw
from evenkeel.core.web.screen import Group, Screen
from evenkeel.core.web.visitor import signed_in

MOST, LONGEST = 8, 80
SHOWN = 60  # characters of the text beside the name
_VERBS = {Audience.PUBLIC: "comment", Audience.INTERNAL: "note"}

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
    record = record_of(screen_of(collection), user, number)
    asked = request.GET
    audience = Audience.PUBLIC if asked.get("audience") == Audience.PUBLIC else Audience.INTERNAL
    action = registry.get(f"{collection}.{_VERBS[audience]}")
    may = bool(action and action.may(user, record))
    begun = asked.get("text", "").replace("\0", "")[:LONGEST].strip()
    found = offered(user, begun, MOST) if may else ()
    options = []
    for one in found:
        text = filled(one.text, record, by=user, audience=audience)
        options.append((text, one.title, " ".join(text.split())[:SHOWN]))
    context = {"options": options, "field": asked.get("field", "field")}
    return draw(request, "parts/options.html", context)
