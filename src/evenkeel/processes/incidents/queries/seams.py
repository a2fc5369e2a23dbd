"""Seams: where processes that come later show what they know of an incident (ISRM-08, 55, 56).

The places are in the panel of the incident's page, and are asked once the page is there; see
docs/extending/seams.md.
"""

from evenkeel.core.records.seams import MOST, Found, Seam
from evenkeel.processes.incidents.models import Incident

__all__ = ["CHANGES", "IMPACT", "KNOWN_ERRORS", "MOST", "SEAMS", "Found", "Seam"]

KNOWN_ERRORS: Seam[Incident] = Seam("known-errors", "Known errors")
IMPACT: Seam[Incident] = Seam("impact", "What hangs on it")
CHANGES: Seam[Incident] = Seam("changes", "Changes and releases near it")
SEAMS = (KNOWN_ERRORS, IMPACT, CHANGES)
