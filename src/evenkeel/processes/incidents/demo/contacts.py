"""Calls and visits: some led to an incident, others were solved at once."""

from evenkeel.core.demo.rehearsal import Rehearsal, write
from evenkeel.core.records.links import LinkKind
from evenkeel.core.rules import registry
from evenkeel.processes.incidents.actions import contact as contacts
from evenkeel.processes.incidents.demo.cast import Cast
from evenkeel.processes.incidents.models import Contact, Incident

SOLVED_AT_ONCE = 64
SMALL_MATTERS = (
    ("Forgotten password", "Access / Login"),
    ("Where is the service status page", "Other"),
    ("How to change the mail signature", "Mail"),
    ("Opening hours of the machine room", "Other"),
    ("Which form for a new project", "Other"),
    ("How to read the queue of the cluster", "Compute / Queue"),
)


def fill(cast: Cast, incidents: list[Incident]) -> None:
    """Record the calls and visits behind incidents, and the small matters."""
    called = [one for one in incidents if one.channel in {"phone", "walk_in"}]
    told = [_behind(cast, incident) for incident in called]
    told += [
        _small_matter(cast, minute) for minute in cast.time.arrivals(SOLVED_AT_ONCE, cast.chance)
    ]
    write(sorted(told, key=lambda one: one.entries[0].at), cast.time.now)


def _behind(cast: Cast, incident: Incident) -> Rehearsal:
    """The call in which the incident was reported, closed when it was taken up."""
    agent, at = cast.agent(), incident.recorded_at
    told = Rehearsal(Contact)
    told.do(
        contacts.record, by=agent, at=at, title=incident.title, requester=incident.requester,
        channel=incident.channel, category=incident.category,
        handled_for=cast.chance.randint(90, 600),
    )  # fmt: skip
    told.link(registry["contacts.link"], incident, LinkKind.REPORTED_AS, by=agent, at=at)
    told.do(contacts.close, by=agent, at=at)
    return told


def _small_matter(cast: Cast, minute: int) -> Rehearsal:
    title, category = cast.chance.choice(SMALL_MATTERS)
    agent, at = cast.agent(), cast.time.moment(minute)
    told = Rehearsal(Contact)
    told.do(
        contacts.record, by=agent, at=at, title=title, requester=cast.user(), category=category,
        channel=cast.chance.choice(("phone", "phone", "walk_in")), solved_at_first_contact=True,
        handled_for=cast.chance.randint(40, 400),
    )  # fmt: skip
    told.do(contacts.close, by=agent, at=at)
    return told
