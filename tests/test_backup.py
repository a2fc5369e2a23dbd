"""A backup that was made while people work is restored elsewhere, and every chain is the same."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.installation import Installation, installed

HEADS = "SELECT number, chain_length, chain_head FROM core_record ORDER BY number"
SECRET = "not to be found in any backup, ever"
SET_UP = "import django; django.setup()\n"
# A user with a file, and a case that is open.
BEGIN = f"""{SET_UP}
from django.core.files.base import ContentFile
from evenkeel.core.people.models import User
from evenkeel.core.rules import registry
from evenkeel.processes.incidents.models import Incident
rita = User.objects.create_user("rita")
record, attach = registry["incidents.record"], registry["incidents.attach"]
case = record(Incident(), by=rita, title="Mail is down")
attach(case, by=rita, file=ContentFile(b"a picture of it", name="seen.txt"))
"""
WORK = f"""{SET_UP}
import sys
from evenkeel.core.people.models import User
from evenkeel.core.rules import registry
from evenkeel.processes.incidents.models import Incident
rita = User.objects.get(username="rita")
print("at work", flush=True)
while True:
    case = registry["incidents.record"](Incident(), by=rita, title="And again")
    registry["incidents.comment"](case, by=rita, text="It is.")
"""
OLD = f"""{SET_UP}
import sys
from pathlib import Path
from evenkeel.core.backups.writing import write
write(Path(sys.argv[1]), print)
"""


def python(of: Installation, code: str, *given: str | Path) -> "subprocess.Popen[str]":
    """A process of the installation that runs this code."""
    environment = {**of.environment, "DJANGO_SETTINGS_MODULE": "evenkeel.project.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, given)],
        env=environment, cwd=of.home, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip


def give(of: Installation, orders: str) -> None:
    """Orders to the database that answer nothing."""
    with psycopg.connect(of.url, autocommit=True) as connection:
        connection.execute(orders.encode())


def heads(of: Installation) -> list[tuple[str, int, bytes]]:
    return [(number, length, bytes(head)) for number, length, head in of.sql(HEADS)]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed("backup_source", tmp_path_factory.mktemp("source")) as made:
        made.environment |= {"EVENKEEL_SECRET_KEY": SECRET, "EVENKEEL_TIME_ZONE": "Europe/Rome"}
        with python(made, BEGIN) as begun:
            assert begun.wait() == 0
        yield made


@pytest.fixture(scope="module")
def saved(source: Installation) -> Path:
    """A backup that was made while somebody recorded one case after the other."""
    file = source.home / "saved.zip"
    with python(source, WORK) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == "at work\n"
        code, out, told = source.run("backup", file)
        worker.kill()
    assert code == 0, told
    assert "1 attachments" in out
    return file


@pytest.fixture
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An empty database and an empty data folder."""
    with ExitStack() as stack:
        made = stack.enter_context(installed("backup_target", tmp_path_factory.mktemp("target")))
        give(made, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        yield made


def manifest_of(saved: Path) -> Any:
    with zipfile.ZipFile(saved) as archive:
        return json.loads(archive.read("manifest.json"))


def altered(saved: Path, target: Path, member: str, text: bytes) -> Path:
    """The same backup with other bytes in one member."""
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == member else old.read(name))
    return target


