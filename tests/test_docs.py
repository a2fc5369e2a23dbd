"""What the documents promise, the product has."""

import re
from pathlib import Path
from typing import Any

import pytest

from evenkeel.core import cli
from evenkeel.project import __main__ as command

ROOT = Path(__file__).parent.parent


class TestReadme:
    def test_names_the_two_commands_that_the_makefile_has(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        for target in ("run", "test"):
            assert f"make {target}" in readme
            assert f"\n{target}:" in makefile

    def test_credits_the_deck(self) -> None:
        assert "CC BY 4.0" in (ROOT / "NOTICE").read_text(encoding="utf-8")


class TestPageOfCommands:
    def test_has_a_section_for_every_command_and_no_other(self, capsys: Any) -> None:
        with pytest.raises(SystemExit):
            cli.main(["--help"], also=command.name_ours)
        named = set(re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE))
        page = (ROOT / "docs/operating/commands.md").read_text(encoding="utf-8")
        assert named == set(re.findall(r"^## (\w+)$", page, re.MULTILINE))
