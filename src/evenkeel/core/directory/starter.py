"""The roles that every SMS begins with (FitSM-3; ROLE-03, ROLE-04), as far as they are missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from evenkeel.core.directory.actions import role
from evenkeel.core.directory.models import Role
from evenkeel.core.people.models import RoleType, User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules.confiding import SECURITY


@dataclass(frozen=True)
class StarterRole:
    """A role of FitSM-3 in our own words: one task a line."""

    role_type: RoleType
    title: str
    nominated_by: str
    definition: str


GENERAL = (
    StarterRole(
        RoleType.SMS_OWNER,
        "SMS owner",
        "Top management",
        """\
Answer for the whole service management system
Be the contact for its governance
Set its goals and approve its policies, scope and plan
Nominate process owners and managers, and see that they are competent
Approve changes to the service management system
Decide on the people and means for IT service management
Draw conclusions from monitoring, audits and reviews""",
    ),
    StarterRole(
        RoleType.SMS_MANAGER,
        "SMS manager",
        "SMS owner",
        """\
Be the contact for the daily running of the service management system
Keep the service management plan up to date and within reach
See that processes are run according to goals and policies
Keep those involved aware and competent, the process managers first
Watch suitability, effectiveness and maturity of the whole system
Manage the risks of the service management system
Report to the SMS owner, and escalate where needed
Suggest improvements""",
    ),
    StarterRole(
        RoleType.OTHER,
        "Documentation officer",
        "SMS manager",
        """\
Keep documents identified, approved, current and findable
Remind owners of reviews that are due
Withdraw what is superseded, and keep it as evidence""",
    ),
    StarterRole(
        RoleType.AUDITOR,
        "Internal auditor",
        "SMS owner",
        """\
Audit the service management system as planned, and never one's own work
Report findings with their evidence
Follow up nonconformities until they are closed""",
    ),
)
PRIVACY = StarterRole(
    RoleType.PRIVACY,
    "Data protection officer",
    "SMS owner",
    """\
Answer people who ask what is held on them, and hand it out
See that what is no longer needed is erased or anonymised in time
Watch that personal data is read by those who need it, and by nobody else""",
)
COMMON = (
    StarterRole(
        RoleType.PROCESS_OWNER,
        "Process owner of {}",
        "SMS owner",
        """\
Be the contact for the governance of the process
Set its goals and approve its policies
Nominate the process manager, and see that they are competent
Approve significant changes to the process
Decide on the people and means for the process
Draw conclusions from its monitoring and reviews""",
    ),
    StarterRole(
        RoleType.PROCESS_MANAGER,
        "Process manager of {}",
        "Process owner",
        """\
Be the contact for the daily running of the process
Keep its definition up to date and within reach
Keep those who work in it aware and competent
Watch how it is carried out and what comes of it, and review it
Manage the risks of the process
Report to the process owner, and escalate where needed
Suggest improvements""",
    ),
    StarterRole(
        RoleType.CASE_OWNER,
        "Case owner in {}",
        "Process manager",
        """\
Answer for one case from beginning to end
Be the contact for everything about it
Coordinate all that is done for it
Escalate exceptions to the process manager""",
    ),
    StarterRole(
        RoleType.PROCESS_STAFF,
        "Process staff of {}",
        "Process manager",
        """\
Carry out tasks as the process and its procedures say
Report to case owners and to the process manager
Contribute to better results""",
    ),
)


def record_roles(processes: Iterable[str], *, at: datetime) -> list[Role]:
    """Record the general roles, and the common ones for each process by its code; the new ones."""
    wanted = [("SMS", one) for one in GENERAL]
    # What is restricted is for them, also before ISM is there as a process.
    wanted += [("ISM", one) for one in COMMON if (one.role_type, "ISM") in SECURITY]
    wanted += [(code, one) for code in processes for one in COMMON if (code, one) not in wanted]
    wanted.append(("SMS", PRIVACY))
    there = set(Role.objects.values_list("context", "title"))
    return [
        _recorded(starter, context, at)
        for context, starter in wanted
        if (context, starter.title.format(context)) not in there
    ]


def _recorded(starter: StarterRole, context: str, at: datetime) -> Role:
    made: Role = role.record(
        Role(),
        by=User.objects.the_sms(),
        at=at,
        via=Via.JOB,
        title=starter.title.format(context),
        role_type=starter.role_type,
        context=context,
        definition=starter.definition,
        nominated_by=starter.nominated_by,
    )
    return made
