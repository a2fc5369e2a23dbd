"""Handing on responsibility: to other skills along a path, or to more authority (PR9.3)."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import TextChoices

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Audience
from evenkeel.core.rules import Asked, Invalid
from evenkeel.core.schemes import escalation
from evenkeel.core.schemes.escalation import FunctionalPath
from evenkeel.processes.incidents.models import Case
from evenkeel.processes.incidents.models.escalating import team_named
from evenkeel.processes.incidents.queries import is_member

Given = dict[str, Any]
Reason = Annotated[str, Asked("Reason", "Read by those inside only.", long=True, inside=True)]
NextTeam = Annotated[
    Team | None, Asked("Team", "Left empty, the next on the path of this service and category.")
]


class Escalation(TextChoices):
    """In which sense responsibility moves (FitSM-0)."""

    FUNCTIONAL = "functional", "Functional: to a team with other skills"
    HIERARCHICAL = "hierarchical", "Hierarchical: to someone with more authority"


def escalate(  # noqa: PLR0913  (four inputs, and who and when)
    case: Case,
    *,
    by: User,
    at: datetime,
    kind: Annotated[Escalation, Asked("Kind of escalation")],
    team: NextTeam = None,
    case_owner: User | None = None,
    reason: Reason,
) -> Given:
    """Hand on responsibility: to other skills (functional) or to more authority (hierarchical)."""
    given = {"kind": str(kind), "reason": reason}
    if kind == Escalation.FUNCTIONAL:
        return given | _to_other_skills(case, team, case_owner, at)
    if case_owner is None:
        raise Invalid({"case_owner": ["A hierarchical escalation goes to a person."]})
    if case_owner == case.case_owner:
        raise Invalid({"case_owner": [f"{case_owner} owns the case already."]})
    case.team = team or case.team
    take_over(case, case_owner)
    return given


def take_over(case: Case, person: User) -> None:
    """Somebody with more authority owns it for a time; it is kept who did before."""
    if person.pk != case.case_owner_id:
        case.escalated_from = case.escalated_from or case.case_owner
        case.case_owner = person


def _to_other_skills(case: Case, team: Team | None, case_owner: User | None, at: datetime) -> Given:
    """The requester hears of it; why, those inside."""
    path = case.path_onward(at, team.title if team else "")
    if team is None and path:
        team = team_named(path.to_team)
    if team is None:
        raise Invalid({"team": ["A functional escalation goes to a team, and no path names one."]})
    if team == case.team:
        raise Invalid({"team": [f"The case is with {team} already."]})
    if path:
        _check_owner(case, path, team, case_owner)
    case.team = team
    if case_owner:
        case.case_owner, case.escalated_from = case_owner, None
    by_path = f"by the path {path.name}" if path else "by hand, off the paths"
    return {"audience": Audience.PUBLIC.value, "by_path": by_path}


def _check_owner(case: Case, path: FunctionalPath, team: Team, named: User | None) -> None:
    """The path says whether the case keeps its owner."""
    moves = path.owner == escalation.MOVES
    if moves and (named is None or not is_member(named, team)):
        raise Invalid({"case_owner": [f"On this path {team} owns the case: name one of them."]})
    if not moves and named not in (None, case.case_owner):
        raise Invalid(
            {"case_owner": [f"On this path the case stays with {case.case_owner}; name nobody."]}
        )
