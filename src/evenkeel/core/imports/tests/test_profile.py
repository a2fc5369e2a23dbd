"""A profile is read whole, or refused with a sentence that says where and why."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from evenkeel.core.imports.profile import Profile, WrongProfile
from evenkeel.core.imports.tests.made_up import PROFILE


def table() -> dict[str, Any]:
    return tomllib.loads(PROFILE)


class TestProfile:
    def test_is_read_from_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "made-up.toml"
        path.write_text(PROFILE)
        profile = Profile.read(path)
        assert (profile.system, [one.name for one in profile.files]) == (
            "made-up",
            ["cases", "steps", "states"],
        )

    def test_is_refused_when_there_is_no_such_file(self, tmp_path: Path) -> None:
        with pytest.raises(WrongProfile, match=r"gone\.toml cannot be read"):
            Profile.read(tmp_path / "gone.toml")

    def test_is_refused_when_it_is_no_toml(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.toml"
        path.write_text("title = ")
        with pytest.raises(WrongProfile, match=r"bad\.toml cannot be read: "):
            Profile.read(path)

    def test_is_refused_without_files(self) -> None:
        with pytest.raises(WrongProfile, match="it names no files"):
            Profile.of({**table(), "files": {}}, "p")


class TestWrongProfile:
    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"title": None}, 'p: "title" is missing.'),
            ({"system": 5}, 'p: "system" must be a text.'),
            ({"time_zone": "Europe/Atlantis"}, 'p: "time_zone" does not hold'),
            ({"twice": "both"}, '"twice" is "both"; it must be one of first, second, refuse.'),
            ({"timezone": "UTC"}, 'p: "timezone" is not known here; known are decimal'),
            ({"nothing": 3}, '"nothing" must be a text or a list of texts.'),
            ({"files": []}, '"files" must be a table.'),
        ],
    )
    def test_says_what_is_wrong_at_the_top(self, change: dict[str, Any], sentence: str) -> None:
        changed = {k: v for k, v in {**table(), **change}.items() if v is not None}
        with pytest.raises(WrongProfile) as told:
            Profile.of(changed, "p")
        assert sentence in str(told.value)

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"becomes": "tickets"}, '"becomes" is "tickets"; it must be one of records'),
            ({"identity": []}, '"identity" is missing.'),
            ({"delimiter": ";;"}, '"delimiter" must be one character.'),
            ({"delimiter": [";", ""]}, '"delimiter" must be one character.'),
            ({"delimiter": []}, '"delimiter" must be one character.'),
            ({"encoding": "utf-9"}, '"encoding" is "utf-9", which is no known encoding.'),
            ({"moments": "day/month"}, '"moments" does not hold: "day/month" does not say'),
            ({"identify": "Case"}, '"identify" is not known here'),
            ({"fields": {"state": {"column": "S", "values": 3}}}, '"values" must be a table.'),
            ({"fields": {"state": {}}}, 'p, files.cases, fields.state: "column" is missing.'),
            ({"fields": {"state": "Status"}}, '"fields.state" must be a table.'),
            ({"references": {"ci": {"column": "CI"}}}, '"relation" is missing.'),
        ],
    )
    def test_says_what_is_wrong_in_a_file(self, change: dict[str, Any], sentence: str) -> None:
        whole = table()
        whole["files"]["cases"] |= change
        with pytest.raises(WrongProfile) as told:
            Profile.of(whole, "p")
        assert sentence in str(told.value)
        assert "files.cases" in str(told.value)

    def test_says_that_snapshots_need_an_order(self) -> None:
        whole = table()
        del whole["files"]["states"]["order"]
        with pytest.raises(WrongProfile, match=r'files\.states: "order" is missing'):
            Profile.of(whole, "p")
