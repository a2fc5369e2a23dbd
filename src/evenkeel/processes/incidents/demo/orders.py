"""The catalogue of the demonstration, and what was ordered from it: in every state."""

from datetime import datetime, timedelta
from typing import Any

from evenkeel.core.demo.working_time import DAY
from evenkeel.core.people.models import User
from evenkeel.core.process import DAYS
from evenkeel.core.records.entry import Via
from evenkeel.processes.incidents.actions import request_model
from evenkeel.processes.incidents.demo.cast import DESK, Cast
from evenkeel.processes.incidents.demo.live import Live
from evenkeel.processes.incidents.models import RequestModel, ServiceRequest

QUOTA, ACCOUNT, MACHINE = "Storage quota", "Account for a new colleague", "Virtual machine"
LIST, MODULE = "Mailing list", "Software for batch jobs"
CATALOGUE: dict[str, dict[str, Any]] = {
    QUOTA: {
        "service": "Research Storage & Archive", "wish": "change", "team": "Storage team",
        "category": "Storage / Quota", "approval": "service_owner", "within": "16 h",
        "offer": "More space for your project. Old runs may be cheaper in the archive; we tell you"
        " when that is so.",
        "questions": "Which project? | text | needed | help: As in the list of projects.\n"
        "How much more? | choice: 1 TB, 5 TB, more | needed\n"
        "How many TB? | number | needed | only if How much more? = more\n"
        "What is it for? | long | needed | only if How much more? = more\n"
        "Can old data go to the archive? | yes/no | needed",
        "steps": "Check the share of the customer\nRaise the quota\nMove what can go to the archive"
        "\nTell the user the new limit",
        "solution": "The quota is raised.",
    },
    ACCOUNT: {
        "service": "Interactive Notebooks", "wish": "access", "team": DESK, "category": "Access",
        "approval": None, "within": "8 h",
        "offer": "An account with notebooks and storage, and an invitation to your project.",
        "questions": "Name of the colleague | text | needed\nE-mail | text | needed\n"
        "First day | date | needed\nDo they leave again? | yes/no | needed\n"
        "Last day | date | needed | only if Do they leave again? = Yes",
        "steps": "Make the account\nInvite to the project\nSend the first steps",
        "solution": "The account is made; the first steps are in their mail.",
    },
    MACHINE: {
        "service": "Virtual Machines", "wish": "change", "team": "Compute team",
        "category": "Compute", "approval": "service_owner", "within": "",
        "offer": "A server of your own from our standard image, within a day once it is approved.",
        "questions": "What is it for? | long | needed\n"
        "Which size? | choice: small (2 cores), medium (4 cores), large (8 cores) | needed\n"
        "Must it be reached from outside? | yes/no | needed\n"
        "Which ports? | text | needed | only if Must it be reached from outside? = Yes"
        " | help: For example 443.",
        "steps": "Choose name and network\nMake it from the standard image\nOpen the ports"
        "\nHand it over",
        "solution": "The machine runs and is handed over.",
    },
    LIST: {
        "service": "Mailing & Collaboration", "wish": "change", "team": DESK, "category": "Mail",
        "approval": None, "within": "8 h",
        "offer": "A list for up to 500 members, with an archive for them to read.",
        "questions": "Name of the list | text | needed\nWho moderates it? | text | needed\n"
        "Is it open to everybody? | yes/no | needed",
        "steps": "Look whether the name is free\nMake the list\nInstruct the moderator",
        "solution": "The list is made, its moderator knows how.",
    },
    MODULE: {
        "service": "Batch Compute", "wish": "change", "team": "Compute team",
        "category": "Software", "approval": "process_manager", "within": "40 h",
        "offer": "Software as a module for batch jobs, kept for as long as somebody uses it.",
        "questions": "Which software, in which version? | text | needed\n"
        "Is a licence needed? | yes/no | needed\n"
        "Who pays for it? | text | needed | only if Is a licence needed? = Yes",
        "steps": "Look at the licence\nBuild it with the current compilers\nTest it with the user"
        "\nList it in the documentation",
        "solution": "The module is there and listed.",
    },
}  # fmt: skip
# Who, what, the answers, how many working days ago, and how far it has come.
ORDERS: tuple[tuple[str, str, tuple[str, ...], float, str], ...] = (
    ("lena", ACCOUNT, ("Nora Lind", "nora@cgc.example", "2026-09-01", "No"), 40, "closed"),
    ("marta", QUOTA, ("Lichen", "5 TB", "", "", "Yes"), 31, "closed"),
    ("hugo", MACHINE, ("Mining coins", "large (8 cores)", "Yes", "8333"), 24, "refused"),
    ("petra", LIST, ("steering", "Petra Novak", "No"), 12, "cancelled"),
    ("yusuf", MODULE, ("assembler 12", "No"), 9, "closed"),
    ("chloe", QUOTA, ("Survey 12", "1 TB", "", "", "No"), 3, "fulfilled"),
    ("rosa", MACHINE, ("The data portal", "medium (4 cores)", "Yes", "443"), 2, "on_hold"),
    ("ivo", ACCOUNT, ("Mila Horak", "mila@rco.example", "2026-12-01", "No"), 1, "in_progress"),
    ("dele", LIST, ("coastal-runs", "Dele Okoye", "Yes"), 0.4, "classified"),
    ("ben", QUOTA, ("Tidewater", "more", "12", "The autumn campaign.", "No"), 0.2, "approval"),
    ("lena", MODULE, ("aligner 4.1", "Yes", "The consortium"), 0.1, "approval"),
)
APPROVERS = {QUOTA: "mireille", MACHINE: "sofia", MODULE: "priya"}


