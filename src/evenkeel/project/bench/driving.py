"""Visitors over HTTP: each asks, waits for the answer, and asks again."""

import http.client
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

QUERIES = "X-Queries"  # the header in which the server says how many it took


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    body: bytes | None
    headers: Mapping[str, str]


class Answer(NamedTuple):
    """What came back, and after how long."""

    status: int
    seconds: float
    queries: int
    content: bytes


class Visitor:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, asked: Asked) -> Answer:
        """Status 0 says that the server hung up."""
        began = time.perf_counter()
        try:
            self._connection.request(asked.method, asked.path, asked.body, asked.headers)
            answer = self._connection.getresponse()
            content = answer.read()
        except (ConnectionError, http.client.HTTPException):
            self._connection.close()
            return Answer(0, time.perf_counter() - began, -1, b"")
        seconds = time.perf_counter() - began
        return Answer(answer.status, seconds, int(answer.headers.get(QUERIES, -1)), content)

    def leave(self) -> None:
        self._connection.close()


def drive(visitor: Callable[[], Visitor], requests: list[Asked], concurrency: int) -> list[Answer]:
    """All requests, shared among so many visitors."""

    def visit(share: list[Asked]) -> list[Answer]:
        someone = visitor()
        try:
            return [someone.ask(asked) for asked in share]
        finally:
            someone.leave()

    shares = [requests[place::concurrency] for place in range(concurrency)]
    with ThreadPoolExecutor(concurrency) as visitors:
        return [answer for answers in visitors.map(visit, shares) for answer in answers]
