"""The page about importing shows a profile and two files; they are taken at their word."""

import re
from pathlib import Path
from typing import Any

import pytest

from evenkeel.core.imports.command import run
from evenkeel.core.imports.intake import Figures
from evenkeel.core.imports.profile import Profile
from evenkeel.core.imports.words import Section

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/operating/import.md").read_text(encoding="utf-8")


def shown(language: str) -> list[str]:
    """The blocks of the page in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


class TestThePageAboutImporting:
    @pytest.mark.django_db
    def test_shows_a_profile_that_reads_its_files_as_it_says(
        self, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path("old-desk.toml").write_text(*shown("toml"))
        for name, text in zip(("tickets.csv", "notes.csv"), shown("csv"), strict=True):
            Path(name).write_text(text)
        assert run(["tickets.csv", "notes.csv", "--profile", "old-desk.toml"]) == 1
        for line in capsys.readouterr().out.splitlines():
            assert f"`{line}`" in PAGE
        assert len(list(tmp_path.glob("refusals-IMP-*.csv"))) == 1

    def test_explains_every_word_of_a_profile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: set[str] = set()
        take = Section._take

        def noted(self: Section, word: str, default: Any) -> Any:
            asked.add(word)
            return take(self, word, default)

        monkeypatch.setattr(Section, "_take", noted)
        for path in sorted(ROOT.glob("src/evenkeel/processes/*/profiles/*.toml")):
            Profile.read(path)
        assert {"title", "only_in", "reverse", "history"} <= asked
        assert [word for word in sorted(asked) if f"`{word}`" not in PAGE] == []

    def test_names_the_profiles_that_there_are(self) -> None:
        for path in ROOT.glob("src/evenkeel/processes/*/profiles/*.toml"):
            assert f"`{path.stem}`" in PAGE

    def test_names_how_a_row_can_end(self) -> None:
        assert [word for word in Figures().as_dict() if f"| {word} |" not in PAGE] == []
