"""What a person sees of services, agreements, violations, service reports and recomputations.

Opened in the order in which they stand in the rail.
"""

from evenkeel.processes.services.screens import report, service

# isort: split
from evenkeel.processes.services.screens import component, planned, recomputation

__all__ = ["component", "planned", "recomputation", "report", "service"]
