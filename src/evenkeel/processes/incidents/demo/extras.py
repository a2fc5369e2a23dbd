"""What hangs on the open work: tasks with steps, files, links between cases, watchers."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile

from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record
from evenkeel.core.records.tasks import Task
from evenkeel.core.rules import registry
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.demo import prepared
from evenkeel.processes.incidents.demo.cast import Cast
from evenkeel.processes.incidents.models import Incident, ServiceRequest

CALL = ("Call the user", "")
# What is to be done inside a case, by what its category begins with.
TASKS = {
    "Access": ("Look the account up", "Which account it is\nWhen it last signed in\nTry a login"),
    "Compute": ("Collect the logs of the job", "Job number and script\nLog of the scheduler"),
    "Data transfer": ("Compare checksums on both sides", "Ask the partner for the list\nCompare"),
    "Network": ("Collect logs for the supplier", "Export the interface counters\nSend them"),
    "Storage": ("Look at what fills the folder", "List the largest files\nAsk whose they are"),
}
FILES = (
    ("scheduler.log", "08:14:02 job 48213 pending (Resources)\n08:44:02 job 48213 pending\n"),
    ("error.txt", "OSError: [Errno 13] Permission denied: '/data/tidewater/run-118'\n"),
    ("traceroute.txt", " 1  gw.example  0.4 ms\n 2  * * *\n 3  * * *\n"),
    ("checksums.csv", "file,source,target\nrun-118.nc,9f2c,9f2d\nrun-119.nc,77ab,77ab\n"),
)


def fill(cast: Cast) -> None:
    """Do real verbs on the cases that are worked on; each comes after what was done before."""
    worked_on = ("in_progress", "on_hold")
    incidents: list[Any] = list(Incident.objects.filter(state__in=worked_on).order_by("pk"))
    requests = list(ServiceRequest.objects.filter(state__in=worked_on).order_by("pk"))
    for number, case in enumerate([*incidents[::2], *requests[::3]]):
        _give_task(cast, case, number)
    for case, (name, text) in zip(incidents[1::3], FILES, strict=False):
        _do(cast, case, "attach", cast.people["nils"], file=ContentFile(text.encode(), name=name))
    for one, other in zip(incidents[3:9:3], incidents[4:10:3], strict=False):
        _do(cast, one, "link", cast.people["nils"], target=Record.objects.get(pk=other.pk))
    prepared.choose(cast, incidents)
    _escalate(cast, incidents[2])
    _escalate_and_hand_back(cast, incidents[5])
    _look_at_records(cast)
    _convert(cast)
    _resolve_by_change(cast, [one for one in incidents if one.major == ""][-1])
    _join(cast, incidents)
    _wait_for_supplier(cast)
    _override(cast, incidents)
    _help_meanwhile(cast)
    _wait_for_maintenance(cast)
    for case in [*incidents[:6], *requests[:3]]:
        for login in ("priya", "nils", "oskar"):
            _do(cast, case, "watch", cast.people[login])


def _override(cast: Cast, incidents: list[Any]) -> None:
    """What the matrix cannot know: somebody who works with the user decides otherwise."""
    reasons = {
        "emi": "Its user leaves for the sea tomorrow.",
        "nils": "The review panel of the grant meets in this room.",
        "priya": "A workaround.",
    }
    free = [one for one in incidents if one.impact and one.major == "" and one.priority != 2]
    for case, (login, reason) in zip(free[::2], reasons.items(), strict=False):
        known = {"impact": case.impact, "urgency": case.urgency}
        _do(cast, case, "prioritise", cast.people[login], **known, priority=2, reason=reason)


def _help_meanwhile(cast: Cast) -> None:
    """What works for now makes the newest of the grave ones less urgent, and no less wide."""
    grave: Any = Incident.objects.filter(state="in_progress", major="", urgency__lt=3)
    grave = grave.filter(edited_at__lte=cast.time.now)
    for case in grave.exclude(priority_because__has_key="override").order_by("-pk")[:1]:
        helps = "The old host still answers: use its address until the new one is repaired."
        known = {"workaround": helps, "urgency": case.urgency + 1}
        _do(cast, case, "apply_workaround", cast.people["nils"], **known)


def _wait_for_supplier(cast: Cast) -> None:
    """What the network team works on, or what hangs on it, waits for who runs the lines."""
    works: Any = Incident.objects.filter(state="in_progress", major="", priority__isnull=False)
    on_lines = works.filter(team=cast.teams["Network team"])
    for case in (on_lines if on_lines.exists() else works).order_by("-pk")[:1]:
        how = {"hold_reason": "supplier", "supplier": cast.backbone}
        note = "They have found a broken fibre, and mend it."
        _do(cast, case, "put_on_hold", cast.people["diego"], **how, note=note)
        there = {"outside_system": "NetSpan", "outside_number": "NS-2026-0417"}
        for state in ("Accepted", "Technician on the way"):
            said = {**there, "outside_state": state}
            _do(cast, case, "note_elsewhere", cast.people["diego"], **said)
        words = f"We wait for the fibre with {case.number}. Please tell us by noon how far you are."
        _do(cast, case, "tell_supplier", cast.people["diego"], text=words)


def _wait_for_maintenance(cast: Cast) -> None:
    """Of what is worked on, the newest stands still while the storage is maintained, as agreed."""
    works: Any = Incident.objects.filter(state="in_progress", major="", priority__isnull=False)
    works = works.filter(edited_at__lte=cast.time.now)
    on_disks = works.filter(team=cast.teams["Storage team"])
    for case in (on_disks if on_disks.exists() else works).order_by("-pk")[:1]:
        how: dict[str, Any] = {"hold_reason": "maintenance", "begins": case.edited_at}
        how["ends"] = cast.time.now + timedelta(hours=3)
        note = "Agreed with your group: the disks are exchanged today."
        _do(cast, case, "put_on_hold", cast.people["anton"], **how, note=note)


def _join(cast: Cast, worked_on: list[Record]) -> None:
    """Reports of this morning that sound like something already worked on become part of it."""
    first = {_trouble(case): case for case in reversed(worked_on)}
    for case in Incident.objects.filter(state="classified").order_by("pk"):
        if parent := first.get(_trouble(case)):
            _do(cast, case, "join_parent", cast.people["nils"], parent=parent)


def _trouble(case: Record) -> str:
    return case.title.partition(",")[0]


def _resolve_by_change(cast: Cast, case: Any) -> None:
    """What waited for a maintenance window is done with it."""
    case.refresh_from_db()
    if case.state == "on_hold":
        _do(cast, case, "resume", cast.people["nils"])
    how = {"resolution": "via_change", "change": "RFC-118", "cause": "configuration"}
    told = "The new settings went live with the maintenance window."
    _do(cast, case, "resolve", cast.people["nils"], solution=told, **how)


def _convert(cast: Cast) -> None:
    """A wish that came as an incident, and an incident that came as a wish."""
    found: Any = Incident.objects.filter(state="classified", major="").order_by("-pk")
    alone = (one for one in found if not (queries.has_children(one) or queries.parents(one)))
    why = "Nothing is broken; more is asked for than was agreed."
    _do(cast, next(alone), "convert", cast.people["nils"], wish="access", reason=why)
    wishes: Any = ServiceRequest.objects.filter(state="classified", continues=None)
    wish = wishes.filter(request_model=None).order_by("-pk")[0]
    why = "It worked until yesterday: something is broken."
    _do(cast, wish, "convert", cast.people["emi"], reason=why)


def _look_at_records(cast: Cast) -> None:
    """The process manager has looked at some of the sample of this week; the others wait."""
    priya = cast.people["priya"]
    for model, seen in ((Incident, 6), (ServiceRequest, 4)):
        for case in queries.sample(priya, model, 10, cast.time.now)[:seen]:
            verdict = "sound" if case.is_good_record else "wanting"
            remark = "" if case.is_good_record else f"Without {' and '.join(case.lacks)}."
            _do(cast, case, "review_record", priya, record_review=verdict, remark=remark)


def _escalate(cast: Cast, case: Any) -> None:
    """To the process owner, so that exceptions are seen at the top, too."""
    if case.state == "on_hold":
        _do(cast, case, "resume", cast.people["priya"])
    oskar, reason = cast.people["oskar"], "The third time this month; a decision is needed."
    how = {"kind": "hierarchical", "reason": reason, "case_owner": oskar}
    _do(cast, case, "escalate", cast.people["priya"], **how)


def _escalate_and_hand_back(cast: Cast, case: Any) -> None:
    """One level up the path; and over to the manager for as long as something is decided."""
    case.refresh_from_db()
    reason = "The customer asks for a date that the desk cannot promise."
    _do(cast, case, "escalate_up", cast.people["nils"], reason=reason)
    how = {"kind": "hierarchical", "reason": reason, "case_owner": cast.people["priya"]}
    _do(cast, case, "escalate", cast.people["nils"], **how)
    agreed = "Agreed with the customer: by Friday noon."
    _do(cast, case, "hand_back", cast.people["priya"], reason=agreed)


def _give_task(cast: Cast, case: Any, number: int) -> None:
    title, steps = TASKS.get(case.category.partition(" / ")[0], CALL)
    if getattr(case, "major", ""):
        title, steps = CALL
    agent = cast.people[("nils", "emi", "felix", "priya", "sofia")[number % 5]]
    due = cast.time.now + timedelta(hours=4 + 9 * number)
    _do(cast, case, "add_task", agent, task=title, steps=steps, assigned_to=agent, due=due)
    task = Task.objects.filter(record_id=case.pk).latest("pk")  # a major incident has others
    for step in task.steps.order_by("position")[: number % 3]:
        _do(cast, case, "tick_step", agent, step=step.pk)


def _do(cast: Cast, case: Any, verb: str, by: User, **inputs: Any) -> None:
    at = min(max(case.edited_at, case.recorded_at) + timedelta(minutes=3), cast.time.now)
    action = registry[f"{case.collection}.{verb}"]
    case.edited_at = action(case, by=by, at=at, via=Via.DEMO, **inputs).edited_at
