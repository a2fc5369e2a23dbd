"""Escalation paths: to which team a case goes on when it needs other skills (ISRM-21), and who
with more authority hears of it (see `hierarchy`).

A pure reading of the paths: the same standing under the same version always leads the same way.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from evenkeel.core.schemes import hierarchy
from evenkeel.core.schemes.categories import SEPARATOR
from evenkeel.core.schemes.hierarchy import Level, only_the_top
from evenkeel.core.schemes.kinds import SchemeKind, declare
from evenkeel.core.schemes.reminders import Reminders

NAME = "escalation_paths"
STAYS, MOVES = "stays", "moves"
OWNERSHIP = {STAYS: "stays with the case owner", MOVES: "goes to somebody of that team"}


class Standing(NamedTuple):
    """Where a case stands: with which team, for which service, in which category; "" is none."""

    team: str
    service: str
    category: str


class FunctionalPath(msgspec.Struct, forbid_unknown_fields=True):
    """One step from team to team; what is left empty holds for all."""

    to_team: str
    from_team: str = ""
    service: str = ""
    category: str = ""
    owner: str = STAYS

    def fits(self, case: Standing) -> bool:
        """Does it lead on from there?"""
        return (
            (not case.team or self.from_team in ("", case.team))
            and self.to_team != case.team
            and self.concerns(case.service, case.category)
        )

    def concerns(self, service: str, category: str) -> bool:
        """Is it for cases of such a service and category? A category has those below it, too."""
        below = category.startswith(f"{self.category}{SEPARATOR}")
        return self.service in ("", service) and (self.category in ("", category) or below)

    @property
    def name(self) -> str:
        """By which two versions are held to each other."""
        of = " · ".join(filter(None, (self.service, self.category)))
        return f"{self.from_team or 'Any team'} → {self.to_team}{f' ({of})' if of else ''}"

    @property
    def says(self) -> str:
        """Who owns a case that went this way, in words."""
        return f"ownership {OWNERSHIP.get(self.owner, '?')}"


class EscalationPaths(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a version; of the paths, the first that fits decides."""

    functional: list[FunctionalPath] = []
    hierarchical: list[Level] = msgspec.field(default_factory=only_the_top)
    reminders: Reminders = Reminders()

    def onward(self, case: Standing, to_team: str = "") -> FunctionalPath | None:
        """The path that leads on from there, or that leads to the team that was chosen."""
        fitting = (path for path in self.functional if path.fits(case))
        return next((path for path in fitting if to_team in ("", path.to_team)), None)

    def faults(self) -> list[str]:
        """See `Content`."""
        return [
            *self._faults_of_functional(),
            *hierarchy.faults_of(self.hierarchical),
            *self.reminders.faults(),
        ]

    def edits_of(self, earlier: "EscalationPaths") -> list[str]:
        """See `Content`."""
        old = {path.name: path.says for path in earlier.functional}
        new = {path.name: path.says for path in self.functional}
        edits = [f"“{name}” is new: {says}." for name, says in new.items() if name not in old]
        edits += [f"“{name}” is taken out." for name in old if name not in new]
        edits += [
            f"“{name}” becomes: {says}."
            for name, says in new.items()
            if old.get(name, says) != says
        ]
        if not edits and list(old) != list(new):
            edits.append("The paths stand in another order.")
        edits += hierarchy.edits_of(self.hierarchical, earlier.hierarchical)
        if self.reminders != earlier.reminders:
            edits.append(f"Reminders become: {' '.join(self.reminders.says)}")
        return edits

    def gaps(
        self, categories: Sequence[str], services: Sequence[str], teams: Sequence[str]
    ) -> list[str]:
        """What is left to be set up: teams that are not there, cases that nothing leads on."""
        named = {name for path in self.functional for name in (path.from_team, path.to_team)}
        missing = sorted(named - {"", *teams})
        found = [f"“{name}” is on a path, but there is no such team." for name in missing]
        return [*found, *self._uncovered(categories, services or [""])]

    def _uncovered(self, categories: Sequence[str], services: Sequence[str]) -> Iterator[str]:
        if not self.functional:
            yield "No functional path leads on any case."
            return
        lacks = {
            service: [one for one in categories if not self._leads_on(service, one)]
            for service in services
        }
        whole = [
            service for service in services if service and len(lacks[service]) == len(categories)
        ]
        whole = whole if len(whole) < len(services) else []
        yield from (f"No path leads on cases of the service “{service}”." for service in whole)
        rest = [service for service in services if service not in whole]
        for category in categories:
            without = [service for service in rest if category in lacks[service]]
            if without and len(without) == len(rest):
                yield f"No path leads on cases of the category “{category}”."
            elif without:
                of = ", ".join(f"“{service}”" for service in without)
                yield f"No path leads on cases of the category “{category}” in {of}."

    def _leads_on(self, service: str, category: str) -> bool:
        return any(path.concerns(service, category) for path in self.functional)

    def _faults_of_functional(self) -> Iterator[str]:
        names = [path.name for path in self.functional]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"“{name}” stands there {names.count(name)} times."
        for path in self.functional:
            if not path.to_team.strip():
                yield "Every path leads to a team."
            elif path.from_team == path.to_team:
                yield f"“{path.name}” leads nowhere."
            if path.owner not in OWNERSHIP:
                yield f"“{path.name}”: the owner is one of {', '.join(OWNERSHIP)}."


KIND = declare(
    SchemeKind(
        NAME,
        "Escalation paths",
        "To which team a case goes on that needs other skills, who owns it then, and who with more"
        " authority hears of it, and who is reminded of what.",
        EscalationPaths,
    )
)
