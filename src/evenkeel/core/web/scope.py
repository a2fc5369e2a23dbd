"""The processes of FitSM-1: what was decided of each, and what the software carries (BASE-18)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenkeel.core.people.models import User
from evenkeel.core.process import ProcessConfig
from evenkeel.core.schemes import actions, scope
from evenkeel.core.schemes.models import Scheme
from evenkeel.core.web import processes
from evenkeel.core.web.navigation import KERNEL, Line, offer
from evenkeel.core.web.page import draw
from evenkeel.core.web.visitor import signed_in

UNDECIDED = "undecided"
STATUS = {**scope.STATUS, UNDECIDED: "Not decided"}
HERE = {"full": "Here", "light": "Light", "": "Not here"}
BASE = "/processes/"


@dataclass(frozen=True)
class Row:
    """One process of FitSM-1."""

    code: str
    requirement: str  # "PR9"
    title: str
    status: str  # of scope.STATUS, or UNDECIDED
    since: date | None
    because: str
    carried: str  # of HERE
    holds: str  # what of it is here
    url: str  # of its page; "" where there is none for this reader

    @property
    def says(self) -> str:
        """The status in words."""
        return STATUS[self.status]

    @property
    def here(self) -> str:
        """In words, what the software carries."""
        return HERE[self.carried]


def rows(reader: User | None, at: datetime) -> Iterator[Row]:
    """All processes in the order of FitSM-1; None reads for whoever is on the host."""
    version = scope.decided(at)
    for place, (code, title) in enumerate(scope.PROCESSES.items(), 1):
        one = version.read.of(code) if version else None
        carried = scope.CARRIED.get(code)
        yield Row(
            code,
            f"PR{place}",
            title,
            one.status if one else UNDECIDED,
            one.since if one else None,
            one.because if one else "",
            ("light" if carried.light else "full") if carried else "",
            carried.holds if carried else "",
            _page(carried.process, reader) if carried and carried.process else "",
        )


def _page(label: str, reader: User | None) -> str:
    config = apps.app_configs.get(label)
    if not isinstance(config, ProcessConfig):
        return ""
    return f"{BASE}{label}/" if reader is None or processes.may_open(config, reader) else ""


def plain(row: Row) -> dict[str, Any]:
    """A row in plain values."""
    return {
        "code": row.code,
        "requirement": row.requirement,
        "title": row.title,
        "status": row.status,
        "since": row.since.isoformat() if row.since else None,
        "because": row.because,
        "carried": row.carried or "none",
        "holds": row.holds,
        "page": row.url or None,
    }


@require_safe
@signed_in
def show(request: HttpRequest, user: User) -> HttpResponseBase:
    """The 14 processes, each with its status in the scope of the SMS."""
    now = timezone.now()
    seen: Any = Scheme.objects.visible_to(user)
    scheme = seen.filter(scheme_kind=scope.NAME, context=scope.CONTEXT).first()
    context = {
        "rows": list(rows(user, now)),
        "scheme": scheme,
        "version": scope.decided(now),
        "may_draft": bool(scheme and actions.draft.may(user, scheme)),
    }
    return draw(request, "processes.html", context)


offer(KERNEL, Line("Processes", BASE, "process"))
