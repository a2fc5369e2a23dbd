"""What whoever owns a service is told of its cases, without having to watch each (FitSM-3).

Nothing is quoted: they may be outside of ISRM.
"""

from collections.abc import Callable, Mapping

from evenkeel.core.notices.telling import As, Tell, also
from evenkeel.core.records.entry import Entry
from evenkeel.processes.incidents.models import Incident, ServiceRequest
from evenkeel.processes.incidents.notices.saying import climbed, late


def _tell(says: str) -> tuple[Tell, ...]:
    return (Tell(As.OF_SERVICE, says),)


def _grave(says: str | Callable[[Entry], str]) -> tuple[Tell, ...]:
    return (Tell(As.OF_SERVICE, says, is_grave=True),)


_SHARED: Mapping[str, tuple[Tell, ...]] = {
    "record": _tell("{number} “{title}” was recorded about a service that you own."),
    "edit": (
        Tell(
            As.OF_SERVICE,
            "{number} “{title}” is about a service that you own now.",
            sets="service_id",
        ),
    ),
    "escalate": _grave("{who} escalated {number} “{title}”."),
    "escalate_up": _grave(climbed),
    "climb": _grave(climbed),
    "breach": _grave(late),
    "reopen": _tell("{number} “{title}” was opened again."),
    "cancel": _tell("{number} “{title}” was cancelled."),
}
also(
    Incident,
    {
        **_SHARED,
        "declare_major": _grave("{who} declared {number} “{title}” a major incident."),
        "resolve": _tell("{number} “{title}” is resolved."),
        "resolve_with_parent": _tell("{number} “{title}” is resolved."),
    },
)
also(ServiceRequest, {**_SHARED, "fulfil": _tell("{number} “{title}” is fulfilled.")})
