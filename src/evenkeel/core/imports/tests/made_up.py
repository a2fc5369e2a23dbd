"""A made-up ticket system and its files, for the tests of this room."""

import json
import tomllib
from pathlib import Path
from typing import Any

from evenkeel.core.imports.command import run
from evenkeel.core.imports.profile import Profile
from evenkeel.core.records.record import Record, collections

PROFILE = """
title = "Made-up desk"
system = "made-up"
time_zone = "Europe/Amsterdam"
decimal = ","
nothing = ["#N/B"]
several = ["#MULTIVALUE"]

[files.cases]
becomes = "records"
collection = "incidents"
known_by = ["Case", "Status"]
delimiter = ";"
moments = "day/month/year hour:minute:second"
identity = "Case"
at = "Opened"

[files.cases.fields]
title = { made_of = "{Kind of CI} {CI} fails" }
state = { column = "Status", required = true, values = { "Closed" = "closed", "Open" = "new" } }
priority = { column = ["Priority", "Prio"], as = "scale" }
description = { column = "Text" }
closed_at = { column = "Closed", as = "moment" }

[files.cases.references]
ci = { column = "CI", relation = "affected CI" }
whole = { column = "Part of", relation = "whole", link = "part_of" }

[files.steps]
becomes = "entries"
collection = "incidents"
known_by = ["Case", "Step"]
identity = ["Case", "Step", "When"]
record = "Case"
at = "When"
aside = ["Status now"]

[files.steps.fields]
step = { column = "Step", required = true }
team = { column = "Team" }

[files.states]
becomes = "snapshots"
collection = "incidents"
known_by = ["id", "modified"]
identity = "id"
at = "modified"
history = "snapshots"
order = [{ column = "modified", as = "moment" }, { column = "count", as = "number" }]

[files.states.fields]
title = { column = "title", required = true }
state = { column = "state", required = true }
priority = { column = "priority", as = "scale" }
team = { column = "group", as = "team" }
closed_at = { column = "end", as = "moment", only_in = ["closed"] }
"""
MADE_UP = Profile.of(tomllib.loads(PROFILE), "made-up")

CASES = """\
Case;Status;Kind of CI;CI;Prio;Text;Opened;Closed;Part of;;
C1;Closed;Laptop;LAP1;5 - Very Low;It fell;01/10/2013 09:00:00;02/10/2013 09:30:00;;;
;;;;;;;;;;
C2;open;#N/B;#N/B;2;;02/10/2013 10:00:00;;C1;;
C3;open;Server;SRV1;3;Slow;03/10/2013 10:00:00;;#MULTIVALUE;;
"""
STEPS = """\
Case,Step,When,Team,Status now
C1,Closed,2013-10-02 09:30:00,DESK,Closed
C1,Open,2013-10-01 09:00:00,DESK,Closed
C2,Open,2013-10-02 10:00:00,DESK,Open
C9,Open,2013-10-04 10:00:00,DESK,Open
"""
STATES = """\
id,modified,count,title,state,priority,group,end
S1,2013-10-01 09:00:00,0,No mail,new,3 - Moderate,Desk,2013-10-03 09:00:00
S1,2013-10-01 10:00:00,1,No mail,in_progress,2 - High,Mail team,2013-10-03 09:00:00
S1,2013-10-03 09:00:00,2,No mail,closed,2 - High,Mail team,2013-10-03 09:00:00
S2,2013-10-02 09:00:00,0,No print,new,4 - Low,desk,
"""


def cells(**given: Any) -> dict[str, str]:
    """The cells of a sound case, with some exchanged."""
    sound = {
        "Case": "C1",
        "Status": "Closed",
        "Kind of CI": "Laptop",
        "CI": "LAP1",
        "Prio": "5 - Very Low",
        "Text": "It fell",
        "Opened": "01/10/2013 09:00:00",
        "Closed": "02/10/2013 09:30:00",
        "Part of": "C9",
    }
    return {name: cell for name, cell in {**sound, **given}.items() if cell}


class Desk:
    """The made-up system beside a folder of its exports."""

    def __init__(self, folder: Path, capsys: Any) -> None:
        self.folder, self.capsys = folder, capsys
        self.profile = folder / "made-up.toml"
        self.profile.write_text(PROFILE)
        self.refused = folder / "refused.csv"
        self.code = -1
        self.told = ""

    def bring_in(self, *texts: str | Path, options: tuple[str, ...] = ()) -> dict[str, Any]:
        """Import these files through the command; answers the figures that it prints."""
        files = []
        for count, text in enumerate(texts):
            path = text if isinstance(text, Path) else self.folder / f"export-{count}.csv"
            if isinstance(text, str):
                path.write_text(text)
            files.append(str(path))
        self.capsys.readouterr()
        always = ["--profile", str(self.profile), "--refusals", str(self.refused), "--json"]
        self.code = run([*files, *always, *options])
        out, self.told = self.capsys.readouterr()
        figures: dict[str, Any] = json.loads(out) if out else {}
        return figures


def incident(outside_id: str) -> Any:
    """The incident that came under this name, with the fields of its kind."""
    return collections()["incidents"].objects.get(origins__outside_id=outside_id)


def entries(record: Record) -> list[Any]:
    """Its entries in the order of the chain."""
    return list(record.entries.order_by("position"))


def counted(created: int = 0, changed: int = 0, unchanged: int = 0, refused: int = 0) -> Any:
    """The figures of one kind."""
    return {"created": created, "changed": changed, "unchanged": unchanged, "refused": refused}
