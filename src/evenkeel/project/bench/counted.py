"""The door of the web server, saying with each answer how many queries it took."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from evenkeel.project.bench.driving import QUERIES
from evenkeel.project.wsgi import application as ours


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI; each thread has its own connection, so a count is that of one request."""
    asked = 0

    def count(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*statement)

    def answer(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        return start_response(status, [*headers, (QUERIES, str(asked))], *rest)

    with connection.execute_wrapper(count):
        return ours(environ, answer)
