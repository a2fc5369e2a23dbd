"""Opening the software: Django with our settings, and a database that answers."""

import contextlib
import os
from collections.abc import Iterator

import django

from evenkeel.core.database import access
from evenkeel.project.environment import Environment


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenkeel.project.settings")
    django.setup()


@contextlib.contextmanager
def database(here: Environment) -> Iterator[None]:
    """A database that answers: the named one, or our own for as long as it is needed."""
    if here.database_is_ours:
        with access.using(here.home):
            yield
    else:
        access.check(here.database_url)
        yield
