"""A program of its own, because the settings name one database: fills that of one size and prints
what the driver needs to know, as JSON."""

import json
import sys

from evenkeel.core.database.parent import end_with_parent
from evenkeel.project.opening import set_up_django


def main() -> int:
    end_with_parent()
    size = int(sys.argv[1])
    set_up_django()
    from evenkeel.project import schema  # noqa: PLC0415  (needs Django)
    from evenkeel.project.bench import filling  # noqa: PLC0415

    schema.bring_up_to_date()
    filling.fill(size)
    facts = filling.facts(size)
    filling.settle()
    sys.stdout.write(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
