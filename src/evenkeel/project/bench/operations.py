"""What is measured: what people and programs do most, as requests."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from evenkeel.project.bench.driving import Asked

Facts = dict[str, Any]  # what `filling.facts` tells of the database
PAGE = 50  # rows
COMMON = ("transfer certificate", "login queue", "storage archive", "quota disk")  # see stories
RARE = "wombat{}x"  # such a word stands in a handful of texts, however many there are
RARE_WORDS = 20  # how many of them
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Operation:
    """One kind of request; `ask` is given the facts, chance and a running number."""

    name: str
    aim: float  # milliseconds of processor time, server and database together
    ask: Callable[[Facts, random.Random, int], Asked]
    expects: int = 200

    def requests(self, facts: Facts, first: int, count: int) -> list[Asked]:
        """So many requests; the same for the same running numbers."""
        chance = random.Random(first)  # noqa: S311  (not a secret)
        return [self.ask(facts, chance, first + place) for place in range(count)]


def rare(chance: random.Random) -> str:
    """One of the rare words."""
    return RARE.format(chance.randint(1, RARE_WORDS))


def _page(facts: Facts, path: str) -> Asked:
    """By a person who has signed in."""
    return Asked("GET", path, None, {"Cookie": f"sessionid={facts['session']}"})


def _api(facts: Facts, path: str, body: dict[str, Any] | None = None) -> Asked:
    """By a program with a token."""
    headers = {"Authorization": f"Bearer {facts['token']}"}
    if body is None:
        return Asked("GET", path, None, headers)
    return Asked("POST", path, json.dumps(body).encode(), {**headers, **JSON})


def _create(facts: Facts, chance: random.Random, number: int) -> Asked:
    body = {
        "title": f"Transfer stops half way, {number}",
        "description": "Since this morning every transfer to the archive stops half way.",
        "service": chance.choice(facts["services"]),
    }
    return _api(facts, "/api/incidents", body)


def _read(facts: Facts, chance: random.Random, number: int) -> Asked:
    return _api(facts, f"/api/incidents/{chance.choice(facts['numbers'])}")


def _list(facts: Facts, chance: random.Random, number: int) -> Asked:
    team, priority = chance.choice(facts["teams"]), chance.choice((2, 3, 4))
    filters = {"state": "closed", "team": team, "priority": priority, "limit": PAGE}
    return _api(facts, f"/api/incidents?{urlencode(filters)}")


def _first_page(facts: Facts, chance: random.Random, number: int) -> Asked:
    return _page(facts, "/incidents/")


def _last_page(facts: Facts, chance: random.Random, number: int) -> Asked:
    return _page(facts, f"/incidents/?page={facts['incidents'] // PAGE}")


def _middle_page(facts: Facts, chance: random.Random, number: int) -> Asked:
    return _page(facts, f"/incidents/?page={facts['incidents'] // PAGE // 2}")


def _search_common(facts: Facts, chance: random.Random, number: int) -> Asked:
    return _page(facts, f"/search/?{urlencode({'q': chance.choice(COMMON)})}")


def _search_rare(facts: Facts, chance: random.Random, number: int) -> Asked:
    return _page(facts, f"/search/?{urlencode({'q': rare(chance)})}")


def _my_work(facts: Facts, chance: random.Random, number: int) -> Asked:
    return _page(facts, "/")


def _record_page(facts: Facts, chance: random.Random, number: int) -> Asked:
    return _page(facts, f"/incidents/{chance.choice(facts['numbers'])}/")


def _resolve(facts: Facts, chance: random.Random, number: int) -> Asked:
    body = {"solution": "Restarted the mover.", "resolution": "permanent"}
    return _api(facts, f"/api/incidents/{facts['waiting'][number]}/resolve", body)


OPERATIONS = (
    Operation("create", 7, _create, expects=201),
    Operation("read", 2, _read),
    Operation("list, three filters", 5, _list),
    Operation("list page, first", 10, _first_page),
    Operation("list page, last", 10, _last_page),
    Operation("list page, in the middle", 10, _middle_page),
    Operation("search, two common words", 15, _search_common),
    Operation("search, a rare word", 15, _search_rare),
    Operation("my work", 10, _my_work),
    Operation("record page", 12, _record_page),
    Operation("resolve", 7, _resolve),
)


def named(beginnings: list[str]) -> Iterator[Operation]:
    """The operations whose name begins with one of these."""
    for operation in OPERATIONS:
        if operation.name.startswith(tuple(beginnings)):
            yield operation
