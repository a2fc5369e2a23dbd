"""Reading ahead: while the database takes one batch, the next is made ready."""

import threading
from collections.abc import Iterator
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

T = TypeVar("T")

_ROOM = 1  # batches that wait; the memory of an import is that of three
_LOOK_UP = 0.2  # seconds; how often a maker whose batches nobody takes looks whether it is over


class Ahead(Generic[T], Iterator[T]):
    """What the iterator gives, made in a thread of its own. What it raises is raised here."""

    def __init__(self, made: Iterator[T]) -> None:
        self._made = made
        self._ready: Queue[T | BaseException] = Queue(_ROOM)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="ahead", daemon=True)
        self._thread.start()

    def __next__(self) -> T:
        while True:
            try:
                one = self._ready.get(timeout=_LOOK_UP)
            except Empty:
                continue
            if isinstance(one, BaseException):
                self._ready.put(one)  # whoever asks again gets the same answer
                raise one
            return one

    def close(self) -> None:
        """Read no further; returns when the thread has ended."""
        self._is_over.set()
        self._thread.join()

    def _work(self) -> None:
        last: BaseException = StopIteration()
        try:
            for one in self._made:
                if not self._put(one):
                    return
        except BaseException as error:
            last = error
        self._put(last)

    def _put(self, one: T | BaseException) -> bool:
        while not self._is_over.is_set():
            try:
                self._ready.put(one, timeout=_LOOK_UP)
            except Full:
                continue
            return True
        return False
