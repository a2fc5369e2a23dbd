"""Reply templates of the demonstration: what the service desk says again and again."""

from datetime import datetime, timedelta

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.process import DAYS
from evenkeel.core.records.entry import Via
from evenkeel.core.replies.actions import record
from evenkeel.core.replies.models import ReplyTemplate

_TEMPLATES = (
    (
        "nils",
        "Service desk",
        "We look into it",
        "Hello {requester},\n\nthank you for writing. We look into it under {number} and come back"
        " to you by {due}.\n\n{me}, service desk",
    ),
    (
        "emi",
        "Service desk",
        "Please send us the log",
        "Hello {requester},\n\nplease attach the log of the time at which it happened to {number};"
        " then we can see what {service} answered.\n\n{me}",
    ),
    (
        "nils",
        "",
        "Handing over",
        "Handing over {number} ({priority}, due {due}): what was tried so far, and what is left.",
    ),
)


def record_replies(people: dict[str, User], *, at: datetime) -> None:
    """Two for the desk, one that its owner keeps for themselves."""
    start = at - timedelta(days=DAYS)
    for login, team, title, text in _TEMPLATES:
        owner = User.objects.get(pk=people[login].pk)
        made = ReplyTemplate(title=title, text=text)
        shared = Team.objects.filter(title=team).first()
        record(made, by=owner, at=start, via=Via.DEMO, for_team=shared)