class TestBackup:
    def test_is_restored_elsewhere_with_every_chain(
        self, source: Installation, saved: Path, target: Installation
    ) -> None:
        code, out, told = target.run("restore", saved)
        assert code == 0, told
        assert "the chains are those that were saved and hold" in out
        restored = heads(target)
        assert len(restored) > 1
        longer = {number: length for number, length, _ in heads(source)}
        assert all(longer[number] >= length for number, length, _ in restored)
        [(sha256,)] = target.sql("SELECT sha256 FROM core_content")
        kept = target.home / "attachments" / sha256[:2] / sha256
        assert kept.read_bytes() == b"a picture of it"
        code, out, _ = target.run("audit", "verify")
        assert (code, out) == (0, "Every chain of entries holds.\n")

    def test_refuses_a_target_that_holds_something(
        self, source: Installation, saved: Path, target: Installation
    ) -> None:
        assert target.run("restore", saved)[0] == 0
        before = heads(target)
        code, _, told = target.run("restore", saved)
        assert code == 1
        assert "The database is not empty." in told
        give(target, "CREATE TABLE left_over (id int)")
        assert target.run("restore", saved, "--replace")[0] == 0
        assert heads(target) == before
        assert target.sql("SELECT to_regclass('left_over')") == [(None,)]

    def test_leaves_what_is_there_when_postgresql_refuses_it(
        self, saved: Path, target: Installation, tmp_path: Path
    ) -> None:
        assert target.run("restore", saved)[0] == 0
        before = heads(target)
        told = manifest_of(saved)
        told["members"]["database.dump"] = hashlib.sha256(b"no dump").hexdigest()
        one = altered(saved, tmp_path / "1.zip", "manifest.json", json.dumps(told).encode())
        code, _, said = target.run(
            "restore", altered(one, tmp_path / "2.zip", "database.dump", b"no dump"), "--replace"
        )
        assert code == 1
        assert "PostgreSQL refused it" in said
        assert heads(target) == before

    def test_is_brought_up_to_date_where_it_is_of_an_older_version(
        self, saved: Path, target: Installation, tmp_path: Path
    ) -> None:
        assert target.run("restore", saved)[0] == 0
        before = heads(target)
        code, _, told = target.run("manage", "migrate", "core", "0014", "--verbosity", "0")
        assert code == 0, told
        old = tmp_path / "old.zip"
        with python(target, OLD, old) as saving:
            assert saving.wait() == 0
        assert target.run("restore", old, "--replace")[0] == 0
        assert heads(target) == before
        assert target.sql("SELECT count(*) FROM core_notice") == [(0,)]

    def test_of_a_version_with_a_part_that_is_gone_since_is_restored(
        self, saved: Path, target: Installation, tmp_path: Path
    ) -> None:
        told = manifest_of(saved)
        told["migrations"].append("sessions.0001_initial")
        old = altered(saved, tmp_path / "o.zip", "manifest.json", json.dumps(told).encode())
        code, _, said = target.run("restore", old, "--replace")
        assert code == 0, said

    def test_of_a_newer_version_is_refused(
        self, saved: Path, target: Installation, tmp_path: Path
    ) -> None:
        told = manifest_of(saved)
        told["migrations"].append("core.9999_wings")
        newer = altered(saved, tmp_path / "n.zip", "manifest.json", json.dumps(told).encode())
        code, _, said = target.run("restore", newer)
        assert code == 1
        assert "which is newer than this (it has core.9999_wings)" in said

    @pytest.mark.parametrize("damage", ["dump", "attachment", "cut"])
    def test_that_is_damaged_is_refused(
        self, saved: Path, target: Installation, tmp_path: Path, damage: str
    ) -> None:
        file = tmp_path / "damaged.zip"
        if damage == "cut":
            file.write_bytes(saved.read_bytes()[:-1000])
        else:
            names = sorted(manifest_of(saved)["members"])
            member = next(name for name in names if damage in name)
            altered(saved, file, member, b"something else")
        code, _, said = target.run("restore", file)
        assert code == 1
        assert said.splitlines()[-1].startswith("Not restored. ")
        assert target.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]

    def test_holds_no_secret_and_is_for_its_owner_alone(self, saved: Path) -> None:
        told = manifest_of(saved)
        assert told["settings"]["EVENKEEL_TIME_ZONE"] == "Europe/Rome"
        assert "EVENKEEL_SECRET_KEY" not in told["settings"]
        assert SECRET.encode() not in saved.read_bytes()
        assert os.stat(saved).st_mode & 0o077 == 0

    def test_is_not_made_over_another_or_without_a_file(
        self, source: Installation, saved: Path, tmp_path: Path
    ) -> None:
        before = saved.read_bytes()
        code, _, told = source.run("backup", saved)
        assert (code, "is there already" in told) == (1, True)
        assert saved.read_bytes() == before
        [(sha256,)] = source.sql("SELECT sha256 FROM core_content")
        kept = source.home / "attachments" / sha256[:2] / sha256
        kept.rename(kept.with_suffix(".away"))
        code, _, told = source.run("backup", tmp_path / "without.zip")
        kept.with_suffix(".away").rename(kept)
        assert code == 1
        assert f"The attachment {sha256} is not in" in told
        assert list(tmp_path.iterdir()) == []
