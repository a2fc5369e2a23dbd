"""Beside the service calendars: when their feeds of days off were read, and what was amiss."""

from typing import Any

from evenkeel.core.clocks import calendars
from evenkeel.core.clocks.feeding import CalendarFeed
from evenkeel.core.people.models import User
from evenkeel.core.schemes.models import Scheme, SchemeVersion

Panel = tuple[str, str, dict[str, Any]]
_STANDING = SchemeVersion.Standing


def beside(scheme: Scheme, reader: User) -> Panel | None:
    """Those that a version in force or a draft names, with what was found there last."""
    if scheme.scheme_kind != calendars.NAME:
        return None
    versions = scheme.versions.filter(standing__in=(_STANDING.IN_FORCE, _STANDING.DRAFT))
    found = [one.read for one in versions.select_related("scheme").order_by("number")]
    named = [one.feed for content in found for one in content.calendars if one.feed]
    if not named:
        return None
    known = {one.address: one for one in CalendarFeed.objects.filter(address__in=named)}
    feeds = [known.get(one, CalendarFeed(address=one)) for one in dict.fromkeys(named)]
    return "Feeds of days off", "schemes/feeds.html", {"feeds": feeds}
