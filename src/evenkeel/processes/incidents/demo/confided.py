"""An incident of the demonstration that is not for everybody: a laptop with data was lost."""

from typing import Any

from evenkeel.processes.incidents.demo.cast import Cast
from evenkeel.processes.incidents.demo.live import Live
from evenkeel.processes.incidents.models import Incident

BEGAN = 340  # working minutes ago
TOLD = (
    "My bag was stolen from the train this morning, with the laptop in it. "
    "A copy of the participants' data of the winter campaign was on the disk."
)


def fill(cast: Cast) -> None:
    """Reported by a user, restricted by the desk at once, in the hands of the security staff."""
    people = cast.people
    nils, hana = people["nils"], people["hana"]
    told = Live(cast, Incident(), max(0, cast.time.until - BEGAN))
    about: dict[str, Any] = {"title": "Laptop with participants' data stolen", "description": TOLD}
    about["service"] = cast.services["Research Storage & Archive"]
    told.do("record", people["rosa"], **about, organisation=people["rosa"].organisation)
    told.do("restrict", nils, 6, reason="Personal data may be in the wrong hands.")
    told.do("classify", hana, 9, category="Security")
    told.do("prioritise", hana, 1, impact=2, urgency=1)
    told.do("assign", hana, 2, case_owner=hana)
    told.do("note", hana, 14, text="The disk is encrypted; the key was not on the laptop.")
    told.do("comment", hana, 5, text="Thank you for telling us at once. Your keys are withdrawn.")
