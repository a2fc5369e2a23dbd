"""Processes that must not outlive the one that started them."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(kind: signal.Signals = signal.SIGTERM) -> None:
    """From now on the system itself sends us this signal when our parent is gone, however."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, kind)
