"""What is done about services when the time has come."""

from django.utils import timezone

from evenkeel.core.jobs.declaring import every
from evenkeel.processes.services.actions import report


@every("40 3 * * *")
def make_reports() -> None:
    """Make the service reports of last month that are not there yet."""
    report.make_monthly(timezone.now())
