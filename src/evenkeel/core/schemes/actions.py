"""The verbs of a scheme: draft a version, approve it, discard it (BASE-17)."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions, Asked, Invalid, drafting
from evenkeel.core.schemes import lifecycle, permissions
from evenkeel.core.schemes.kinds import as_choices
from evenkeel.core.schemes.models import Scheme, SchemeVersion

Standing = SchemeVersion.Standing
Given = dict[str, Any]

action = Actions(
    Scheme,
    lifecycle.SCHEME,
    permissions.SCHEME,
    visible=permissions.VISIBLE,
    inside=permissions.INSIDE,
)


@action(fields=True)
def record(
    scheme: Scheme,
    *,
    by: User,
    at: datetime,
    scheme_kind: Annotated[str, Asked("Kind of scheme", choices=as_choices)],
    context: Annotated[str, Asked("Process", "Its code, e.g. ISRM.", max_length=20)],
) -> None:
    """Set up a scheme for a process that has none of this kind; then draft its first version."""
    if Scheme.objects.filter(scheme_kind=scheme_kind, context=context).exists():
        raise Invalid({"context": [f"{context} has a scheme of this kind; draft a version of it."]})
    scheme.scheme_kind, scheme.context = scheme_kind, context


@action
def draft(
    scheme: Scheme,
    *,
    by: User,
    at: datetime,
    content: Annotated[dict, Asked("Content")],  # type: ignore[type-arg]  # any JSON object
    because: Annotated[str, Asked("Why it is edited", long=True)] = "",
) -> Given:
    """Write the next version, or go on with the one being written; nothing uses it yet."""
    read = scheme.its_kind.read(content)
    scheme.its_kind.complete(read, at)
    content = msgspec.to_builtins(read)  # with what was left out
    return drafting.write(scheme, content, because, by=by, at=at)


@action
def discard(
    scheme: Scheme, *, by: User, at: datetime, reason: Annotated[str, Asked("Reason", long=True)]
) -> Given:
    """Drop the version being written; it is kept as evidence and used nowhere."""
    return drafting.drop(scheme, reason)


@action(public=True)
def approve(
    scheme: Scheme,
    *,
    by: User,
    at: datetime,
    version: Annotated[int | None, Asked("Version", "The one you have read.")] = None,
) -> Given:
    """Put the drafted version in force from now on; records keep the version that decided."""
    drafted = drafting.found(scheme, version)
    scheme.its_kind.read(drafted.content)
    scheme.versions.filter(standing=Standing.IN_FORCE).update(standing=Standing.SUPERSEDED)
    drafted.standing = Standing.IN_FORCE
    drafted.approved_by, drafted.approved_at = by, at
    drafted.save(update_fields=["standing", "approved_by", "approved_at"])
    scheme.edition += 1
    return {"version": drafted.number}
