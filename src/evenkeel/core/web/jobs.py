"""How the installation does: what was looked at, the jobs, and the timetable."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from evenkeel.core.directory.permissions import INSIDE
from evenkeel.core.jobs import actions, listing
from evenkeel.core.operation import looks
from evenkeel.core.people.models import User
from evenkeel.core.rules import Denied
from evenkeel.core.web.door import visitor
from evenkeel.core.web.navigation import KERNEL, Line, offer
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

_DONE = {"try_again": "{} will be tried again within seconds.", "give_up": "{} is given up."}


@require_safe
@signed_in
def show(request: HttpRequest, user: User) -> HttpResponseBase:
    """What works, what waits and what failed."""
    if not INSIDE.everywhere(user):
        raise Denied("Only the SMS owner, the SMS manager or an auditor may see the jobs.")
    jobs = listing.not_done()
    jobs.sort(key=lambda job: ("failed", "stalled", "running", "queued").index(job.state))
    context = {
        "looked": [*looks.ready().items(), *looks.sound().items()],
        "jobs": jobs,
        "lines": list(listing.lines()),
        "may": actions.may(user),
    }
    return draw(request, "jobs.html", context)


@require_POST
@signed_in
def do(request: HttpRequest, user: User, pk: int, verb: str) -> HttpResponseBase:
    """Let a job be tried again, or give it up."""
    if verb not in actions.VERBS:
        raise Http404
    try:
        name = actions.VERBS[verb](pk, by=user, visitor=visitor(request))
    except actions.NotNow as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _DONE[verb].format(name))
    return redirect("jobs")


offer(KERNEL, Line("Operation", "/jobs/", "clock"), INSIDE.everywhere)
