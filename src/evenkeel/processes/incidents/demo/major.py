"""The morning on which nobody could log in: a major incident and the reports of it."""

from evenkeel.core.demo.rehearsal import Rehearsal
from evenkeel.core.demo.working_time import DAY
from evenkeel.core.records.links import LinkKind
from evenkeel.core.rules import registry
from evenkeel.processes.incidents.demo.cast import CUSTOMERS, Cast
from evenkeel.processes.incidents.demo.histories import History
from evenkeel.processes.incidents.demo.troubles import TROUBLES, WORKAROUND
from evenkeel.processes.incidents.models import Incident

DAYS_AGO = 33  # working days
REPORTS = 22
CAUSE = "The new version of the login gateway opens too few connections; raised the limit."
HURT = ("Interactive Notebooks", "Batch Compute", "Virtual Machines", "Data Transfer")


def first_minute(cast: Cast) -> int:
    """08:42 on that day."""
    return max(0, len(cast.time.dates) - DAYS_AGO) * DAY + 42


def major(cast: Cast) -> Rehearsal:
    """The first report, which became the major incident."""
    people = cast.people
    nils, emi, felix, priya = (people[login] for login in ("nils", "emi", "felix", "priya"))
    told = History(cast, TROUBLES[0], first_minute(cast))
    told.user = people["ben"]
    told.do("record", told.user, 0, title="Cannot log in to notebooks", channel="portal",
            description="The login page answers with an error after a minute.",
            organisation=told.user.organisation,
            service=cast.services.get("Interactive Notebooks"))  # fmt: skip
    told.do("classify", nils, 2, category="Access / Login")
    told.do("prioritise", nils, 1, impact=1, urgency=1)
    told.do("declare_major", nils, 2)
    told.do("name_coordinator", people["oskar"], 1, coordinator=priya,
            reason="She leads; who repairs is still to be found.")  # fmt: skip
    told.say("Nobody can log in at the moment. We inform you here every hour.", priya, 2)
    told.do("escalate", emi, 15, kind="functional", team=cast.teams["Gateway team"],
            reason="All nodes of the login gateway refuse connections.")  # fmt: skip
    told.do("assign", priya, 1, team=cast.teams["Gateway team"])
    told.say("The gateway was updated last night; the pool limit is lower than before.", felix, 24,
             "note")  # fmt: skip
    told.say("The cause is found. An emergency change is being decided.", priya, 18)
    told.do("put_on_hold", priya, 28, hold_reason="change", note="Raise the connection limit.")
    told.do("resume", priya, 28)
    told.say("Logins work again on two of three nodes.", priya, 10)
    told.do("resolve", priya, 11, solution=CAUSE, resolution=WORKAROUND)
    told.say("Review held: causes, timeline and three actions agreed.", priya, 2 * DAY, "note")
    told.do("close", priya, 5)
    return told.rehearsal


def reports(cast: Cast, main: Incident) -> list[tuple[int, Rehearsal]]:
    """What others reported that morning, each with its first minute; resolved together."""
    return [
        (first_minute(cast) + 4 + number, _report(cast, main, number)) for number in range(REPORTS)
    ]


def _report(cast: Cast, main: Incident, number: int) -> Rehearsal:
    user = cast.people[CUSTOMERS[number % len(CUSTOMERS)]]
    service = HURT[number % len(HURT)]
    agent = cast.agent()
    told = History(cast, TROUBLES[0], first_minute(cast) + 4 + number)
    told.do("record", user, 0, title=f"No login to {service.lower()}", channel="portal",
            organisation=user.organisation, service=cast.services.get(service))  # fmt: skip
    told.do("classify", agent, 3, category="Access / Login")
    told.rehearsal.link(
        registry["incidents.link"], main, LinkKind.PART_OF,
        by=agent, at=cast.time.moment(told.minute),
    )  # fmt: skip
    told.do("prioritise", agent, 1, impact=2, urgency=1)
    told.say("We know: nobody can log in at the moment. We are on it.", agent, 2)
    told.do("resolve", agent, 141 - number, solution=f"Same cause as {main.number}. {CAUSE}",
            resolution=WORKAROUND)  # fmt: skip
    told.do("close", user if number % 3 else cast.people["priya"], 60 + 30 * number)
    return told.rehearsal
