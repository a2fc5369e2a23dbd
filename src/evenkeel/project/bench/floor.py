"""The bare floor: the same rows by psycopg, encoded by msgspec, and nothing else.

No framework, no permission, no entry chain, no HTTP: what the database and the bytes cost anyway.
Writing goes to empty tables of the same shape, in which nothing slows it down."""

import random
import time
from collections.abc import Callable
from typing import Any

import msgspec
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from evenkeel.project.bench import cost
from evenkeel.project.bench.operations import COMMON, Facts, rare

COUNT, WARM_UP = 300, 10
LONGEST = 20.0  # seconds for one operation
TABLES = {
    "record": ("core_record", "id"),
    "incident": ("incidents_incident", "record_ptr_id"),
    "entry": ("core_entry", "record_id"),
}
ROW = """
SELECT record.number, record.title, record.state, record.priority, owner.full_name,
       record.recorded_at
FROM core_record record LEFT JOIN core_user owner ON owner.id = record.case_owner_id
"""
NEWEST = "ORDER BY record.recorded_at DESC, record.id DESC LIMIT 50"
Cursor = psycopg.Cursor[dict[str, Any]]
Step = Callable[["Floor"], object]


def measure(url: str, facts: Facts, database: int) -> dict[str, float]:
    """Milliseconds of processor time, ours and the database's, for each operation."""
    with psycopg.connect(url, row_factory=dict_row, prepare_threshold=1) as connection:
        floor = Floor(connection.cursor(), facts)
        connection.commit()
        found = {name: _cost(floor, step, database) for name, step in STEPS.items()}
        for name in TABLES:
            floor.cursor.execute(f"DROP TABLE floor_{name}")
    return found


def _cost(floor: "Floor", step: Step, database: int) -> float:
    """Of one step, on average over as many as there is time for."""
    for _ in range(WARM_UP):
        floor.do(step)
    steps, end = 0, time.monotonic() + LONGEST
    ours, theirs = time.process_time(), cost.processor_seconds(database)
    while steps < COUNT and time.monotonic() < end:
        floor.do(step)
        steps += 1
    spent = time.process_time() - ours + cost.processor_seconds(database) - theirs
    return round(1000 * spent / steps, 2)


class Floor:
    """A cursor, what is in the database, and empty tables to write to."""

    def __init__(self, cursor: Cursor, facts: Facts) -> None:
        self.cursor, self.facts = cursor, facts
        self.chance = random.Random(1)  # noqa: S311  (not a secret)
        self.key = 0
        self.templates = {name: self._made(name, *of) for name, of in TABLES.items()}
        self.agent = facts["agent"]

    def _made(self, name: str, like: str, key: str) -> dict[str, Any]:
        """Make a table of the same shape; a row of the original to write again and again."""
        self.cursor.execute(f"DROP TABLE IF EXISTS floor_{name}")
        self.cursor.execute(f"CREATE TABLE floor_{name} (LIKE {like} INCLUDING ALL)")
        number = self.facts["waiting"][0]
        (record,) = self.rows("SELECT id FROM core_record WHERE number = %s", number)
        first = f"SELECT * FROM {like} WHERE {key} = %s LIMIT 1"  # noqa: S608  (names are ours)
        (row,) = self.rows(first, record["id"])
        return {k: Jsonb(v) if isinstance(v, dict | list) else v for k, v in row.items()}

    def do(self, step: Step) -> None:
        """One step, to the encoded bytes, in a transaction of its own."""
        msgspec.json.encode(step(self))
        self.cursor.connection.commit()

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return self.cursor.execute(sql, values).fetchall()

    def insert(self, name: str, **changed: Any) -> None:
        values = self.templates[name] | changed
        columns = ", ".join(values)
        marks = ", ".join(["%s"] * len(values))
        sql = f"INSERT INTO floor_{name} ({columns}) VALUES ({marks})"  # noqa: S608  (names are ours)
        self.cursor.execute(sql, list(values.values()))

    def number(self) -> str:
        return str(self.chance.choice(self.facts["numbers"]))


