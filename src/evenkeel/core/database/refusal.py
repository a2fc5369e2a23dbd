"""The one exception of this room."""


class DatabaseUnavailable(Exception):
    """No PostgreSQL to be had. Its text is one sentence that says what to do."""
