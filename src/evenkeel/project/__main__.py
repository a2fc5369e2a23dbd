"""The `evenkeel` command: settings, then a database, then the command itself."""

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from evenkeel.core.database import DatabaseUnavailable
from evenkeel.project import checking, environment, launch, opening
from evenkeel.project.environment import SettingRefused

REFUSED = 1  # as in the kernel: refused or broken; the sentence is on standard error
INTERRUPTED = 130


def main() -> int:
    try:
        return dispatch(sys.argv[1:])
    except (SettingRefused, DatabaseUnavailable, launch.LaunchFailed) as refusal:
        sys.stderr.write(f"evenkeel: {refusal}\n")
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # `evenkeel list … | head` has seen enough; Python must not complain at the exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def dispatch(arguments: Sequence[str]) -> int:
    """Some commands belong to the deployment; all others come from the kernel."""
    match arguments:
        case ["--version"]:
            sys.stdout.write(f"evenkeel {version('evenkeel')}\n")
            return 0
        case ["run", *rest]:
            return launch.run(rest)
        case ["check", *rest]:
            return checking.run(rest)
        case ["manage", *rest]:
            with opening.database(environment.read(os.environ)):
                return _manage(rest)
    here = environment.read(os.environ)
    if not arguments or {"-h", "--help"} & set(arguments):
        return _kernel(arguments, is_ready=False)
    with opening.database(here):
        return _kernel(arguments, is_ready=True)


def _kernel(arguments: Sequence[str], *, is_ready: bool) -> int:
    opening.set_up_django()
    from evenkeel.core import cli  # noqa: PLC0415  (needs Django)
    from evenkeel.project import schema  # noqa: PLC0415

    if is_ready:
        schema.bring_up_to_date()
    return cli.main(list(arguments), also=name_ours)


def name_ours(commands: Any) -> None:
    """The commands of the deployment, for the list of all commands."""
    commands.add_parser("run", help="start everything: database, web server and worker")
    commands.add_parser("check", help="is this installation sound?")
    commands.add_parser("manage", help="the commands of Django, for developers")


def _manage(arguments: Sequence[str]) -> int:
    """Django's own commands, for developers and for emergencies."""
    opening.set_up_django()
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["evenkeel manage", *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main())
