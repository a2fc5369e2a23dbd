"""The portal: for those who use services. They report, follow their cases, answer and confirm.

What it offers for a kind of record is declared by the process in its `screens.py`; what it does
are the same verbs as everywhere. It shows public things only, whoever looks.
"""

from evenkeel.core.web.portal.offer import Offer, Question, Standing, Step, Told

__all__ = ["Offer", "Question", "Standing", "Step", "Told"]
