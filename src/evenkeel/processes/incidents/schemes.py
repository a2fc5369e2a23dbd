"""The schemes that ISRM begins with: how cases are prioritised and sorted (ISRM-19, ISRM-20).

Meant to be edited: every line of them is a draft away from being the provider's own.
"""

from datetime import datetime
from typing import Any

from evenkeel.core.records.record import Record
from evenkeel.core.schemes import (
    categories,
    closure,
    escalation,
    intake,
    major,
    priority,
    quality,
    retention,
)
from evenkeel.core.schemes.escalation import EscalationPaths
from evenkeel.core.schemes.kinds import Starter, gaps, starters
from evenkeel.core.schemes.major import MajorIncidents
from evenkeel.core.schemes.models import in_force
from evenkeel.core.schemes.scope import carry
from evenkeel.processes.incidents.actions.quality import WORDS
from evenkeel.processes.incidents.models import Case

PRIORITIES: dict[str, Any] = {
    "impact": [
        {
            "name": "Wide",
            "definition": "Several services, more than 50 users, or a critical service is down.",
        },
        {"name": "Large", "definition": "One service, more than five users."},
        {"name": "Limited", "definition": "A few users."},
        {"name": "Single", "definition": "One user."},
    ],
    "urgency": [
        {"name": "Stopped", "definition": "Work has stopped and there is no workaround."},
        {"name": "Serious", "definition": "Work is seriously hampered."},
        {"name": "Moderate", "definition": "Work goes on with some trouble."},
        {"name": "Low", "definition": "It can wait."},
    ],
    "matrix": [[1, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 4], [3, 4, 4, 4]],
    "rules": [
        {
            "name": "Requests are planned",
            "fact": "kind",
            "value": "service_request",
            "effect": "set",
            "to": 3,
        },
        {
            "name": "Information can wait",
            "fact": "wish",
            "value": "information",
            "effect": "set",
            "to": 4,
        },
        {
            "name": "Security comes first",
            "fact": "category",
            "value": "Security",
            "effect": "raise",
            "to": 1,
        },
    ],
}
_WORDS = ("title", "description", "solution", "satisfaction_comment")
retention.KINDS |= {
    "incident": retention.Kept(
        "Incidents", (*_WORDS, "workaround", "effect", "cause", "resolution")
    ),
    "service_request": retention.Kept("Service requests", (*_WORDS, "answers")),
    "contact": retention.Kept("Contacts", ("title",)),
}
CATEGORIES = (
    ("Access", "Signing in, accounts, permissions."),
    ("Access / Login", "Somebody cannot sign in."),
    ("Access / Permission", "Somebody is signed in but may not do something."),
    ("Compute", "Batch jobs, virtual machines, notebooks."),
    ("Compute / Queue", "Jobs wait or stop in the queue."),
    ("Compute / Performance", "It runs, but too slowly."),
    ("Data transfer", "Moving data in, out, or between sites."),
    ("Hardware", "Devices: laptops, screens, printers, servers."),
    ("Mail", "Mail, lists and calendars."),
    ("Network", "Connections within and between sites."),
    ("Security", "Suspected or confirmed breach, malware, lost device or credential."),
    ("Software", "An application is faulty, missing or out of date."),
    ("Storage", "Files, archives, backup and quota."),
    ("Storage / Archive", "The archive or the tape tier."),
    ("Storage / Quota", "Space is used up, or more is asked for."),
    ("Other", "None of these; the process manager reviews them for new categories."),
)

CLOSURE: dict[str, Any] = {
    "rules": [{"name": "Every case", "days": 5, "remind_days": 2}],
    "reopen_days": 14,
    "calendar": "Office hours",
    "holds": [
        {"reason": Case.HoldReason.USER.value, "days": 10},
        {"reason": Case.HoldReason.SUPPLIER.value, "days": 5},
        {"reason": Case.HoldReason.CHANGE.value, "days": 20},
        {"reason": Case.HoldReason.MAINTENANCE.value, "days": 3},
    ],
}

MAJOR: dict[str, Any] = {
    "criteria": [
        {
            "name": "Several services and many users",
            "conditions": [
                {"fact": "services", "value": "2"},
                {"fact": "users", "value": "10"},
            ],
        },
        {"name": "Many reports", "conditions": [{"fact": "reports", "value": "20"}]},
        {
            "name": "Work has stopped widely",
            "conditions": [
                {"fact": "impact", "value": "1"},
                {"fact": "urgency", "value": "1"},
            ],
        },
        {
            "name": "Grave breach of security",
            "conditions": [
                {"fact": "category", "value": "Security"},
                {"fact": "impact", "value": "2"},
            ],
        },
    ],
    "procedure": [
        {
            "name": "Take the lead",
            "steps": [
                "Say who repairs and who speaks",
                "Open a line on which all of them talk",
                "Say when you meet next",
            ],
            "minutes": 15,
        },
        {
            "name": "Keep those concerned informed",
            "steps": [
                "Tell users what does not work and what they can do meanwhile",
                "Tell customers, service owners and managers",
                "Tell them again as often as was promised",
            ],
            "minutes": 60,
        },
        {
            "name": "Restore the service",
            "steps": [
                "Look at what was changed last",
                "Agree on the way that restores it soonest",
                "Have an emergency change decided where one is needed",
            ],
        },
        {
            "name": "Make sure that it holds",
            "steps": ["Ask some of those who reported it", "Tell everybody that it is over"],
        },
        {
            "name": "Review",
            "steps": [
                "Complete the review with those who took part",
                "Agree on actions, each with a name and a date",
                "Have it approved",
            ],
        },
    ],
}

