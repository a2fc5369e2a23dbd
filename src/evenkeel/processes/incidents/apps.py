"""Installing this app is registering ISRM."""

from evenkeel.core import process


class IncidentsConfig(process.ProcessConfig):
    """Incident and service request management."""

    name = "evenkeel.processes.incidents"
    title = "Service desk"
    place = 10
    code = "ISRM"
