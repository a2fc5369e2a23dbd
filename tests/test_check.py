"""`evenkeel check` sees what is not sound, and says what to do."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from evenkeel.core.web import assets
from evenkeel.project import soundness

pytestmark = pytest.mark.django_db


def run_sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in ("SET CONSTRAINTS ALL IMMEDIATE", *statements):
            cursor.execute(statement)


class TestEvidence:
    @pytest.mark.usefixtures("demo")
    def test_holds_in_the_demonstration(self) -> None:
        is_sound, said = soundness.evidence()
        assert is_sound, said
        assert int(said.split()[0]) > 10

    def test_is_unsound_while_entries_can_be_changed(self) -> None:
        run_sql("ALTER TABLE core_entry DISABLE TRIGGER entry_is_evidence")
        assert soundness.evidence() == (
            False,
            "entries can be changed: the trigger entry_is_evidence is off.",
        )

    @pytest.mark.usefixtures("demo")
    def test_is_unsound_after_entries_were_changed(self) -> None:
        run_sql(
            "ALTER TABLE core_entry DISABLE TRIGGER entry_is_evidence",
            "UPDATE core_entry SET verb = 'x'",
            "ALTER TABLE core_entry ENABLE TRIGGER entry_is_evidence",
        )
        is_sound, said = soundness.evidence()
        assert not is_sound
        assert "entry 1 (x) is not as it was written." in said


class TestTables:
    def test_are_unsound_while_one_is_missing(self) -> None:
        assert soundness.tables()[0]
        run_sql("DELETE FROM django_migrations WHERE name = '0002_entries_are_evidence'")
        is_sound, said = soundness.tables()
        assert not is_sound
        assert said.startswith("1 are missing")
        assert not soundness.evidence()[0]


class TestInstallation:
    def test_has_the_extensions_and_the_house_in_order(self) -> None:
        for look in (soundness.database, soundness.extensions, soundness.house, soundness.disk):
            is_sound, said = look()
            assert is_sound, said

    def test_is_unsound_without_an_extension(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(soundness, "NEEDED", ("pg_trgm", "pg_nonesuch"))
        is_sound, said = soundness.extensions()
        assert not is_sound
        assert said == "PostgreSQL lacks pg_nonesuch; install its contrib package."

    def test_is_unsound_without_built_assets(self, monkeypatch: Any, tmp_path: Path) -> None:
        monkeypatch.setattr(assets, "DIST", tmp_path)
        assets.manifest.cache_clear()
        try:
            assert soundness.built_assets() == (
                False,
                "The browser's assets are not built: run `make install`.",
            )
            (tmp_path / "manifest.json").write_text('{"app.js": "app-1.js"}')
            assert "app-1.js not found in" in soundness.built_assets()[1]
        finally:
            assets.manifest.cache_clear()

    def test_is_unsound_when_the_disk_is_almost_full(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(soundness, "LEAST_SPACE", 10**18)
        is_sound, said = soundness.disk()
        assert not is_sound
        assert "make room" in said
