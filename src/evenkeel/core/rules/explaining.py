"""What a docstring tells those who use the software: its words without what it cites."""

import re
from typing import Any

# Rows, requirements and parts of FitSM are for those who read the code.
_CITED = re.compile(r" \((?:[A-Z]+-\d+|FitSM-\d)[^)]*\)")


def explained(what: Any) -> str:
    """The docstring of a verb's body or of a kind, as a page shows it."""
    return _CITED.sub("", (what.__doc__ or "").strip())
