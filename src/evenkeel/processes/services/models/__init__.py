"""Services, what is agreed about them, what was promised and not kept, and reports of it."""

from evenkeel.processes.services.models.component import ServiceComponent
from evenkeel.processes.services.models.recomputation import (
    MovedClock,
    Progress,
    Recomputation,
)
from evenkeel.processes.services.models.report import ReportedCase, ServiceReport
from evenkeel.processes.services.models.service import Agreement, AgreementVersion, Service
from evenkeel.processes.services.models.trend import Counting, TrendFigure
from evenkeel.processes.services.models.violation import Violation

__all__ = [
    "Agreement",
    "AgreementVersion",
    "Counting",
    "MovedClock",
    "Progress",
    "Recomputation",
    "ReportedCase",
    "Service",
    "ServiceComponent",
    "ServiceReport",
    "TrendFigure",
    "Violation",
]
