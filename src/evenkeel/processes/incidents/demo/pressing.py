"""A case that runs out of time: four fifths of what was promised have passed, and it lies still."""

from evenkeel.processes.incidents.demo.cast import Cast
from evenkeel.processes.incidents.demo.live import Live
from evenkeel.processes.incidents.models import Incident

TITLE = "The export of sequence data stops after one file"
AGO = 97  # working minutes, of the two hours that this customer is promised at P1


def press(cast: Cast) -> None:
    """Answered at once and given to somebody, who has other work."""
    rosa, nils, kofi = (cast.people[login] for login in ("rosa", "nils", "kofi"))
    told = Live(cast, Incident(), max(0, cast.time.until - AGO))
    told.do(
        "record", rosa, title=TITLE, channel="portal",
        description="The run ends after the first file; the others are not even tried.",
        organisation=rosa.organisation, service=cast.services.get("Data Transfer"),
    )  # fmt: skip
    told.do("classify", nils, 3, category="Data transfer")
    told.do("prioritise", nils, 1, impact=1, urgency=2)
    told.do("comment", nils, 2, text="We are on it, and write as soon as we know more.")
    told.do("assign", nils, 1, team=cast.teams["Gateway team"], case_owner=kofi)
