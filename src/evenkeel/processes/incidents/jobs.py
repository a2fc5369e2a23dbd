"""What the service desk does when the time has come."""

from evenkeel.core.jobs.declaring import every
from evenkeel.processes.incidents.actions import closing


@every("13 * * * *")
def close_unanswered() -> None:
    """Close what is done and whose user has not answered for so long as the rules allow."""
    closing.close_unanswered()
