"""Who may do what: the table in `table.txt`, and that every surface keeps to it.

The table is written anew with `EVENKEEL_REWRITE=1 pytest tests/permissions`; its difference is a
change of rights, to be read before it is kept. `EVENKEEL_EVERYBODY=1` asks everybody everywhere.
"""

import functools
import os
import random
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.rules import Action, registry
from evenkeel.core.rules.permissions import of_user
from evenkeel.core.web.screen import screens
from tests.permissions.cast import MEMBERS, Cast, gather
from tests.permissions.stage import inputs, staged
from tests.permissions.surfaces import SURFACES, by_reading_token

TABLE = Path(__file__).parent / "table.txt"
YES, NO = "yes", "–"
# In CI every surface is asked by everybody; elsewhere a part of it has to do.
EVERYBODY = "CI" in os.environ or "EVENKEEL_EVERYBODY" in os.environ

pytestmark = pytest.mark.django_db
each_verb = pytest.mark.parametrize("verb", sorted(registry))


@pytest.fixture
def cast() -> Cast:
    return gather()


@functools.cache
def rows() -> dict[str, dict[str, bool]]:
    """The table as it is kept: verb -> member of the cast -> may they?"""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    heads = [head.strip() for head in lines[0].split("|")[1:]]
    table = {}
    for line in lines[1:]:
        verb, *answers = (cell.strip() for cell in line.split("|"))
        table[verb] = {head: cell == YES for head, cell in zip(heads, answers, strict=True)}
    return table


def written(table: dict[str, dict[str, bool]]) -> str:
    """The table as text, one verb a line."""
    widest = max(map(len, table))
    lines = [" | ".join(["".ljust(widest), *MEMBERS])]
    for verb, answers in sorted(table.items()):
        cells = [(YES if answers[name] else NO).ljust(len(name)) for name in MEMBERS]
        lines.append(" | ".join([verb.ljust(widest), *cells]).rstrip())
    return "\n".join(lines) + "\n"


def answers(action: Action, cast: Cast) -> dict[str, bool]:
    """What the permission of the verb answers each member of the cast."""
    record = staged(action, cast)
    found = {}
    for member in MEMBERS:
        user = cast[member]
        asked = action.model(requester=user) if action.creates else record
        found[member] = bool(action.may(user, asked))
    return found


class TestTable:
    def test_is_what_the_permissions_say(self, cast: Cast) -> None:
        found = {}
        for verb, action in registry.items():
            with transaction.atomic():
                found[verb] = answers(action, cast)
                transaction.set_rollback(True)
        if os.environ.get("EVENKEEL_REWRITE"):
            TABLE.write_text(written(found), encoding="utf-8")
            rows.cache_clear()
        assert written(rows()) == written(found)

    def test_differs_as_soon_as_one_permission_is_another(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        action = registry["incidents.close"]
        monkeypatch.setattr(action, "who", of_user("everybody", lambda user: True))
        found = answers(action, cast)
        assert {name for name in MEMBERS if found[name] != rows()[action.name][name]} >= {
            "colleague",
            "auditor",
            "former manager",
        }

    def test_leaves_no_verb_to_nobody_and_none_to_those_who_have_gone(self) -> None:
        for verb, row in rows().items():
            assert any(row.values()), verb
            assert not row["suspended"], verb
            assert row["deputy"] == row["manager"], verb
            assert row["former manager"] == row["next manager"] == row["user"], verb


class TestVerb:
    @each_verb
    def test_is_answered_alike_on_every_surface(
        self, verb: str, cast: Cast, capsys: Any, tmp_path: Path, settings: Any
    ) -> None:
        settings.MEDIA_ROOT = tmp_path / "attachments"
        action, expected = registry[verb], rows()[verb]
        record = staged(action, cast)
        sees = {member for member in MEMBERS if action.creates or _sees(cast[member], record)}
        blind = [member for member, may in expected.items() if may and member not in sees]
        assert blind == [], "may do it, and may not see what it is done to"
        for surface, done in SURFACES.items():
            if surface == "page" and action.model.collection not in screens:
                continue
            for member in _asked(verb, surface, sees):
                with transaction.atomic():
                    may = done(action, _anew(record), cast[member], inputs(action), capsys)
                    transaction.set_rollback(True)
                assert may == expected[member], f"{verb} by {member} through {surface}"

    @each_verb
    def test_is_not_done_with_a_token_that_may_only_read(self, verb: str, cast: Cast) -> None:
        action = registry[verb]
        able = next(member for member, may in rows()[verb].items() if may)
        record = staged(action, cast)
        assert by_reading_token(action, record, cast[able], inputs(action)) == 403


def _asked(verb: str, surface: str, sees: set[str]) -> list[str]:
    """Everybody; where nobody asked for it, two of those whom the table answers alike.

    Which two differs from verb to verb and from surface to surface.
    """
    if surface == "code" or EVERYBODY:
        return list(MEMBERS)
    alike: dict[tuple[bool, bool], list[str]] = {}
    for member in MEMBERS:
        alike.setdefault((rows()[verb][member], member in sees), []).append(member)
    chance = random.Random(f"{verb} {surface}")
    chosen = (chance.sample(group, min(2, len(group))) for group in alike.values())
    return [member for group in chosen for member in group]


def _sees(user: User, record: Record) -> bool:
    records: Any = type(record).objects
    return bool(records.visible_to(user).filter(pk=record.pk).exists())


def _anew(record: Record) -> Any:
    """The record as the next request reads it."""
    return type(record)() if record._state.adding else type(record).objects.get(pk=record.pk)