# Without a solution, or an incident without a cause, a record is not a good one.
QUALITY: dict[str, Any] = {
    "expected": [
        {"fact": "description", "weight": 10},
        {"fact": "service", "weight": 15},
        {"fact": "category", "weight": 10},
        {"fact": "priority", "weight": 10},
        {"fact": "team", "weight": 5},
        {"fact": "solution", "weight": 25, "done": True},
        {"fact": "cause", "weight": 25, "kind": "incident", "done": True},
    ],
    "good": 80,
    "sample": 10,
}

INTAKE: dict[str, Any] = {
    "channels": [{"name": name, "is_open": True} for name in Case.Channel.values],
    "fields": [
        {
            "kind": "incident",
            "field": "description",
            "help": "What happens, since when, for whom, and what was tried already.",
        },
        {
            "kind": "service_request",
            "field": "description",
            "help": "For whom, by when, and what it is for.",
        },
    ],
}

# Teams are the provider's own, so no path names one yet; the page of the scheme says so.
ESCALATION: dict[str, Any] = {
    "functional": [],
    "hierarchical": [
        {"to": "process_manager", "percent": 75, "priority": 1},
        {"to": "process_owner", "percent": 100},
        {"to": "sms_owner", "percent": 150},
    ],
    "reminders": {
        "silence": [{"priority": 1, "minutes": 60}, {"priority": 2, "minutes": 240}],
        "task_hours": 24,
    },
}


def _gaps(paths: EscalationPaths, at: datetime) -> list[str]:
    """What of the categories, services and teams there are the paths do not know (ISRM-21)."""
    tree = in_force(categories.NAME, "ISRM", at)
    sorts = [one.path for one in tree.read.current()] if tree else []
    there = Record.objects.filter(of_kind__in=("service", "team"), is_open=True)
    names = there.order_by("title").values_list("of_kind", "title")
    services = [title for kind, title in names if kind == "service"]
    teams = [title for kind, title in names if kind == "team"]
    return paths.gaps(sorts, services, teams)


def _misnamed(criteria: MajorIncidents, at: datetime) -> list[str]:
    """Which criteria nothing can meet, for there is no such category, service or customer."""
    tree = in_force(categories.NAME, "ISRM", at)
    there = Record.objects.filter(of_kind__in=("service", "organisation"), is_open=True)
    names = list(there.values_list("of_kind", "title"))
    return criteria.gaps(
        {
            "category": [one.path for one in tree.read.categories] if tree else [],
            "service": [title for kind, title in names if kind == "service"],
            "customer": [title for kind, title in names if kind == "organisation"],
        }
    )


gaps[escalation.NAME, "ISRM"] = _gaps
gaps[major.NAME, "ISRM"] = _misnamed
CASES = {"incident": "Incident", "service_request": "Service request"}
closure.KINDS["ISRM"] = quality.KINDS["ISRM"] = intake.KINDS["ISRM"] = CASES
closure.HOLDS["ISRM"] = {str(name): str(words) for name, words in Case.HoldReason.choices}
intake.CHANNELS["ISRM"] = {str(name): str(words) for name, words in Case.Channel.choices}
intake.FIELDS["ISRM"] = {
    "description": "Description",
    "service": "Service",
    "organisation": "Organisation",
}
quality.FACTS["ISRM"] = WORDS
priority.FACTS["ISRM"] = ("category", "channel", "kind", "wish", priority.VIP)
starters += [
    Starter(priority.NAME, "ISRM", "Priorities of incidents and service requests", PRIORITIES),
    Starter(closure.NAME, "ISRM", "Closing incidents and service requests", CLOSURE),
    Starter(major.NAME, "ISRM", "Major incidents", MAJOR),
    Starter(intake.NAME, "ISRM", "Intake of incidents and service requests", INTAKE),
    Starter(quality.NAME, "ISRM", "Records of incidents and service requests", QUALITY),
    Starter(escalation.NAME, "ISRM", "Escalation of incidents and service requests", ESCALATION),
    Starter(
        categories.NAME,
        "ISRM",
        "Categories of incidents and service requests",
        {"categories": [{"path": path, "guidance": guidance} for path, guidance in CATEGORIES]},
    ),
]

carry("ISRM", "Incidents, service requests, contacts, major incidents", process="incidents")
