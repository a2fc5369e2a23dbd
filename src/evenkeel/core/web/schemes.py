"""The page of a scheme: what the version in force says, what is drafted, and every version."""

from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.schemes import categories, priority
from evenkeel.core.schemes.models import Scheme, SchemeVersion
from evenkeel.core.web.screen import Group, Screen

Panel = tuple[str, str, dict[str, Any]]
# How the content of each kind is drawn.
DRAWN = {priority.NAME: "beside/matrix.html", categories.NAME: "beside/categories.html"}
Standing = SchemeVersion.Standing


def in_force(scheme: Scheme, reader: User) -> Panel | None:
    """What holds now."""
    return _content(scheme, Standing.IN_FORCE, "In force")


def drafted(scheme: Scheme, reader: User) -> Panel | None:
    """What is being written and holds once it is approved."""
    return _content(scheme, Standing.DRAFT, "Draft")


def versions(scheme: Scheme, reader: User) -> Panel | None:
    """Every version: who wrote it and why, who approved it and when."""
    found = list(scheme.versions.select_related("drafted_by", "approved_by").order_by("-number"))
    return ("Versions", "beside/versions.html", {"versions": found}) if found else None


def _content(scheme: Scheme, standing: str, title: str) -> Panel | None:
    version = scheme.versions.filter(standing=standing).first()
    if version is None or scheme.scheme_kind not in DRAWN:
        return None
    version.scheme = scheme  # known already, so not read again
    return (
        f"{title}: version {version.number}",
        DRAWN[scheme.scheme_kind],
        {"content": version.read},
    )


SCHEME = Screen(
    Scheme,
    columns=("number", "title", "context", "state", "edited_at"),
    filters=("state",),
    groups=(Group("Scheme", ("purpose", "context")),),
    beside=(in_force, drafted, versions),
)
