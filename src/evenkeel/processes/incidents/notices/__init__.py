"""Who is told of what in ISRM, in which words: users in their own, staff in theirs."""

from evenkeel.processes.incidents.notices import cases, service_owner

__all__ = ["cases", "service_owner"]
