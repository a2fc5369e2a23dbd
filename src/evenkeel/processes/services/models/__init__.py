"""Services, what is agreed about them, and what was promised and not kept."""

from evenkeel.processes.services.models.service import Agreement, AgreementVersion, Service
from evenkeel.processes.services.models.violation import Violation

__all__ = ["Agreement", "AgreementVersion", "Service", "Violation"]
