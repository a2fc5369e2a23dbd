"""The `evenkeel` command: settings, then a database, then the command itself."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from evenkeel.core.database import DatabaseUnavailable
from evenkeel.project import checking, environment, launch, opening, restoring
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
    if arguments and arguments[0] in OURS:
        return OURS[arguments[0]][0](arguments[1:])
    if list(arguments) == ["--version"]:
        from importlib.metadata import version  # noqa: PLC0415  (large, and seldom needed)

        sys.stdout.write(f"evenkeel {version('evenkeel')}\n")
        return 0
    here = environment.read(os.environ)
    if not arguments or {"-h", "--help"} & set(arguments):
        return _kernel(arguments, is_ready=False)
    with opening.database(here):
        return _kernel(arguments, is_ready=True)


def _bench(arguments: Sequence[str]) -> int:
    from evenkeel.project.bench import command  # noqa: PLC0415  (seldom needed)

    return command.run(arguments)


def _kernel(arguments: Sequence[str], *, is_ready: bool) -> int:
    opening.set_up_django()
    from evenkeel.core import cli  # noqa: PLC0415  (needs Django)
    from evenkeel.project import schema  # noqa: PLC0415

    if is_ready:
        schema.bring_up_to_date()
    return cli.main(list(arguments), also=name_ours)


def name_ours(commands: Any) -> None:
    """The commands of the deployment, for the list of all commands."""
    for name, (_, purpose) in OURS.items():
        commands.add_parser(name, help=purpose)


def _manage(arguments: Sequence[str]) -> int:
    """Django's own commands, for developers and for emergencies."""
    with opening.database(environment.read(os.environ)):
        opening.set_up_django()
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        execute_from_command_line(["evenkeel manage", *arguments])
    return 0


OURS: dict[str, tuple[Callable[[Sequence[str]], int], str]] = {
    "run": (launch.run, "start everything: database, web server and worker"),
    "check": (checking.run, "is this installation sound?"),
    "bench": (_bench, "measure how fast it is, up to a million incidents"),
    "restore": (restoring.run, "make this installation of a backup"),
    "manage": (_manage, "the commands of Django, for developers"),
}


if __name__ == "__main__":
    sys.exit(main())
