"""Backups by the timetable: how many stay, and when somebody is warned."""

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from evenkeel.core.backups import jobs, keeping
from evenkeel.project import soundness


@pytest.fixture
def folder(
    tmp_path: Path, settings: Any, django_db_setup: None, django_db_blocker: Any
) -> Iterator[Path]:
    """Where backups go; a backup begins a transaction of its own, and writes nothing."""
    settings.EVENKEEL_HOME, settings.BACKUPS = tmp_path, tmp_path / "backups"
    settings.BACKUPS_KEPT = 2
    with django_db_blocker.unblock():
        yield settings.BACKUPS
        connection.close()


def old(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"")
    os.utime(folder / name, (time.time() - 9 * 86400,) * 2)
    return folder / name


class TestBackupsByTheTimetable:
    def test_keeps_the_newest_and_removes_what_a_killed_one_left(self, folder: Path) -> None:
        oldest = old(folder, "evenkeel-2020-01-01T014700.zip")
        kept = old(folder, "evenkeel-2020-01-02T014700.zip")
        left = old(folder, ".evenkeel-2020-01-02T014700.zip.abc")
        other = old(folder, "accounts.zip")
        jobs.back_up()
        assert not oldest.exists()
        assert not left.exists()
        assert kept.exists()
        assert other.exists()
        found = keeping.last()
        assert found
        assert Path(found.file).parent == folder

    def test_makes_none_where_none_are_wanted(self, folder: Path, settings: Any) -> None:
        settings.BACKUPS_KEPT = 0
        jobs.back_up()
        assert not folder.exists()


class TestCheck:
    @pytest.mark.django_db
    def test_is_content_without_one_on_the_first_day(self, tmp_path: Path, settings: Any) -> None:
        settings.EVENKEEL_HOME = tmp_path
        assert soundness.backup() == (True, "there is none yet.")

    @pytest.mark.usefixtures("folder")
    def test_warns_when_the_last_good_backup_is_old(self, monkeypatch: Any) -> None:
        jobs.back_up()
        is_sound, said = soundness.backup()
        assert is_sound
        assert said.startswith("the last is of ")
        monkeypatch.setattr(keeping, "OLD_AFTER", timedelta(0))
        assert not soundness.backup()[0]

    def test_warns_when_there_was_none_for_days(self, folder: Path) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_migrations SET applied = applied - interval '3 days'")
            try:
                is_sound, said = soundness.backup()
            finally:
                cursor.execute("UPDATE django_migrations SET applied = applied + interval '3 days'")
        assert not is_sound
        assert said.startswith("there is none;")

    def test_does_not_count_a_backup_that_is_gone(self, folder: Path) -> None:
        jobs.back_up()
        for file in folder.iterdir():
            file.unlink()
        assert keeping.last() is None
