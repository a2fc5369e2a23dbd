"""The `evenkeel` command: settings, then a database, then the command itself."""

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from evenkeel.core.database import DatabaseUnavailable, access
from evenkeel.project import environment, launch
from evenkeel.project.environment import Environment, SettingRefused

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
    """`run` and `manage` belong to the deployment; all other commands come from the kernel."""
    match arguments:
        case ["--version"]:
            sys.stdout.write(f"evenkeel {version('evenkeel')}\n")
            return 0
        case ["run", *rest]:
            return launch.run(rest)
        case ["manage", *rest]:
            with database(environment.read(os.environ)):
                return _manage(rest)
    here = environment.read(os.environ)
    if not arguments or {"-h", "--help"} & set(arguments):
        return _kernel(arguments, is_ready=False)
    with database(here):
        return _kernel(arguments, is_ready=True)


@contextlib.contextmanager
def database(here: Environment) -> Iterator[None]:
    """A database that answers: the named one, or our own for as long as it is needed."""
    if here.database_is_ours:
        with access.using(here.home):
            yield
    else:
        access.check(here.database_url)
        yield


def _kernel(arguments: Sequence[str], *, is_ready: bool) -> int:
    _set_up_django()
    from evenkeel.core import cli  # noqa: PLC0415  (needs Django)
    from evenkeel.project import schema  # noqa: PLC0415

    if is_ready:
        schema.bring_up_to_date()
    return cli.main(list(arguments))


def _manage(arguments: Sequence[str]) -> int:
    """Django's own commands, for developers and for emergencies."""
    _set_up_django()
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["evenkeel manage", *arguments])
    return 0


def _set_up_django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "evenkeel.project.settings"
    import django  # noqa: PLC0415

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
