"""A report as a PDF, in the typeface of the pages, so that it can be sent and kept as a file.

A process of its own draws it: that takes a second of processor time and 30 MB, which neither pages
nor jobs should wait for or keep.
"""

import json
import logging
import subprocess
import sys
from dataclasses import asdict

from evenkeel.core.web.reports import Report

PATIENCE = 120.0  # seconds
_log = logging.getLogger(__name__)


def drawn(report: Report, number: str) -> bytes:
    """The whole report on sheets of A4, each with the number of the record and of the page."""
    command = [sys.executable, "-m", "evenkeel.core.web.drawing"]
    sections = [
        {**vars(section), "pictures": [asdict(picture) for picture in section.pictures]}
        for section in report.sections
    ]
    said = json.dumps({"report": {**vars(report), "sections": sections}, "number": number})
    done = subprocess.run(
        command, input=said.encode(), capture_output=True, timeout=PATIENCE, check=False
    )
    complaints = done.stderr.decode()[-2_000:]
    if done.returncode:
        raise RuntimeError(f"The report {number} was not drawn: {complaints}")
    if complaints:
        _log.warning("The report %s: %s", number, complaints)
    return done.stdout
