"""Finds or starts PostgreSQL. Knows no Django: it runs before the settings are read."""

from evenkeel.core.database.refusal import DatabaseUnavailable

__all__ = ["DatabaseUnavailable"]
