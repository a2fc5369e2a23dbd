"""Where a case goes on to when it needs other skills (PR9.3)."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from evenkeel.core.directory.models import Team
from evenkeel.core.records.record import Record
from evenkeel.core.schemes import escalation
from evenkeel.core.schemes.escalation import FunctionalPath
from evenkeel.core.schemes.models import in_force


def team_named(title: str) -> Team | None:
    """The team of this name, while there is one."""
    found: Any = Team.objects.filter(title=title, is_open=True).first()
    return found if isinstance(found, Team) else None


class Escalating:
    """Beside `Record`: a case that the escalation paths lead on."""

    team: Team | None
    service: Record | None
    category: str

    def path_onward(self, at: datetime, to_team: str = "") -> FunctionalPath | None:
        """The functional path that leads on from here; or that leads to the team that is named."""
        version = in_force(escalation.NAME, "ISRM", at)
        if version is None:
            return None
        team, service = (one.title if one else "" for one in (self.team, self.service))
        standing = escalation.Standing(team, service, self.category)
        found: FunctionalPath | None = version.read.onward(standing, to_team)
        return found

    def proposed(self) -> dict[str, Any]:
        """What the form of an escalation opens with, where a path leads on."""
        path = self.path_onward(timezone.now())
        return {"kind": "functional", "team": team_named(path.to_team)} if path else {}
