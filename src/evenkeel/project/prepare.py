"""What `run` does before it serves: bring the tables up to date, fill an empty database."""

import sys

from evenkeel.core.database import DatabaseUnavailable
from evenkeel.core.database.parent import end_with_parent
from evenkeel.project.opening import set_up_django


def main() -> int:
    end_with_parent()
    set_up_django()
    from evenkeel.core import cli  # noqa: PLC0415  (needs Django)
    from evenkeel.project import schema  # noqa: PLC0415
    from evenkeel.project.settings import HERE  # noqa: PLC0415

    try:
        schema.bring_up_to_date()
    except DatabaseUnavailable as refusal:
        sys.stderr.write(f"evenkeel: {refusal}\n")
        return 1
    if HERE.demo and (code := cli.main(["demo", "--if-empty"])):
        return code
    greet()
    return 0


def greet() -> None:
    """Say who can sign in: the people of the demonstration, or whoever opens a link once."""
    from evenkeel.core.demo.people import PASSWORD  # noqa: PLC0415
    from evenkeel.core.web import first  # noqa: PLC0415
    from evenkeel.core.web.accounts import demo_accounts  # noqa: PLC0415

    people = [f"{login} ({what})" for login, _, what in demo_accounts()]
    if first.is_open():
        sys.stdout.write(
            "Nobody can sign in yet. Make the first account here, within a day:\n"
            f"{first.address()}\n"
        )
    if people:
        sys.stdout.write(f"Demo accounts, password {PASSWORD}: {', '.join(people)}\n")


if __name__ == "__main__":
    sys.exit(main())