def _create(floor: Floor) -> object:
    floor.key += 1
    floor.insert("record", id=floor.key, number=f"INC-{floor.key}")
    floor.insert("incident", record_ptr_id=floor.key)
    floor.insert("entry", id=floor.key, record_id=floor.key, position=1)
    return {"number": f"INC-{floor.key}"}


def _read(floor: Floor) -> object:
    (row,) = floor.rows(
        "SELECT record.*, incident.* FROM core_record record"
        " JOIN incidents_incident incident ON incident.record_ptr_id = record.id"
        " WHERE record.number = %s",
        floor.number(),
    )
    return {name: value for name, value in row.items() if name != "chain_head"}


def _list(floor: Floor) -> object:
    team = floor.chance.choice(floor.facts["teams"])
    return floor.rows(
        f"{ROW} JOIN core_team team ON team.record_ptr_id = record.team_id"
        " JOIN core_record named ON named.id = record.team_id"
        " WHERE record.of_kind = 'incident' AND record.state = 'closed'"
        f" AND named.number = %s AND record.priority = %s {NEWEST}",
        team,
        floor.chance.choice((2, 3, 4)),
    )


def _page(floor: Floor) -> object:
    return floor.rows(f"{ROW} WHERE record.of_kind = 'incident' {NEWEST}")


def _far_page(floor: Floor) -> object:
    """By key, as a page after another page is found."""
    (place,) = floor.rows(
        "SELECT recorded_at, id FROM core_record WHERE number = %s", floor.number()
    )
    return floor.rows(
        f"{ROW} WHERE record.of_kind = 'incident' AND (record.recorded_at, record.id) < (%s, %s)"
        f" {NEWEST}",
        place["recorded_at"],
        place["id"],
    )


def _search(floor: Floor, words: str) -> object:
    """The newest that match; no ranking, no headlines, no word forms but the index's own."""
    return floor.rows(
        f"{ROW} JOIN core_searchrow found ON found.record_id = record.id"
        f" WHERE found.words @@ websearch_to_tsquery('evenkeel', %s) {NEWEST}",
        words,
    )


def _search_common(floor: Floor) -> object:
    return _search(floor, floor.chance.choice(COMMON))


def _search_rare(floor: Floor) -> object:
    return _search(floor, rare(floor.chance))


def _my_work(floor: Floor) -> object:
    return floor.rows(
        f"{ROW} WHERE record.case_owner_id = %s AND record.is_open"
        " ORDER BY record.due_at, record.priority LIMIT 50",
        floor.agent,
    )


def _record_page(floor: Floor) -> object:
    row: Any = _read(floor)
    entries = floor.rows(
        "SELECT position, verb, at, difference, given FROM core_entry"
        " WHERE record_id = %s ORDER BY position",
        row["id"],
    )
    said = floor.rows("SELECT text, said_at FROM core_comment WHERE record_id = %s", row["id"])
    return [row, entries, said]


def _resolve(floor: Floor) -> object:
    key = floor.chance.randint(1, floor.key)
    floor.rows("SELECT * FROM floor_record WHERE id = %s FOR UPDATE", key)
    floor.cursor.execute(
        "UPDATE floor_record SET state = 'resolved', version = version + 1 WHERE id = %s", [key]
    )
    floor.cursor.execute(
        "UPDATE floor_incident SET solution = 'Restarted.' WHERE record_ptr_id = %s", [key]
    )
    floor.key += 1
    floor.insert("entry", id=floor.key, record_id=floor.key, position=1)
    return {"state": "resolved"}


# In this order: what is resolved was created before.
STEPS: dict[str, Step] = {
    "create": _create,
    "resolve": _resolve,
    "read": _read,
    "list, three filters": _list,
    "list page, first": _page,
    "list page, last": _far_page,
    "list page, in the middle": _far_page,
    "search, two common words": _search_common,
    "search, a rare word": _search_rare,
    "my work": _my_work,
    "record page": _record_page,
}
