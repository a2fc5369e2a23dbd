"""Installing this app is registering the services."""

from evenkeel.core import process


class ServicesConfig(process.ProcessConfig):
    """The service portfolio, so far by name."""

    name = "evenkeel.processes.services"
    title = "Services and agreements"
    place = 70
    code = "SPM"
