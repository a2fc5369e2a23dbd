"""What went wrong with a job, in a sentence, noted by the worker around each."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError
from django.utils import timezone

from evenkeel.core.jobs.models import JobFault

_log = logging.getLogger(__name__)


def note(does: Callable[[], Any], context: Any, worker: Any) -> Any:
    """Do a job. Where it fails, keep why; the worker then decides when it is tried again."""
    try:
        return does()
    except Exception as fault:
        try:
            JobFault.note(context.job.id, sentence(fault), timezone.now())
        except DatabaseError:  # perhaps this is why it failed
            _log.warning("A failure of job %d could not be noted.", context.job.id)
        raise


def sentence(fault: BaseException) -> str:
    """Ours say all by themselves; of others the kind says more than the text."""
    text = " ".join(str(fault).split())
    if type(fault).__module__.startswith("evenkeel."):
        return text
    return f"{type(fault).__name__}: {text}" if text else type(fault).__name__
