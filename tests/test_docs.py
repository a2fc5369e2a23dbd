"""What the documents promise, the product has."""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from evenkeel.core import cli
from evenkeel.core.rules import registry
from evenkeel.project import __main__ as command

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def undocumented(verbs: Iterable[str], pages: Path) -> list[str]:
    """Verbs (`collection.verb`) that no page names: whole, or alone on a page that names another
    verb of their collection whole."""
    told: set[str] = set()
    for page in pages.glob("*.md"):
        names = set(re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)`", page.read_text(encoding="utf-8")))
        about = {name.split(".")[0] for name in names if "." in name}
        told |= names | {f"{collection}.{name}" for collection in about for name in names}
    return sorted(set(verbs) - told)


def dead_links(root: Path, pages: Iterable[Path]) -> list[str]:
    """page: target of each link to a file that is not there."""
    return [
        f"{page.relative_to(root)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)[^):]*\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]


def unnamed_rooms(root: Path) -> set[str]:
    """Rooms that the import contracts name and the page of the house does not."""
    contracts = (root / ".importlinter").read_text(encoding="utf-8")
    page = (root / "docs/house.md").read_text(encoding="utf-8")
    layers = re.findall(r"layers =\n((?:    .*\n)+)", contracts)
    rooms = {room for block in layers for room in re.findall(r"\w+", block)}
    assert len(rooms) > 30
    return rooms - set(re.findall(r"`(\w+)(?:\.py)?`", page))


def lost_names(root: Path) -> list[str]:
    """Names that the page of words looks for in a place where they do not stand."""
    page = (root / "docs/words.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\|[^|]*\|([^|]*)\|([^|]*)\|$", page, re.MULTILINE)
    places = [
        (
            re.findall(r"`(\w+)`", row),
            re.findall(r"`((?:core|processes)/[^`]*)`", places_in_row),
        )
        for row, places_in_row in rows
    ]
    assert len([names for names, where in places if where]) > 20
    return [
        f"{name}: not in {' or '.join(where)}"
        for names, where in places
        if where
        for texts in [[read(root / "src/evenkeel" / path) for path in where]]
        for name in names
        if not any(name in text for text in texts)
    ]


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
        assert dead_links(ROOT, PAGES) == []


class TestPageOfCommands:
    def test_has_a_section_for_every_command_and_no_other(self, capsys: Any) -> None:
        with pytest.raises(SystemExit):
            cli.main(["--help"], also=command.name_ours)
        named = set(re.findall(r"^    ([\w-]+) ", capsys.readouterr().out, re.MULTILINE))
        page = (ROOT / "docs/operating/commands.md").read_text(encoding="utf-8")
        assert named == set(re.findall(r"^## ([\w-]+)$", page, re.MULTILINE))


LINE = re.compile(r"^(?:    |\$ )(?:[\w./]*/)?evenkeel ([a-z].*)$", re.MULTILINE)
SPAN = re.compile(r"`(?:[\w./]*/)?evenkeel ([a-z][^`]*)`")
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")


def shown_commands() -> list[str]:
    """What the pages show after `evenkeel`, in code and in text, each on one line."""
    pages = [page.read_text(encoding="utf-8") for page in PAGES]
    found = [shown for text in pages for rule in (LINE, SPAN) for shown in rule.findall(text)]
    return sorted({" ".join(re.split(r"\s+#\s", shown)[0].split()) for shown in found})


def is_pattern(shown: str) -> bool:
    """Is it the pattern of a command, or only its name, and not one that can be given?"""
    return bool(re.search(r"[\[…]|[A-Z]{4}", re.sub('"[^"]*"', "", shown))) or " " not in shown


def fault_of(shown: str, capsys: Any) -> str:
    """What is wrong with a command that a page shows; "" where nothing is."""
    name = shown.split(maxsplit=1)[0]
    if name == "manage":  # its commands are Django's
        return ""
    if name in command.OURS or is_pattern(shown):
        return fault_of_options(name, OPTION.findall(shown), capsys)
    try:
        options, rest = cli.commands(command.name_ours).parse_known_args(shlex.split(shown))
    except SystemExit:
        return str(capsys.readouterr().err.splitlines()[-1])
    if name != "do":
        return " ".join(rest)
    if options.verb not in registry:
        return f"no verb {options.verb}"
    inputs = {f"--{one.replace('_', '-')}" for one in registry[options.verb].form_class.base_fields}
    return " ".join(one for one in rest if one.startswith("--") and one not in inputs)


def fault_of_options(name: str, options: list[str], capsys: Any) -> str:
    """Those of the options that the help of a command does not name."""
    ask = command.OURS[name][0] if name in command.OURS else None
    with pytest.raises(SystemExit):
        ask(["--help"]) if ask else cli.commands().parse_args([name, "--help"])
    told = set(OPTION.findall(capsys.readouterr().out))
    return " ".join(sorted(set(options) - told))


class TestCommandsThatAreShown:
    def test_can_be_given(self, capsys: Any) -> None:
        shown = shown_commands()
        assert len(shown) > 30
        assert {one: fault for one in shown if (fault := fault_of(one, capsys))} == {}

    @pytest.mark.parametrize(
        "shown",
        [
            "do incidents.praise INC-7 --as nils",
            "do incidents.resolve INC-7 --as nils --answer x",
            "do incidents.resolve INC-7",
            "list incidents --amount",
            "list COLLECTION [--amount]",
            "run --door 8080",
            "inspect incidents",
        ],
    )
    def test_are_refused_where_they_are_wrong(self, shown: str, capsys: Any) -> None:
        assert fault_of(shown, capsys)


class TestPagesForUsers:
    def test_describe_every_verb(self) -> None:
        by_people = [name for name in registry if not name.startswith("imports.")]
        assert undocumented(by_people, ROOT / "docs/using") == []

    def test_leave_the_verbs_that_a_program_does_to_those_who_operate_it(self) -> None:
        by_the_import = [name for name in registry if name.startswith("imports.")]
        assert undocumented(by_the_import, ROOT / "docs/operating") == []


class TestWords:
    def test_lead_to_names_that_stand_where_they_say(self) -> None:
        assert lost_names(ROOT) == []


class TestHouse:
    def test_names_every_room_that_the_contracts_name(self) -> None:
        assert unnamed_rooms(ROOT) == set()


def read(place: Path) -> str:
    """The text of a file, or of all modules of a folder."""
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    return "".join(file.read_text(encoding="utf-8") for file in files)
