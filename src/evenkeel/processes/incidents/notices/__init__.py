"""Who is told of what in ISRM, in which words: users in their own, staff in theirs."""

from evenkeel.processes.incidents.notices import cases

__all__ = ["cases"]
