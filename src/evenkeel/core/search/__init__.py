"""Search: one index over records and comments behind one function, `find`."""

from evenkeel.core.search.finding import Found, Hit, find
from evenkeel.core.search.suggesting import suggest

__all__ = ["Found", "Hit", "find", "suggest"]
