"""The page of the portfolio that shows more than one record."""

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in
from evenkeel.processes.services import queries
from evenkeel.processes.services.screens.service import is_shown


@require_safe
@signed_in
def portfolio(request: HttpRequest, user: User) -> HttpResponseBase:
    """What the records of services lack, and what is to be reviewed."""
    if not is_shown(user):
        raise Denied("What the portfolio lacks is for those who work on services and agreements.")
    now = timezone.now()
    context = {
        "lacking": queries.lacking(user, now),
        "due": queries.due(user, now),
        "today": timezone.localdate(now),
    }
    return draw(request, "services/portfolio.html", context)
