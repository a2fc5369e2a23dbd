"""The settings from outside: typed, documented, refused with a sentence."""

import os
import re
from pathlib import Path

import pytest

from evenkeel.project import environment
from evenkeel.project.environment import SettingRefused

ROOT = Path(__file__).parents[1]
WRONG = [
    ("DATABASE_URL", "mysql://localhost/evenkeel", "write it as postgresql://"),
    ("DATABASE_URL", "postgresql://me:hush@local host/", "write it as postgresql://"),
    ("DATABASE_URL", "postgresql://me:hush@localhost", "names no database"),
    ("EVENKEEL_HOME", "/proc/evenkeel", "that this account may write"),
    ("EVENKEEL_HOME", __file__, "File exists; name a folder"),
    ("EVENKEEL_PORT", "http", "a number from 1 to 65535"),
    ("EVENKEEL_PORT", "70000", "a number from 1 to 65535"),
    ("EVENKEEL_WORKERS", "0", "a number from 1 to 64"),
    ("EVENKEEL_DEBUG", "perhaps", "write yes or no"),
    ("EVENKEEL_TIME_ZONE", "Middle/Earth", "name a time zone"),
    ("EVENKEEL_MAIL_URL", "smtp://me:hush@mail:many", "write it as smtp://"),
    ("EVENKEEL_MAIL_URL", "https://me:hush@mail", "write it as smtp://"),
    ("EVENKEEL_MAIL_FROM", "the desk", "give the address"),
    ("EVENKEEL_BACKUPS_KEPT", "many", "from 0 (no backups by the timetable) to 1000"),
    ("EVENKEEL_URL", "service.example.org", "write it as https://"),
    ("EVENKEEL_SECRET_KEY", "hush", "shorter than 32"),
    ("EVENKEEL_METRICS_TOKEN", "hush", "shorter than 16"),
    ("EVENKEEL_LOGS", "xml", "write lines or json"),
]


class TestEnvironment:
    def test_needs_nothing_to_be_set(self, tmp_path: Path) -> None:
        here = environment.read({"HOME": str(tmp_path)})
        assert here.home == tmp_path / ".local/share/evenkeel"
        assert here.port == 8000
        assert here.database_is_ours
        assert not here.debug

    @pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
    def test_refuses_what_is_wrong_in_one_sentence(
        self, tmp_path: Path, name: str, value: str, sentence: str
    ) -> None:
        given = {"EVENKEEL_HOME": str(tmp_path), name: value}
        with pytest.raises(SettingRefused, match=re.escape(sentence)) as refusal:
            environment.read(given)
        assert str(refusal.value).startswith(name)
        assert "\n" not in str(refusal.value)
        assert "hush" not in str(refusal.value)

    def test_makes_a_secret_key_once_for_its_owner_alone(self, tmp_path: Path) -> None:
        given = {"EVENKEEL_HOME": str(tmp_path)}
        first, second = environment.read(given), environment.read(given)
        assert first.secret_key == second.secret_key
        assert len(first.secret_key) >= environment.SHORTEST_KEY
        assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600

    def test_reads_the_mail_server(self, tmp_path: Path) -> None:
        given = {"EVENKEEL_HOME": str(tmp_path)}
        assert environment.read(given).mail.host == ""
        given["EVENKEEL_MAIL_URL"] = "smtp://me:a%40b@mail.example:587"
        mail = environment.read(given).mail
        assert (mail.host, mail.port, mail.password) == ("mail.example", 587, "a@b")
        assert (mail.starttls, mail.ssl) == (True, False)
        given["EVENKEEL_MAIL_URL"] = "smtps://mail.example"
        assert environment.read(given).mail.ssl

    def test_knows_the_address_at_which_people_reach_it(self, tmp_path: Path) -> None:
        given = {"EVENKEEL_HOME": str(tmp_path), "EVENKEEL_HOSTS": "desk.example,127.0.0.1"}
        assert environment.read(given).url == "http://desk.example:8000"
        assert environment.read({**given, "EVENKEEL_HTTPS": "yes"}).url == "https://desk.example"
        given["EVENKEEL_URL"] = "https://example.org/"
        assert environment.read(given).url == "https://example.org"

    def test_does_not_prepare_statements_behind_pgbouncer(self, tmp_path: Path) -> None:
        given = {"EVENKEEL_HOME": str(tmp_path), "DATABASE_URL": "postgresql://a:b@c:6432/d"}
        direct = environment.database(environment.read(given))
        pooled = environment.database(environment.read({**given, "EVENKEEL_PGBOUNCER": "yes"}))
        assert direct["OPTIONS"] == {
            "server_side_binding": True,
            "prepare_threshold": 1,
            "options": environment.NO_HELPERS,
        }
        assert pooled["OPTIONS"] == {"server_side_binding": False, "prepare_threshold": None}
        assert pooled["DISABLE_SERVER_SIDE_CURSORS"]
        assert {key: direct[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
            "NAME": "d", "USER": "a", "PASSWORD": "b", "HOST": "c", "PORT": "6432",
        }  # fmt: skip

    def test_lets_no_query_start_helpers_besides_what_the_address_asks(
        self, tmp_path: Path
    ) -> None:
        url = "postgresql://ann@db/evenkeel?options=-c%20statement_timeout%3D9000"
        given = {"EVENKEEL_HOME": str(tmp_path), "DATABASE_URL": url}
        options = environment.database(environment.read(given))["OPTIONS"]["options"]
        assert options == "-c statement_timeout=9000 -c max_parallel_workers_per_gather=0"
        given["EVENKEEL_PGBOUNCER"] = "yes"
        options = environment.database(environment.read(given))["OPTIONS"]["options"]
        assert options == "-c statement_timeout=9000"

    def test_is_documented_whole(self) -> None:
        code = (ROOT / "src/evenkeel/project/environment.py").read_text()
        page = (ROOT / "docs/operating/settings.md").read_text()
        read = set(re.findall(r'_one\(\s*given, "([A-Z_]+)"', code))
        assert read == set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE))
        assert len(read) == len(environment.Environment.__dataclass_fields__) - 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
class TestFolder:
    def test_that_belongs_to_somebody_else_is_refused(self) -> None:
        with pytest.raises(SettingRefused, match="may write"):
            environment.read({"EVENKEEL_HOME": "/usr/evenkeel"})
