"""Invented incidents, the same for every run: texts, histories, who worked on them."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from evenkeel.core.records.bulk import NewComment, NewEntry, NewRecord
from evenkeel.project.bench.operations import rare

SEED = 20260301
YEARS = 3  # of history
OPEN_SHARE = 0.02  # of the whole; the rest is closed
TEXT = (
    "transfer queue login certificate storage archive batch node disk quota gateway notebook mail "
    "portal token session cluster scheduler image volume backup restore network switch route "
    "latency timeout memory kernel driver module licence account password group share mount "
    "snapshot database table index query replica upload download checksum mirror proxy firewall "
    "printer scanner monitor laptop keyboard phone calendar meeting room invoice report export "
    "import dataset catalogue metadata search result page form button error warning message"
)
WORDS = tuple(TEXT.split())
# Common words are common, as in any language; what came first is used most.
WEIGHTS = list(accumulate(1 / place for place in range(1, len(WORDS) + 1)))
TROUBLES = ("fails", "is slow", "hangs", "is refused", "stops half way", "shows nothing")
CATEGORIES = ("Access", "Compute", "Storage", "Data transfer", "Mail", "Network")
GOOD = 80  # per cent, from which on a record is a good one
RARE_TEXTS = 100  # with a rare word each, about, however many incidents there are
CLOSED, WORKED_ON = "closed", ("classified", "in_progress", "on_hold")


@dataclass(frozen=True)
class Cast:
    """The keys of those who appear."""

    users: Sequence[int]
    agents: Sequence[int]
    teams: Sequence[int]
    services: Sequence[int]
    organisations: Sequence[int]


def tell(size: int, cast: Cast, now: datetime) -> Iterator[NewRecord]:
    """So many incidents, oldest first, each with its entries and a comment or two."""
    chance = random.Random(SEED)  # noqa: S311  (the same story every time is the point)
    step = timedelta(days=365 * YEARS) / size
    for place in range(size):
        # Few of the old ones are open, most of the young ones.
        is_open = chance.random() < OPEN_SHARE * 2 * place / size
        incident = _incident(chance, cast, now - step * (size - place), is_open)
        if chance.random() < RARE_TEXTS / size:
            incident.values["description"] += f" {rare(chance)}"
        yield incident


def _incident(chance: random.Random, cast: Cast, at: datetime, is_open: bool) -> NewRecord:
    agent = chance.choice(cast.agents)
    thing, other = chance.choices(WORDS, cum_weights=WEIGHTS, k=2)
    values: dict[str, Any] = {
        "title": f"{thing.capitalize()} {chance.choice(TROUBLES)}, {other} {chance.randint(1, 99)}",
        "description": _text(chance, 40),
        "state": chance.choice(WORKED_ON) if is_open else CLOSED,
        "is_open": is_open,
        "category": chance.choice(CATEGORIES),
        "priority": chance.choices((1, 2, 3, 4), (1, 4, 10, 10))[0],
        "requester_id": chance.choice(cast.users),
        "organisation_id": chance.choice(cast.organisations),
        "service_id": chance.choice(cast.services),
        "team_id": chance.choice(cast.teams),
        "case_owner_id": agent,
        "recorded_at": at,
        "due_at": at + timedelta(hours=chance.randint(4, 80)),
    }
    if not is_open:
        values["solution"] = _text(chance, 15)
        values["resolved_at"] = at + timedelta(hours=5)
        values["closed_at"] = at + timedelta(hours=30)
        values |= _quality(values["closed_at"])
    else:
        values |= _judged(100)
    entries = list(_history(values, NewComment(_text(chance, 20))))
    return NewRecord(values, entries)


def _quality(at: datetime) -> dict[str, Any]:
    """One in nine lacks its cause."""
    if int(at.timestamp()) % 9:
        return {**_judged(100), "cause": "software", "counted_at": at}
    return {**_judged(75, "category of cause"), "counted_at": at}


def _judged(complete: int, *lacks: str) -> dict[str, Any]:
    """A case that says how good its record is, and by which rule, need not be judged again."""
    because = {"lacks": lacks, "good": GOOD, "scheme": "SCH-1", "version": 1}
    return {
        "completeness": complete,
        "is_good_record": complete >= GOOD,
        "quality_because": because,
    }


def _history(values: dict[str, Any], comment: NewComment) -> Iterator[NewEntry]:
    at, agent, user = values["recorded_at"], values["case_owner_id"], values["requester_id"]
    yield NewEntry("incidents.record", at, user)
    yield NewEntry("incidents.comment", at + timedelta(minutes=9), agent, {}, comment=comment)
    handed = {name: [None, values[name]] for name in ("team_id", "case_owner_id")}
    yield NewEntry("incidents.assign", at + timedelta(minutes=12), agent, handed)
    if values["is_open"]:
        return
    solved = {"state": ["in_progress", "resolved"], "solution": [None, values["solution"]]}
    yield NewEntry("incidents.resolve", values["resolved_at"], agent, solved)
    closed = {"state": ["resolved", CLOSED], "is_open": [True, False]}
    yield NewEntry("incidents.close", values["closed_at"], user, closed)


def _text(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(WORDS, cum_weights=WEIGHTS, k=length))
