"""What a person sees of ISRM: cases, contacts and models, and what belongs to major incidents."""

from evenkeel.processes.incidents.screens import case, major, prepared, process, trends

__all__ = ["case", "major", "prepared", "process", "trends"]
