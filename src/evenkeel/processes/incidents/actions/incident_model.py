"""The verbs of an incident model: draft a version, approve it, review it (ISRM-26, ISRM-43)."""

from datetime import datetime
from typing import Annotated

from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.rules import Actions, Asked, Invalid, drafting
from evenkeel.processes.incidents import lifecycle, permissions
from evenkeel.processes.incidents.actions import prepared
from evenkeel.processes.incidents.actions.classification import (
    categories_to_choose,
    impacts,
    urgencies,
)
from evenkeel.processes.incidents.actions.prepared import Given
from evenkeel.processes.incidents.models import IncidentModel

action = Actions(
    IncidentModel,
    lifecycle.INCIDENT_MODEL,
    permissions.INCIDENT_MODEL,
    visible=permissions.INSIDE,
    inside=permissions.INSIDE,
)

record = action(fields=True)(prepared.record)
discard = action(prepared.discard)
approve = action(prepared.approve)
flag_for_review = action(prepared.flag_for_review)
review = action(prepared.review)
hand_over = action(prepared.hand_over)
retire = action(prepared.retire)


@action
def draft(  # noqa: PLR0913  (the content, and who and when)
    model: IncidentModel,
    *,
    by: User,
    at: datetime,
    category: Annotated[
        str,
        Asked("Known by its category", "And those below it.", choices=categories_to_choose),
    ] = "",
    words: Annotated[
        str, Asked("Known by words", "One of them is enough; with commas: “quota, disk full”.")
    ] = "",
    steps: Annotated[str, Asked("Steps", "One a line, in their order.", long=True)],
    set_category: Annotated[
        str,
        Asked("Category", "Filled in where none is named yet.", choices=categories_to_choose),
    ],
    set_impact: Annotated[int | None, Asked("Impact", choices=impacts)] = None,
    set_urgency: Annotated[int | None, Asked("Urgency", choices=urgencies)] = None,
    set_team: Annotated[Team | None, Asked("Team", "Who has the skills for it.")] = None,
    because: Annotated[str, Asked("Why it is edited", long=True)] = "",
) -> Given:
    """Write the next version: by what such incidents are known, what is filled in, the steps."""
    if bool(set_impact) != bool(set_urgency):
        raise Invalid({"set_urgency": ["Name impact and urgency, or neither."]})
    content = {
        "category": category,
        "words": [word.strip() for word in words.split(",") if word.strip()],
        "steps": prepared.lines(steps),
        "set_category": set_category,
        "set_impact": set_impact,
        "set_urgency": set_urgency,
        "set_team": set_team.number if set_team else "",
    }
    return drafting.write(model, content, because, by=by, at=at)