def offer(cast: Cast, now: datetime) -> None:
    """Draft and approve the catalogue before the first order."""
    start = now - timedelta(days=DAYS)
    how: dict[str, Any] = {"at": start, "via": Via.DEMO}
    emi = cast.people["emi"]
    for title, terms in CATALOGUE.items():
        service = cast.services[terms["service"]]
        made = request_model.record(RequestModel(), by=emi, **how, title=title, service=service)
        request_model.draft(
            made, by=emi, **how, set_impact=4, set_urgency=3, set_team=cast.teams[terms["team"]],
            set_category=terms["category"],
            **{name: terms[name] for name in ("offer", "wish", "questions", "steps", "within")},
            approval=terms["approval"],
        )  # fmt: skip
        next_review = (now + timedelta(days=40)).date()
        request_model.approve(made, by=cast.people["priya"], **how, next_review=next_review)


def fill(cast: Cast) -> None:
    """Order, oldest first, and let each order come as far as it has."""
    for login, title, answers, ago, far in ORDERS:
        user = cast.people[login]
        minute = max(0, cast.time.until - 30 - int(ago * DAY))
        ordered = Live(cast, RequestModel.objects.get(title=title), minute)
        given = {f"q{place}": answer for place, answer in enumerate(answers, 1)}
        number = ordered.do("order", user, answers=given).told
        told = Live(cast, ServiceRequest.objects.get(number=number), minute)
        _go_on(cast, told, user, title, far)


def _go_on(cast: Cast, told: Live, user: User, title: str, far: str) -> None:
    if far == "approval":
        return
    if far == "cancelled":
        told.do("cancel", user, 20, reason="We take the list of the hub instead.")
        return
    if approver := APPROVERS.get(title):
        _decide(told, cast.people[approver], far)
    if far in {"refused", "classified"}:
        return
    _fulfil(cast, told, user, title, far)


def _decide(told: Live, by: User, far: str) -> None:
    if far == "refused":
        told.do("refuse", by, 45, reason="Machines are for the work of the project alone.")
    else:
        told.do("approve", by, 45, note="Fits into the share of the project.")


def _fulfil(cast: Cast, told: Live, user: User, title: str, far: str) -> None:
    agent = cast.members[CATALOGUE[title]["team"]][0]
    told.do("assign", agent, 30, case_owner=agent)
    told.do("comment", agent, 5, text="Thank you, we are on it.")
    if far == "on_hold":
        told.do("put_on_hold", agent, 20, hold_reason="user", note="Which name shall it have?")
    if far in {"on_hold", "in_progress"}:
        return
    told.work_off(title, agent, 120)
    told.do("fulfil", agent, 10, solution=CATALOGUE[title]["solution"])
    if far == "closed":
        told.do("close", user, 200)
