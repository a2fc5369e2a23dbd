"""The pages of a scheme: what is in force, what is drafted and how that differs, and the editor."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from evenkeel.core.people.models import User
from evenkeel.core.privacy import retention
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Denied, Invalid, Stale
from evenkeel.core.schemes import actions
from evenkeel.core.schemes import retention as rules
from evenkeel.core.schemes.kinds import gaps
from evenkeel.core.schemes.models import Scheme, SchemeVersion
from evenkeel.core.web import feeds, scheme_forms
from evenkeel.core.web.finding import record_of, screen_of
from evenkeel.core.web.page import draw, wants_fragment
from evenkeel.core.web.screen import Beside, Group, Screen
from evenkeel.core.web.visitor import signed_in

SHOWN = 50  # versions in the panel
Panel = tuple[str, str, dict[str, Any]]
panels: dict[str, Beside] = {}  # kind of scheme -> a panel that a process draws beside it
_STANDING = SchemeVersion.Standing


def in_force(scheme: Scheme, reader: User) -> Panel | None:
    """The version by which is decided now."""
    version = _in_force(scheme)
    if version is None:
        return None
    template = f"schemes/{scheme.scheme_kind}.html"
    return f"Version {version.number}, in force", template, {"content": version.read}


def left(scheme: Scheme, reader: User) -> Panel | None:
    """The set-up check: what the version in force leaves to be set up."""
    version = _in_force(scheme)
    found = _gaps(scheme, version) if version else []
    return ("Still to be set up", "schemes/gaps.html", {"gaps": found}) if found else None


def _gaps(scheme: Scheme, version: SchemeVersion) -> list[str]:
    look = gaps.get((scheme.scheme_kind, scheme.context))
    return look(version.read, timezone.now()) if look else []


def drafted(scheme: Scheme, reader: User) -> Panel | None:
    """The version being written, and in what it differs."""
    version = scheme.open_draft()
    if version is None:
        return None
    earlier = _in_force(scheme)
    edits = version.read.edits_of(earlier.read) if earlier else None
    context = {"version": version, "edits": edits, "content": version.read}
    context["gaps"] = _gaps(scheme, version)
    context["template"] = f"schemes/{scheme.scheme_kind}.html"
    return f"Version {version.number}, draft", "schemes/drafted.html", context


def versions(scheme: Scheme, reader: User) -> Panel:
    """All versions, the newest first, with who approved them."""
    found = scheme.versions.select_related("drafted_by", "approved_by").order_by("-number")
    return "Versions", "schemes/versions.html", {"versions": found[:SHOWN]}


def of_its_kind(scheme: Scheme, reader: User) -> Panel | None:
    """What a process has to say beside the schemes of a kind."""
    draw = panels.get(scheme.scheme_kind)
    return draw(scheme, reader) if draw else None


def retained(scheme: Scheme, reader: User) -> Panel | None:
    """What would go now by the retention rules: of the draft where there is one."""
    if scheme.scheme_kind != rules.NAME:
        return None
    draft = scheme.open_draft()
    version = draft or _in_force(scheme)
    if version is None:
        return None
    context = {
        "counts": retention.counts(version.read, timezone.now()),
        "why": "the draft is approved" if draft else "the next night",
    }
    return "What would go now", "schemes/retention_counts.html", context


Screen(
    Scheme,
    columns=("number", "title", "state", "scheme_kind", "context", "edited_at"),
    filters=("state", "scheme_kind", "context"),
    groups=(Group("Scheme", ("context", "scheme_kind", "purpose")),),
    above=(drafted, left, in_force, retained),
    beside=(versions, of_its_kind, feeds.beside),
)


@signed_in
def draft(request: HttpRequest, user: User, number: str) -> HttpResponseBase:
    """The editor of the next version (GET), and keeping what was written in it (POST)."""
    if wants_fragment(request) and request.method == "GET":  # too wide for the sheet
        return HttpResponse(status=204, headers={"HX-Redirect": request.path})
    scheme = _scheme(user, number)
    if request.method != "POST":
        return _editor(request, user, scheme, _begun(scheme))
    sent = request.POST
    face = scheme_forms.FACES[scheme.scheme_kind]
    content, version = face.sent(sent), sent.get("version", "")
    try:
        actions.draft(
            scheme,
            by=user,
            via=Via.PAGE,
            expected_version=int(version) if version.isdecimal() else None,
            content=content,
            because=sent.get("because", ""),
        )
    except Invalid as refused:
        reasons = [reason for reasons in refused.errors.values() for reason in reasons]
        return _editor(request, user, scheme, content, reasons, status=422)
    except Denied as denied:
        return _editor(request, user, scheme, content, [str(denied)], status=403)
    except Stale as stale:
        return _editor(request, user, scheme, content, [str(stale)], status=409)
    messages.success(request, "The draft is kept; nothing uses it until it is approved.")
    return redirect(scheme.url)


def _scheme(user: User, number: str) -> Scheme:
    found = record_of(screen_of("schemes"), user, number)
    if not isinstance(found, Scheme):
        raise Http404(f"{number} is no scheme.")
    return found


def _begun(scheme: Scheme) -> Mapping[str, Any]:
    """What the editor opens with: the draft, else what is in force, else an empty sheet."""
    version = scheme.open_draft() or _in_force(scheme)
    return version.content if version else {}


def _in_force(scheme: Scheme) -> SchemeVersion | None:
    found = scheme.versions.filter(standing=_STANDING.IN_FORCE).first()
    if found:
        found.scheme = scheme
    return found


def _editor(
    request: HttpRequest,
    user: User,
    scheme: Scheme,
    content: Mapping[str, Any],
    errors: list[str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    answer = actions.draft.may(user, scheme)
    open_draft = scheme.open_draft()
    context = {
        "record": scheme,
        "face": scheme_forms.FACES[scheme.scheme_kind],
        "sheet": scheme_forms.FACES[scheme.scheme_kind].sheet(content, scheme.context),
        "because": request.POST.get("because", open_draft.because if open_draft else ""),
        "errors": [("", reason) for reason in errors or []],
        "why_not": answer.reason,
        "barred": not answer and request.method != "POST",
        "stale": None,
        "returned": status != 200,
    }
    if status == 200 and not answer:
        status = 403
    return draw(request, "schemes/draft.html", context, status=status)
