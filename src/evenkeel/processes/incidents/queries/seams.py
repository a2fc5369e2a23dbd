"""Seams: where processes that come later show what they know of a case, and what they do about it.

The places are in the rail of the page (ISRM-03, 08, 54 to 56, 58; R-02, R-21), and are asked once
the page is there; see docs/extending/seams.md.
"""

from typing import Any

from evenkeel.core.records.seams import MOST, Deed, Found, Seam
from evenkeel.processes.incidents.models import Incident, MajorIncidentReview

__all__ = ["MOST", "OF_INCIDENTS", "OF_REQUESTS", "OF_REVIEWS", "Deed", "Found", "Seam"]

KNOWN_ERRORS: Seam[Incident] = Seam("known-errors", "Known errors")
PROBLEMS: Seam[Incident] = Seam("problems", "Problems")
IMPACT: Seam[Incident] = Seam("impact", "What hangs on it")
CHANGES: Seam[Any] = Seam("changes", "Changes and releases")  # of both kinds of cases
FOLLOWING: Seam[MajorIncidentReview] = Seam("following", "What its actions became")
OF_INCIDENTS: tuple[Seam[Any], ...] = (KNOWN_ERRORS, PROBLEMS, IMPACT, CHANGES)
OF_REQUESTS: tuple[Seam[Any], ...] = (CHANGES,)
OF_REVIEWS: tuple[Seam[Any], ...] = (FOLLOWING,)
