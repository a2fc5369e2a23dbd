"""The morning on which nobody could log in, from the first report to the approved review; and the
major incident of today."""

from datetime import timedelta
from typing import Any

from evenkeel.core.demo.working_time import DAY
from evenkeel.core.people.models import User
from evenkeel.processes.incidents.demo.cast import CUSTOMERS, Cast
from evenkeel.processes.incidents.demo.live import Live
from evenkeel.processes.incidents.demo.troubles import WORKAROUND
from evenkeel.processes.incidents.models import Announcement, Incident, MajorIncidentReview

LEARNT: dict[str, Any] = {
    "effect": "For two hours and twenty minutes nobody could log in to notebooks, batch jobs, "
    "virtual machines and transfers; three customers, 23 reports. Whoever was in could go on.",
    "cause": "Version 4.2 of the login gateway sets the pool of connections to a third of what "
    "it was. The test of the release had 20 users, and the pool is used up by 60.",
    "went_well": "Declared five minutes after the first report. One voice to the outside, every "
    "hour. What was deployed the evening before was looked at first.",
    "went_badly": "Nobody saw that four services hang on one gateway, so it was no major change. "
    "Half an hour passed until two people of the emergency board were found.",
}
ACTIONS = (  # what, who, within how many days
    ("Test the gateway with 300 users before each release", "kofi", 7),
    ("Name two people of the emergency board for every hour", "priya", 14),
    ("Treat what three services share as major when it is altered", "felix", 60),
)
DAYS_AGO = 33  # working days
REPORTS = 22
CAUSE = "The new version of the login gateway opens too few connections; raised the limit."
HURT = ("Interactive Notebooks", "Batch Compute", "Virtual Machines", "Data Transfer")
TODAY = 95  # working minutes ago


def first_minute(cast: Cast) -> int:
    """08:42 on that day."""
    return max(0, len(cast.time.dates) - DAYS_AGO) * DAY + 42


def major(cast: Cast) -> Incident:
    """The whole story, with the reports of others."""
    told = _reported(cast, first_minute(cast), "ben", "Cannot log in to notebooks", HURT[0],
                     "The login page answers with an error after a minute.")  # fmt: skip
    reports = _declared(cast, told)
    _restored(cast, told)
    _confirmed(cast, told, reports)
    done: Incident = told.record
    return done


def _reported(
    cast: Cast, minute: int, login: str, title: str, service: str, description: str = ""
) -> Live:
    user = cast.people[login]
    told = Live(cast, Incident(), minute)
    told.do(
        "record", user, title=title, channel="portal",
        description=description,
        organisation=user.organisation, service=cast.services.get(service),
    )  # fmt: skip
    return told


def _declared(cast: Cast, told: Live) -> list[Live]:
    """Recognised, declared, coordinated; the others join as they come in."""
    nils, oskar, priya, emi = (cast.people[login] for login in ("nils", "oskar", "priya", "emi"))
    told.do("classify", nils, 2, category="Access / Login")
    told.do("prioritise", nils, 1, impact=1, urgency=1)
    reports = [_report(cast, told, number) for number in range(4)]
    told.do("declare_major", nils, 2, headline="Nobody can log in",
            text="Notebooks, batch jobs, virtual machines and transfers refuse logins. Whoever is "
            "logged in can go on; please do not log out.")  # fmt: skip
    told.do("name_coordinator", oskar, 1, coordinator=priya, reason="She leads from the start.")
    told.do("comment", priya, 1, text="Nobody can log in at the moment. We are on it.")
    reports += [_report(cast, told, number) for number in range(4, REPORTS)]
    told.work_off("Take the lead", priya, 6)
    told.do("escalate", emi, 9, kind="functional", team=cast.teams["Gateway team"],
            reason="All nodes of the login gateway refuse connections.")  # fmt: skip
    told.do("assign", priya, 1, team=cast.teams["Gateway team"], case_owner=cast.people["felix"])
    return reports


def _report(cast: Cast, main: Live, number: int) -> Live:
    """One more report, which joins the first."""
    login, service = CUSTOMERS[number % len(CUSTOMERS)], HURT[number % len(HURT)]
    minute = main.minute + number // 3
    told = _reported(cast, minute, login, f"No login to {service.lower()}", service)
    agent = cast.agent()
    told.do("join_parent", agent, 1, parent=Incident.objects.get(pk=main.record.pk))
    told.do("comment", agent, 1, text="We know: nobody can log in at the moment. We are on it.")
    return told


