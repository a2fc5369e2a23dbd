"""Who is told what of incidents and service requests; users in their own words, staff in theirs."""

from collections.abc import Callable, Mapping

from evenkeel.core.notices.telling import As, Tell, declare
from evenkeel.core.records.entry import Entry
from evenkeel.core.records.record import Record
from evenkeel.processes.incidents import queries
from evenkeel.processes.incidents.models import (
    Announcement,
    Incident,
    IncidentModel,
    MajorIncidentReview,
    RequestModel,
    ServiceRequest,
)
from evenkeel.processes.incidents.notices import saying

_RESTRICTED = "{who} restricted {number} “{title}”."
_REMINDED = "{who} reminds you of {number} “{title}”."


def _staff(says: str | Callable[[Entry], str], quotes: str = "") -> tuple[Tell, ...]:
    return tuple(Tell(to, says, quotes) for to in (As.CASE_OWNER, As.WATCHER))


_GOES_ON = Tell(As.REQUESTER, "We go on with “{title}”.", whom=saying.had_to_wait)
_BEGINS = Tell(As.REQUESTER, "We have begun to work on “{title}”.", whom=saying.work_begins)
_OWNER = Tell(As.NEW_OWNER, "{number} “{title}” is yours: {who} made you its case owner.")
_SHARED: Mapping[str, tuple[Tell, ...]] = {
    "record": (
        Tell(As.REQUESTER, "We have recorded “{title}” for you. Its number is {number}."),
        Tell(As.NEW_OWNER, "{number} “{title}” is new, and you are its case owner."),
    ),
    "comment": (
        Tell(As.REQUESTER, "{who} wrote to you about “{title}”.", "comment"),
        *_staff("{who} replied on {number} “{title}”.", "comment"),
    ),
    "note": _staff("{who} wrote a note on {number} “{title}”.", "comment"),
    "classify": (Tell(As.WATCHER, "{who} classified {number} “{title}”."),),
    "prioritise": _staff("{who} prioritised {number} “{title}”."),
    "assign": (_BEGINS, _OWNER, *_staff("{who} assigned {number} “{title}”.", "reason")),
    "escalate": (
        Tell(As.REQUESTER, "“{title}” goes on to a team with other skills, and stays your case."),
        _OWNER,
        *_staff("{who} escalated {number} “{title}”.", "reason"),
    ),
    "warn": _staff(saying.nearly_late),
    "breach": (*_staff(saying.late), Tell(As.TOLD, saying.late, whom=saying.manager)),
    "climb": (Tell(As.TOLD, saying.climbed, whom=saying.authority), *_staff(saying.climbed)),
    "escalate_silence": (
        Tell(As.TOLD, saying.climbed, whom=saying.authority),
        *_staff(saying.climbed),
    ),
    "call_on_duty": (
        Tell(As.TOLD, saying.on_duty, whom=saying.called, is_urgent=True),
        *_staff(saying.called_whom),
    ),
    "acknowledge": _staff("{who} has seen {number} “{title}” and sees to it."),
    "escalate_up": (
        Tell(As.TOLD, saying.climbed, "reason", whom=saying.authority),
        _OWNER,
        *_staff(saying.climbed, "reason"),
    ),
    "remind": (
        Tell(As.CASE_OWNER, _REMINDED, "reason"),
        Tell(As.TOLD, _REMINDED, "reason", whom=saying.assigned),
    ),
    "remind_of_word": (Tell(As.CASE_OWNER, saying.silent),),
    "remind_of_task": (
        Tell(As.CASE_OWNER, saying.tasks_late),
        Tell(As.TOLD, saying.tasks_late, whom=saying.late_with),
    ),
    "remind_user": (Tell(As.REQUESTER, saying.awaited),),
    "restrict": (Tell(As.TOLD, _RESTRICTED, "reason", whom=saying.security),),
    "hand_back": (_OWNER, *_staff("{who} handed back {number} “{title}”.", "reason")),
    "note_elsewhere": _staff(saying.elsewhere),
    "put_on_hold": (
        Tell(As.REQUESTER, saying.held, "note"),
        *_staff("{who} put {number} “{title}” on hold.", "note"),
    ),
    "resume": (_GOES_ON, *_staff("{who} went on with {number} “{title}”.")),
    "lapse": (
        Tell(As.REQUESTER, saying.waited),
        *_staff("{number} “{title}” has waited for as long as it may, and goes on."),
    ),
    "remind_of_hold": (Tell(As.CASE_OWNER, saying.waits_on),),
    "close": (
        Tell(As.REQUESTER, "“{title}” is closed. Please tell us how it was for you."),
        *_staff("{who} closed {number} “{title}”."),
    ),
    "reopen": (
        Tell(As.REQUESTER, "“{title}” is open again; we go on with it.", "reason"),
        *_staff("{who} reopened {number} “{title}”.", "reason"),
    ),
    "cancel": (
        Tell(As.REQUESTER, "“{title}” was cancelled.", "reason"),
        *_staff("{who} cancelled {number} “{title}”.", "reason"),
    ),
    "convert": (
        Tell(As.REQUESTER, saying.goes_on),
        *_staff("{who} converted {number} “{title}”.", "reason"),
    ),
    "rate": _staff(saying.rated, "satisfaction_comment"),
}

