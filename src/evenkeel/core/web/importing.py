"""Files of another system, brought in from a page: hand in, look, try, import, correct."""

from itertools import chain
from typing import Any

from django.contrib import messages
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evenkeel.core.imports import drafts, jobs, mending, preview, running, shelf, undoing
from evenkeel.core.imports.drafts import ImportDraft
from evenkeel.core.imports.models import ImportRun
from evenkeel.core.imports.permissions import IMPORTERS
from evenkeel.core.imports.profile import Profile, WrongProfile
from evenkeel.core.people.models import User
from evenkeel.core.rules import Invalid
from evenkeel.core.web import exporting
from evenkeel.core.web.exporting import BATCH
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.navigation import KERNEL, Line, offer
from evenkeel.core.web.page import draw, wants_fragment
from evenkeel.core.web.visitor import signed_in

STEPS = frozenset({"try", "import", "correct", "discard"})
POLL_ENDS = 286  # the status by which htmx stops asking
Errors = dict[str, list[str]]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest, user: User) -> HttpResponseBase:
    """Hand in files, and see what others or oneself have not finished."""
    running.check_may_import(user)
    errors: Errors = {}
    if request.method == "POST":
        try:
            draft = drafts.begin(
                user, request.FILES.getlist("files"), request.POST.get("profile", ""),
                request.FILES.get("own"),
            )  # fmt: skip
        except Invalid as refused:
            errors = {name: list(texts) for name, texts in refused.errors.items()}
        else:
            return redirect(f"/import/{draft.key}/")
    context = {
        "profiles": [(name, Profile.read(path).title) for name, path in shelf.profiles().items()],
        "chosen": request.POST.get("profile", ""),
        "errors": {name: errors.get(name, []) for name in ("files", "profile", "own")},
        "told": [(name, text) for name, texts in errors.items() for text in texts],
        "drafts": list(ImportDraft.objects.select_related("by").order_by("-changed_at")[:20]),
    }
    return draw(request, "imports/new.html", context, status=422 if errors else 200)


@require_safe
@signed_in
def show(request: HttpRequest, user: User, key: str) -> HttpResponseBase:
    """What an import would make of the files, how far it is, and how it ended."""
    draft = _draft(user, key)
    if wants_fragment(request) and not draft.is_busy:  # it has ended: the whole page says more
        return HttpResponse(status=POLL_ENDS, headers={"HX-Refresh": "true"})
    return _drawn(request, draft)


@require_POST
@signed_in
def act(request: HttpRequest, user: User, key: str, what: str) -> HttpResponseBase:
    """Try it out, bring it in, correct what was refused, or take the draft away."""
    draft = _draft(user, key)
    if what not in STEPS:
        raise Http404(f"There is no step {what} of an import.")
    if draft.is_busy:
        messages.info(request, "It is being done already; nothing else was begun.")
        return redirect(f"/import/{key}/")
    if what == "discard":
        drafts.discard(draft)
        messages.success(request, "The files were taken away. What is imported stays.")
        return redirect("/import/")
    if what == "correct" and draft.is_in:
        return _corrected(request, user, draft)
    if draft.is_in:
        messages.info(request, "These files are imported already.")
    elif what != "correct":
        jobs.start(draft, writes=what == "import")
    return redirect(f"/import/{key}/")


@require_safe
@signed_in
def refusals(request: HttpRequest, user: User, key: str) -> HttpResponseBase:
    """The refused rows as a file, to be corrected and handed in."""
    draft = _draft(user, key)
    if draft.is_busy or not draft.refusals.is_file():
        raise Http404("There are no refused rows.")
    name = f"refusals-{draft.run.number if draft.run else 'dry-run'}.csv"
    return FileResponse(draft.refusals.open("rb"), as_attachment=True, filename=name)


@require_safe
@signed_in
def kept(request: HttpRequest, user: User, number: str) -> HttpResponseBase:
    """The records that stayed when an import was undone, with the reasons."""
    run = record_of(screen_of(ImportRun.collection), user, number)
    rows = undoing.kept(run, user).order_by("pk").values_list("record__number", "why")
    return StreamingHttpResponse(
        exporting.as_csv(chain([("number", "why")], rows.iterator(BATCH))),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="kept-{run.number}.csv"',
            "Cache-Control": "private, no-store",
        },
    )


def may_import(user: User) -> bool:
    """Is this user among those who import?"""
    return IMPORTERS.everywhere(user)


def _draft(user: User, key: str) -> ImportDraft:
    running.check_may_import(user)
    found = ImportDraft.objects.select_related("by", "run").filter(key=key).first()
    if found is None:
        raise Http404("These files are not here any more.")
    return found


def _drawn(request: HttpRequest, draft: ImportDraft) -> HttpResponse:
    context: dict[str, Any] = {"draft": draft, "looks": [], "unknown": [], "wrong": ""}
    if not draft.is_busy and not draft.is_in:
        try:
            context["looks"], context["unknown"] = preview.looks(draft)
        except WrongProfile as told:
            context["wrong"] = str(told)
    context["refused"] = [] if draft.is_busy else preview.refused_rows(draft)
    return draw(request, "imports/draft.html", context, block="state")


def _corrected(request: HttpRequest, user: User, draft: ImportDraft) -> HttpResponseBase:
    """The cells are named "3:Opened": the row's place in the refusals file, and the column."""
    given = {}
    for name, text in request.POST.items():
        place, _, column = name.partition(":")
        if column and place.isascii() and place.isdecimal() and len(place) < 9:
            given[int(place), column] = str(text)
    made = mending.mend(draft, user, given)
    jobs.start(made, writes=False)
    return redirect(f"/import/{made.key}/")


offer(KERNEL, Line("Bring in records", "/import/", "import"), may_import)
