"""One and the same incident, reported in the same minute by three customers: each is promised
something else, so each is due at another moment (R-14, IF-01)."""

from evenkeel.processes.incidents.demo.cast import Cast
from evenkeel.processes.incidents.demo.live import Live
from evenkeel.processes.incidents.models import Incident

TITLE = "Files that were uploaded do not show up in the list"
AGO = 50  # working minutes
WHO = ("rosa", "chloe", "marta")  # of the customers with Gold, with Silver, and with neither


def report(cast: Cast) -> None:
    """Reported, sorted and answered alike; what differs is who asks."""
    nils = cast.people["nils"]
    for login in WHO:
        asker = cast.people[login]
        told = Live(cast, Incident(), max(0, cast.time.until - AGO))
        told.do(
            "record", asker, title=TITLE, channel="portal",
            description="The upload says that it is done. The list stays as it was.",
            organisation=asker.organisation, service=cast.services.get("Data Transfer"),
        )  # fmt: skip
        told.do("classify", nils, 4, category="Data transfer")
        told.do("prioritise", nils, 1, impact=2, urgency=2)
        told.do("comment", nils, 2, text="Thank you. We look at the index of the gateway.")
        told.do("assign", nils, 1, team=cast.teams["Service desk"], case_owner=nils)