_SOLVED = Tell(
    As.REQUESTER,
    "“{title}” is solved, we think. Please try, and tell us whether it works.",
    "solution",
)


def _coordinator(entry: Entry, record: Record) -> list[int]:
    named = entry.difference.get("coordinator_id", (None, None))[1]
    return [named] if named else []


def _process_owner(entry: Entry, record: Record) -> list[int]:
    return queries.holders(entry.at, queries.PROCESS_OWNER)


def _stakeholders(entry: Entry, record: Record) -> list[int]:
    found = record.in_full()
    return queries.stakeholders(found, entry.at) if isinstance(found, Announcement) else []


_LEADS = Tell(
    As.TOLD,
    "You coordinate the major incident {number} “{title}”.",
    "reason",
    whom=_coordinator,
)
_NOBODY = Tell(
    As.TOLD,
    "Nobody coordinates the major incident {number} “{title}”; name somebody.",
    whom=_process_owner,
)
_MAJOR: Mapping[str, tuple[Tell, ...]] = {
    "propose_major": _staff("{number} “{title}” may be a major incident: somebody has to decide."),
    "declare_major": (
        _LEADS,
        *_staff("{who} declared {number} “{title}” a major incident.", "reason"),
    ),
    "dismiss_major": _staff("{who} decided that {number} “{title}” is not major.", "reason"),
    "name_coordinator": (
        _LEADS,
        *_staff("{who} named the coordinator of {number} “{title}”.", "reason"),
    ),
    "miss_coordinator": (_NOBODY,),
    "note_recovery": _staff("{number} “{title}” is over, says monitoring: look, and resolve it."),
    "stand_down": _staff("{who} stood down {number} “{title}”: it is not major.", "reason"),
}

declare(
    Incident,
    {
        **_SHARED,
        **_MAJOR,
        "apply_workaround": (
            Tell(As.REQUESTER, "“{title}”: this helps meanwhile.", "workaround"),
            *_staff("{who} applied a workaround to {number} “{title}”.", "workaround"),
        ),
        "resolve": (_SOLVED, *_staff("{who} resolved {number} “{title}”.", "solution")),
        "resolve_with_parent": (_SOLVED,),
    },
)
declare(
    Announcement,
    {
        "record": (Tell(As.TOLD, "Major disruption: {title}", "text", whom=_stakeholders),),
        "update": (Tell(As.TOLD, "How it goes on: {title}", "text", whom=_stakeholders),),
        "end": (Tell(As.TOLD, "It is over: {title}", "text", whom=_stakeholders),),
        "remind": (Tell(As.CASE_OWNER, "Those concerned wait for word: {number} “{title}”."),),
    },
)


_PREPARED: Mapping[str, tuple[Tell, ...]] = {
    "flag_for_review": (
        Tell(As.CASE_OWNER, "{number} “{title}” waits for your review.", "reason"),
    ),
    "hand_over": (Tell(As.NEW_OWNER, "{number} “{title}” is yours to keep up to date."),),
}
declare(IncidentModel, _PREPARED)
declare(RequestModel, _PREPARED)


def _approvers(entry: Entry, record: Record) -> list[int]:
    found = record.in_full()
    return queries.approvers(found, entry.at) if isinstance(found, ServiceRequest) else []


def _who_approves(entry: Entry, record: Record) -> list[int]:
    return queries.holders(entry.at, *queries.APPROVERS)


def _who_took_part(entry: Entry, record: Record) -> list[int]:
    """Those who have a task of it, and whoever manages the process and the whole."""
    tasked = record.tasks.exclude(assigned_to=None).values_list("assigned_to", flat=True)
    return sorted({*tasked, *queries.holders(entry.at, *queries.MANAGERS)})


declare(
    MajorIncidentReview,
    {
        "record": (Tell(As.NEW_OWNER, "{number} “{title}” waits for you to complete it."),),
        "submit": (Tell(As.TOLD, "{number} “{title}” waits for approval.", whom=_who_approves),),
        "send_back": (Tell(As.CASE_OWNER, "{who} sent back {number} “{title}”.", "reason"),),
        "approve": (
            Tell(As.TOLD, "{number} “{title}” is approved; read the report.", whom=_who_took_part),
        ),
        "comment": (Tell(As.CASE_OWNER, "{who} wrote about {number} “{title}”.", "comment"),),
    },
)
declare(
    ServiceRequest,
    {
        **_SHARED,
        "ask_approval": (
            Tell(As.TOLD, "{number} “{title}” waits for your approval.", whom=_approvers),
        ),
        "approve": (
            Tell(As.REQUESTER, "“{title}” is approved; we go on with it.", "note"),
            *_staff("{who} approved {number} “{title}”.", "note"),
        ),
        "refuse": (
            Tell(As.REQUESTER, "“{title}” is refused.", "reason"),
            *_staff("{who} refused {number} “{title}”.", "reason"),
        ),
        "fulfil": (
            Tell(
                As.REQUESTER,
                "“{title}” is done, we think. Please look, and tell us whether you have it.",
                "solution",
            ),
            *_staff("{who} fulfilled {number} “{title}”.", "solution"),
        ),
    },
)