def _restored(cast: Cast, told: Live) -> None:
    """Found, told, restored by a workaround; with it all that joined."""
    priya, felix = cast.people["priya"], cast.people["felix"]
    told.do("note", felix, 24, text="The gateway was updated last night; the pool limit is lower.")
    _say(told, priya, 18, "The cause is found: the login gateway takes too few connections.")
    told.do("put_on_hold", priya, 28, hold_reason="change", note="Raise the connection limit.")
    told.do("resume", priya, 28)
    _say(told, priya, 10, "Logins work again on two of three nodes. Some of you must try twice.")
    told.work_off("Keep those concerned informed", priya)
    told.do("resolve", felix, 11, solution=CAUSE, resolution=WORKAROUND)
    told.work_off("Restore the service", felix, 2)
    told.work_off("Make sure that it holds", priya, 60)


def _say(told: Live, by: User, after: int, text: str) -> None:
    """To everybody, on the status page."""
    told.minute += after
    announcement = Announcement.objects.get(about=told.record.pk)
    Live(told.cast, announcement, told.minute).do("update", by, text=text)


def _confirmed(cast: Cast, told: Live, reports: list[Live]) -> None:
    """Two days later the review is approved and all is closed, by the desk or who reported it."""
    _reviewed(cast, told, told.minute + 2 * DAY)
    told.work_off("Review", cast.people["priya"], 2 * DAY + 90)
    for number, report in enumerate(reports):
        report.record = Incident.objects.get(pk=report.record.pk)
        report.minute = told.minute + 5 * number
        report.do("close", report.record.requester if number % 3 else cast.people["priya"])
    told.do("close", cast.people["priya"], 5)


def _reviewed(cast: Cast, told: Live, minute: int) -> None:
    """Written by the coordinator with those who took part, approved by the process owner."""
    priya = cast.people["priya"]
    review = Live(cast, MajorIncidentReview.objects.get(about=told.record.pk), minute)
    review.do("edit", priya, **LEARNT)
    for action, login, days in ACTIONS:
        due = cast.time.moment(minute) + timedelta(days=days)
        review.do("add_task", priya, 2, task=action, assigned_to=cast.people[login], due=due)
    review.do("submit", priya, 20)
    review.do("approve", cast.people["oskar"], 45)
    for task in review.record.tasks.order_by("pk")[:2]:
        review.do("complete_task", task.assigned_to, 4 * DAY, task=task.pk)


def major_of_today(cast: Cast) -> None:
    """One that goes on: declared an hour ago, the cause is known, users wait for word."""
    people = cast.people
    emi, anton, priya = people["emi"], people["anton"], people["priya"]
    minute = max(0, cast.time.until - TODAY)
    told = _reported(cast, minute, "hugo", "No transfer starts, at no site", "Data Transfer",
                     "Every transfer ends at once with: certificate not valid.")  # fmt: skip
    told.do("classify", emi, 4, category="Data transfer")
    told.do("prioritise", emi, 1, impact=1, urgency=1)
    told.do("comment", emi, 1, text="We see it, too, and look for the cause.")
    known: dict[str, Any] = {"parent": Incident.objects.get(pk=told.record.pk)}
    for number, login in enumerate(("chloe", "petra", "marta", "ivo", "yusuf")):
        other = _reported(cast, minute + 5 + number, login, "My transfers fail", "Data Transfer")
        other.do("join_parent", people["nils"], 1, **known)
        other.do("comment", people["nils"], 1, text="We know of it and are on it.")
    told.do("declare_major", emi, 7, coordinator=priya, reason="She takes both until Anton is in.",
            headline="Data transfers do not start",
            text="No transfer between sites starts. What is queued is not lost.")  # fmt: skip
    told.do("assign", priya, 5, team=cast.teams["Storage team"], case_owner=anton)
    told.work_off("Take the lead", priya, 4)
    told.do(
        "note", anton, 20, text="@emi @priya: the certificate of the nodes ran out at midnight."
    )
    _say(told, priya, 6, "A certificate has run out; a new one is on its way to all nodes.")
