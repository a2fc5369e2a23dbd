"""Records whose content is in versions: one is drafted, then approved or discarded."""

from collections.abc import Mapping
from typing import Any


class Drafted:
    """Beside `Record`: where nothing is drafted there is nothing to approve or to discard."""

    def open_draft(self) -> Any:
        """The version that is being worked on, if there is one."""
        raise NotImplementedError

    def nothing_for(self) -> Mapping[str, str]:
        """See `Record`."""
        return (
            {}
            if self.open_draft()
            else dict.fromkeys(("discard", "approve"), "Nothing is drafted.")
        )
