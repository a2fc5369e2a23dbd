"""What is open already, shown below a form while somebody types the title of a new record."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules.inputs import citation
from evenkeel.core.search.similar import similar
from evenkeel.core.web.columns import state_badge
from evenkeel.core.web.finding import screen_of
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

SHORTEST = 4  # letters


@require_safe
@signed_in
def show(request: HttpRequest, user: User, collection: str) -> HttpResponseBase:
    """The open records of the kind that are like what is typed; empty where there are none."""
    kind = screen_of(collection).model.kind()
    title = request.GET.get("title", "").strip()
    service = _service(user, request.GET.get("service", ""))
    found = similar(user, kind, title, service=service) if len(title) >= SHORTEST else []
    rows = [(record, state_badge(record.of_kind, record.state)) for record in found]
    return draw(request, "parts/similar.html", {"rows": rows, "service": service})


def _service(user: User, text: str) -> int | None:
    number = citation(text, account=False).replace("\0", "").upper()
    seen = Record.objects.visible_to(user).filter(number=number) if number else None
    return None if seen is None else seen.values_list("pk", flat=True).first()
