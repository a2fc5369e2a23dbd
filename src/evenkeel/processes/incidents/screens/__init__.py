"""What a person sees of ISRM: cases and contacts, and what belongs to major incidents."""

from evenkeel.processes.incidents.screens import case, major

__all__ = ["case", "major"]
