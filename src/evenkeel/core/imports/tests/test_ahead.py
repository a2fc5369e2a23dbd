"""What is read ahead comes as it was, and so does what went wrong."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from evenkeel.core.imports.ahead import Ahead


class TestAhead:
    def test_gives_everything_in_its_order(self) -> None:
        assert list(Ahead(iter(range(100)))) == list(range(100))

    def test_raises_what_the_maker_raised_after_what_it_had_made(self) -> None:
        def made() -> Iterator[int]:
            yield 1
            raise ValueError("the disk is gone")

        ahead = Ahead(made())
        assert next(ahead) == 1
        for _ in range(2):
            with pytest.raises(ValueError, match="the disk is gone"):
                next(ahead)

    def test_makes_no_more_than_one_batch_too_many(self) -> None:
        asked: list[int] = []

        def made() -> Iterator[int]:
            for count in range(100):
                asked.append(count)
                yield count

        with closing(Ahead(made())) as ahead:
            assert next(ahead) == 0
        assert len(asked) <= 4

    def test_leaves_no_thread_behind_when_nobody_takes_the_rest(self) -> None:
        before = threading.active_count()
        with closing(Ahead(iter(range(100)))) as ahead:
            next(ahead)
        assert threading.active_count() == before
