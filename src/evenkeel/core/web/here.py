"""Who else is on the page of a record: asked by the page while it is seen, told in a line."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from evenkeel.core.people.models import User
from evenkeel.core.records import presence, visibility
from evenkeel.core.records.presence import Presence
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.visitor import signed_in


@require_POST
@signed_in
def tell(request: HttpRequest, user: User, collection: str, number: str) -> HttpResponseBase:
    """Keep that one is here, and say who else is; of those inside, to those inside."""
    record = record_of(screen_of(collection), user, number)
    if not visibility.is_inside(user, record.of_kind):
        return HttpResponse()
    now = timezone.now()
    presence.note(record, user, now, is_writing=request.POST.get("writing") == "yes")
    told = said(presence.others(record, user, now))
    return HttpResponse(told, content_type="text/plain; charset=utf-8")


def said(others: list[Presence]) -> str:
    """ "Astrid Aune is writing here. Bo Berg and Cy Carr are reading this." """
    writing = [str(one.person) for one in others if one.is_writing]
    reading = [str(one.person) for one in others if not one.is_writing]
    parts = [_sentence(writing, "writing here"), _sentence(reading, "reading this")]
    return " ".join(part for part in parts if part)


def _sentence(names: list[str], does: str) -> str:
    if not names:
        return ""
    *first, last = names
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"{listed} {'are' if first else 'is'} {does}."
