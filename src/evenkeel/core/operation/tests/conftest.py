"""The cast of the directory."""

from evenkeel.core.directory.tests.conftest import olga, rita, roles

__all__ = ["olga", "rita", "roles"]
