"""The schemes that ISRM begins with: how cases are prioritised and sorted (ISRM-19, ISRM-20).

Meant to be edited: every line of them is a draft away from being the provider's own.
"""

from typing import Any

from evenkeel.core.schemes import categories, closure, priority
from evenkeel.core.schemes.kinds import Starter, starters

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
    "rules": [{"name": "Every case", "days": 5}],
    "reopen_days": 14,
    "calendar": "Office hours",
}

closure.KINDS["ISRM"] = {"incident": "Incident", "service_request": "Service request"}
priority.FACTS["ISRM"] = ("category", "channel", "kind", "wish")
starters += [
    Starter(priority.NAME, "ISRM", "Priorities of incidents and service requests", PRIORITIES),
    Starter(closure.NAME, "ISRM", "Closing incidents and service requests", CLOSURE),
    Starter(
        categories.NAME,
        "ISRM",
        "Categories of incidents and service requests",
        {"categories": [{"path": path, "guidance": guidance} for path, guidance in CATEGORIES]},
    ),
]
