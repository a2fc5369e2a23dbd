"""pytest plugin: the demonstration, loaded once for the run and seen by each test that asks for it.

`demo` gives a test a database with the demonstration; what the test does to it is taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@pytest.fixture(scope="session")
def demo_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of a database in which the demonstration is loaded."""
    from django.db import connection  # noqa: PLC0415  (only now may the settings be read)

    from evenkeel.core.demo.loading import load  # noqa: PLC0415

    empty = connection.settings_dict["NAME"]
    name = f"{empty}_demo"
    with django_db_blocker.unblock():
        connection.close()  # a database is copied only while nobody is in it
        with connection._nodb_cursor() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{empty}"')
        with _instead(name):
            load()
    yield name
    with django_db_blocker.unblock(), connection._nodb_cursor() as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def demo(demo_database: str, db: None) -> Iterator[None]:
    """Read and write in the demonstration; the next test finds it as it was loaded."""
    from django.db import transaction  # noqa: PLC0415

    with _instead(demo_database), transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _instead(name: str) -> Iterator[None]:
    """Let everything speak to the database of that name."""
    from django.db import connections  # noqa: PLC0415

    usual = connections["default"]
    other = connections.create_connection("default")
    other.settings_dict = {**other.settings_dict, "NAME": name}
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = usual
