"""Teams by the names that other systems give them; one that is not here is recorded."""

from collections.abc import Iterable

from evenkeel.core.directory.models import Team
from evenkeel.core.imports.intake import Intake
from evenkeel.core.records import bulk
from evenkeel.core.rules.action import registry


class Teams:
    """The teams of one import: name -> key."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.keys = {name.casefold(): pk for pk, name in Team.objects.values_list("pk", "title")}
        self.by_name: dict[str, int] = {}

    def find(self, names: Iterable[str]) -> None:
        """Make sure that `by_name` has these; what it has is told by name, whatever the case."""
        fresh = [name for name in dict.fromkeys(names) if name not in self.by_name]
        missing: dict[str, str] = {}
        for name in fresh:
            if name.casefold() not in self.keys:
                missing.setdefault(name.casefold(), name)
        if missing and self.intake.writes:
            self._record(list(missing.values()))
        for name in fresh:
            self.by_name[name] = self.keys.get(name.casefold(), 0)

    def forget(self) -> None:
        """After a rollback: what was recorded in it is not there."""
        self.__init__(self.intake)  # type: ignore[misc]

    def _record(self, names: list[str]) -> None:
        start = next(a for a in registry.values() if a.model is Team and a.creates)
        state = next(move.end for move in start.lifecycle.moves if move.verb == start.verb)
        run = {"import": self.intake.name, "system": self.intake.profile.system}
        made = [
            bulk.NewRecord(
                {"title": name[:200], "state": state, "is_open": True},
                [self.intake.entry(start.name, self.intake.at, given=run)],
            )
            for name in names
        ]
        bulk.write(Team, made)
        self.keys |= {name.casefold(): one.pk for name, one in zip(names, made, strict=True)}
