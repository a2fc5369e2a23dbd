"""What the documents promise, the product has."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from evenkeel.core import cli
from evenkeel.core.rules import registry
from evenkeel.project import __main__ as command

ROOT = Path(__file__).parent.parent


def undocumented(verbs: Iterable[str], pages: Path) -> list[str]:
    """Verbs (`collection.verb`) that no page names: whole, or alone on a page that names another
    verb of their collection whole."""
    told: set[str] = set()
    for page in pages.glob("*.md"):
        names = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`", page.read_text(encoding="utf-8")))
        about = {name.split(".")[0] for name in names if "." in name}
        told |= names | {f"{collection}.{name}" for collection in about for name in names}
    return sorted(set(verbs) - told)


class TestReadme:
    def test_names_the_two_commands_that_the_makefile_has(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        for target in ("run", "test"):
            assert f"make {target}" in readme
            assert f"\n{target}:" in makefile

    def test_credits_the_deck(self) -> None:
        assert "CC BY 4.0" in (ROOT / "NOTICE").read_text(encoding="utf-8")


class TestLinks:
    def test_lead_to_something(self) -> None:
        pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
        dead = [
            f"{page.relative_to(ROOT)}: {target}"
            for page in pages
            for target in re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text(encoding="utf-8"))
            if not (page.parent / target).exists()
        ]
        assert dead == []


class TestPageOfCommands:
    def test_has_a_section_for_every_command_and_no_other(self, capsys: Any) -> None:
        with pytest.raises(SystemExit):
            cli.main(["--help"], also=command.name_ours)
        named = set(re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE))
        page = (ROOT / "docs/operating/commands.md").read_text(encoding="utf-8")
        assert named == set(re.findall(r"^## (\w+)$", page, re.MULTILINE))


class TestPagesForUsers:
    def test_describe_every_verb(self) -> None:
        by_people = [name for name in registry if not name.startswith("imports.")]
        assert undocumented(by_people, ROOT / "docs/using") == []

    def test_leave_the_verbs_that_a_program_does_to_those_who_operate_it(self) -> None:
        by_the_import = [name for name in registry if name.startswith("imports.")]
        assert undocumented(by_the_import, ROOT / "docs/operating") == []
