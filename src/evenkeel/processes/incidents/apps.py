"""Installing this app is registering ISRM."""

from evenkeel.core import process


class IncidentsConfig(process.ProcessConfig):
    """Incident and service request management."""

    name = "evenkeel.processes.incidents"
    title = "Service desk"
    place = 10
    code = "ISRM"
    goal = (
        "To have services as agreed again soon after something went wrong,"
        " and to answer what those who use them ask for."
    )
