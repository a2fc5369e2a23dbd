"""Who is told of violations and reviews (whoever looks after it) and of reports (the customer)."""

from datetime import UTC, datetime

from evenkeel.core.clocks import calendars
from evenkeel.core.database.compiled import Compiled
from evenkeel.core.notices.telling import As, Tell, also, declare
from evenkeel.core.people.models import RoleAssignment, RoleType, keys_of
from evenkeel.core.records.entry import Entry, Via
from evenkeel.core.records.record import Record
from evenkeel.core.schemes.models import Scheme
from evenkeel.processes.services.models import Agreement, Service, ServiceReport, Violation

MANAGER = (RoleType.PROCESS_MANAGER, "SPM")
# Thousands of violations may be told in a minute.
_MANAGERS = Compiled(
    lambda at: RoleAssignment.objects.pairs(at, MANAGER), datetime(1970, 1, 1, tzinfo=UTC)
)


def _owner(entry: Entry, record: Record) -> list[int]:
    """The owner of the agreement; where it has none, who manages agreements."""
    found = record.in_full()
    if not isinstance(found, Violation):
        return []
    owner = found.agreement.case_owner_id
    return [owner] if owner else keys_of(_MANAGERS.rows(entry.at))


def _keeper(entry: Entry, record: Record) -> list[int]:
    """The owner of the service or agreement; where it has none, who manages them."""
    found = record.in_full()
    if isinstance(found, Service):
        held = RoleAssignment.objects.holders(entry.at, (RoleType.SERVICE_OWNER, found.number))
    else:
        held = [found.case_owner_id] if found.case_owner_id else []
    return held or RoleAssignment.objects.holders(entry.at, MANAGER)


def _addressee(entry: Entry, record: Record) -> list[int]:
    """To whom it was sent this time."""
    found = entry.difference.get("sent_to_id")
    sent_to = found[1] if found else getattr(record.in_full(), "sent_to_id", None)
    return [sent_to] if sent_to else []


def _of_calendars(entry: Entry, record: Record) -> list[int]:
    """Who approves service calendars and who shapes them, where a feed had them drafted."""
    if entry.via != Via.JOB or getattr(record.in_full(), "scheme_kind", "") != calendars.NAME:
        return []
    return RoleAssignment.objects.holders(entry.at, MANAGER, (RoleType.PROCESS_OWNER, "SPM"))


also(
    Scheme,
    {
        "draft": (
            Tell(
                As.TOLD,
                "{number} “{title}” has a draft that waits for its approval.",
                "because",
                whom=_of_calendars,
            ),
        )
    },
)
declare(
    Violation,
    {
        "record": (Tell(As.TOLD, "{number} {title}.", "text", whom=_owner),),
        "communicate": (Tell(As.TOLD, "{who} told the customer: {title}.", "text", whom=_owner),),
        "waive": (
            Tell(As.TOLD, "{who} tells the customer nothing: {title}.", "reason", whom=_owner),
        ),
    },
)
REVIEW = Tell(As.TOLD, "{number} “{title}” is to be reviewed.", whom=_keeper)
declare(
    Agreement,
    {
        "hand_over": (Tell(As.NEW_OWNER, "{number} “{title}” is yours to look after."),),
        "remind": (REVIEW,),
    },
)
declare(Service, {"remind": (REVIEW,)})
declare(
    ServiceReport,
    {"send": (Tell(As.TOLD, "Your service report is there: {title}.", whom=_addressee),)},
)
