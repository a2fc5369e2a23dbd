"""A made-up ticket system and its files, for the tests of this room."""

from typing import Any

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
hours = { column = "Hours", as = "decimal" }

[files.cases.references]
ci = { column = "CI", relation = "affected CI" }
calls = { column = "Call", relation = "call", of_system = "phone" }

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

[files.states]
becomes = "snapshots"
collection = "incidents"
known_by = ["id", "modified"]
identity = "id"
at = "modified"
history = "snapshots"
order = [{ column = "modified", as = "moment" }, { column = "count", as = "number" }]

[files.states.fields]
state = { column = "state" }
"""

CASES = """\
Case;Status;Kind of CI;CI;Prio;Hours;Opened;Call;;
C1;Closed;Laptop;LAP1;5 - Very Low;3,5;01/10/2013 09:00:00;P1;;
;;;;;;;;;
C2;open;#N/B;#N/B;2;;02/10/2013 10:00:00;#MULTIVALUE;;
"""


def cells(**given: Any) -> dict[str, str]:
    """The cells of a sound case, with some exchanged."""
    sound = {
        "Case": "C1",
        "Status": "Closed",
        "Kind of CI": "Laptop",
        "CI": "LAP1",
        "Prio": "5 - Very Low",
        "Hours": "3,5",
        "Opened": "01/10/2013 09:00:00",
        "Call": "P1",
    }
    return {name: cell for name, cell in {**sound, **given}.items() if cell}
