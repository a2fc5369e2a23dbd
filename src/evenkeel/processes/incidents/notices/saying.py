"""In which words, and to whom, the entries of cases are told where that hangs on the entry."""

from collections.abc import Mapping
from datetime import datetime

from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.core.rules import confiding
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.models import Case

_WAITING: Mapping[str, str] = {
    Case.HoldReason.USER: "We need your answer to go on with “{title}”.",
    Case.HoldReason.SUPPLIER: "“{title}” waits for a company that works for us.",
    Case.HoldReason.CHANGE: "“{title}” waits until something is changed in the service.",
    Case.HoldReason.MAINTENANCE: "“{title}” waits until the agreed maintenance is over.",
}

_OTHERS: Mapping[str, str] = {
    Case.HoldReason.SUPPLIER: "a supplier",
    Case.HoldReason.CHANGE: "a change",
}


def held(entry: Entry) -> str:
    reason = entry.difference.get("hold_reason", ("", ""))[1]
    return _WAITING.get(reason, "“{title}” has to wait.")


def waited(entry: Entry) -> str:
    """To the requester, of what goes on by itself."""
    if entry.given.get("held") == Case.HoldReason.MAINTENANCE:
        return "The agreed maintenance is over, and we go on with “{title}”."
    return "We go on with “{title}” without your answer. You can still write to us."


def waits_on(entry: Entry) -> str:
    """To those inside, of what waits for others for longer than it may."""
    whom = _OTHERS.get(entry.given.get("held", ""), "others")
    return f"{{number}} “{{title}}” waits for {whom}, longer than it may."


def _clock(entry: Entry) -> str:
    """ "resolution", "resolution (AGR-7 with NetSpan)"."""
    of = _plainly(entry.given.get("of", ""))
    return f"{entry.given['clock']} ({of})" if of else str(entry.given["clock"])


def nearly_late(entry: Entry) -> str:
    return f"The target of {_clock(entry)} for {{number}} “{{title}}” is nearly over."


def late(entry: Entry) -> str:
    return f"The target of {_clock(entry)} for {{number}} “{{title}}” is over."


def climbed(entry: Entry) -> str:
    given = entry.given
    of = f" ({given['target']} for the {given['clock']})" if "clock" in given else ""
    to = f"{{number}} “{{title}}” is escalated to the {given['to']}"
    return f"{to}: {given['because']}{of}." if "because" in given else f"{to} by {{who}}."


def on_duty(entry: Entry) -> str:
    """To whoever is on duty."""
    because = entry.given["because"]
    return f"You are on duty: {{number}} “{{title}}” needs you, for {because}. Acknowledge it."


def called_whom(entry: Entry) -> str:
    who, because = _plainly(entry.given["who"]), entry.given["because"]
    return f"{who}, who is on duty, was called for {{number}} “{{title}}”: {because}."


def called(entry: Entry, record: Record) -> list[int]:
    return [entry.given["person"]]


def authority(entry: Entry, record: Record) -> list[int]:
    """Who has the authority that was reached, and whoever stands in."""
    case = record.in_full()
    if not isinstance(case, Case):
        return []
    return [one.pk for one in queries.authority(case, entry.given["rank"], entry.at)[1]]


def manager(entry: Entry, record: Record) -> list[int]:
    return queries.holders(entry.at, queries.PROCESS_MANAGER)


def security(entry: Entry, record: Record) -> list[int]:
    return queries.holders(entry.at, *confiding.SECURITY)


def assigned(entry: Entry, record: Record) -> list[int]:
    """Who has an open task of it."""
    return _with_tasks(record)


def late_with(entry: Entry, record: Record) -> list[int]:
    """Who has a task of it that is past its time."""
    return _with_tasks(record, due_at__lte=entry.at)


def _with_tasks(record: Record, **which: datetime) -> list[int]:
    tasks = record.tasks.filter(done_at=None, assigned_to__isnull=False, **which)
    return sorted(tasks.values_list("assigned_to", flat=True).distinct())


def awaited(entry: Entry) -> str:
    if entry.given.get("awaited") == "confirmation":
        return "Does “{title}” work for you now? Please tell us, else we close it."
    return "We still need your answer to go on with “{title}”."


def silent(entry: Entry) -> str:
    minutes = entry.given.get("minutes", 0)
    return f"The user of {{number}} “{{title}}” has heard nothing for {minutes} minutes."


def elsewhere(entry: Entry) -> str:
    now = str(entry.difference.get("outside_state", ["", ""])[1]) or "as before"
    return f"{{who}} noted how {{number}} “{{title}}” stands elsewhere: {_plainly(now)}."


def _plainly(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def had_to_wait(entry: Entry, record: Record) -> list[int]:
    """The requester; but not who has just answered, so that the software goes on."""
    by_software = entry.actor is None or entry.actor.is_system
    return [record.requester_id] if record.requester_id and not by_software else []


def work_begins(entry: Entry, record: Record) -> list[int]:
    """The requester, where it comes into somebody's hands; not where it only changes them."""
    begins = entry.difference.get("state", ("", ""))[1] == "in_progress"
    return [record.requester_id] if begins and record.requester_id else []


def tasks_late(entry: Entry) -> str:
    titles = _plainly(entry.given.get("late", ""))
    return f"Past their time on {{number}} “{{title}}”: {titles}."


def rated(entry: Entry) -> str:
    _, score = entry.difference.get("satisfaction", (None, None))
    said = f" {score} of 5" if score else ""
    return f"{{who}} answered{said} when asked how {{number}} “{{title}}” was."


def goes_on(entry: Entry) -> str:
    number = entry.given.get("into", "of another case")
    return f"“{{title}}” goes on under the number {number}; you need do nothing."
