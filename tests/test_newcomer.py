"""The newcomer's walk is taken: planted in a copy of the sources, and judged by the guards."""

import re
from pathlib import Path

import pytest

from tests.test_guards import DJANGO, LINT_IMPORTS, RUFF, House, copied

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/extending/newcomer.md"
SHOWN = re.compile(r"^```diff\n(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TRIED = """
import django
django.setup()
from evenkeel.core.records.record import kinds
from evenkeel.core.rules import registry
from evenkeel.core.schemes.kinds import starters
from evenkeel.core.web.screen import screens
print(list(registry["services.offer_again"].form_class.base_fields))
print(kinds()["complaint"].collection, *screens["complaints"].columns)
print(sorted(name for name in registry if name.startswith("complaints.")))
print(sorted(starter.kind for starter in starters if starter.context == "ISRM"))
"""


def planted(root: Path, path: str, lines: str) -> None:
    """Bring the lines with + into a file, where those with a blank or - stand; once each."""
    kept = [line[1:] for line in lines.splitlines(keepends=True) if line[0] in " -\n"]
    result = "".join(line[1:] for line in lines.splitlines(keepends=True) if line[0] in " +\n")
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if not kept:
        assert not file.exists(), f"{path} is there already"
        file.write_text(result)
        return
    there = file.read_text()
    assert there.count("".join(kept)) == 1, f"{path} does not have, once: {''.join(kept)}"
    file.write_text(there.replace("".join(kept), result))


@pytest.fixture
def walked(tmp_path: Path) -> House:
    """A copy of the sources in which somebody has walked the walk."""
    house = copied(tmp_path)
    shown = SHOWN.findall(PAGE.read_text(encoding="utf-8"))
    assert len(shown) == PAGE.read_text(encoding="utf-8").count("```diff")
    for path, lines in shown:
        planted(house.root, path, lines)
    return house


class TestWalk:
    def test_leads_to_a_house_that_every_guard_accepts(self, walked: House) -> None:
        for command in (RUFF, LINT_IMPORTS, [*DJANGO, "check"]):
            content, said = walked.guard(command)
            assert content, said

    def test_leads_to_migrations_for_what_was_added_and_no_other(self, walked: House) -> None:
        content, said = walked.guard([*DJANGO, "makemigrations", "--dry-run", "--skip-checks"])
        assert content, said
        assert set(re.findall(r"[+~] (\w+ \w+ \w+)", said)) == {
            "Add field support_hours",
            "Create model Complaint",
        }

    def test_leads_to_verbs_screens_and_schemes(self, walked: House) -> None:
        content, said = walked.guard([DJANGO[0], "-W", "ignore", "-c", TRIED])
        assert content, said
        assert "['support_hours', 'reason']" in said
        assert "complaints number title state service recorded_at" in said
        assert "['complaints.answer', 'complaints.comment', 'complaints.record']" in said
        kinds = ["category_tree", "closure_codes", "closure_rules", "escalation_paths", "intake"]
        assert str([*kinds, "major_incidents", "priority_matrix", "record_quality"]) in said

    def test_names_files_and_functions_that_are_there(self) -> None:
        text = re.sub(r"```.*?```", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
        named = re.findall(r"`((?:src|docs|tests)/[\w/.-]+)`", text)
        new = "src/evenkeel/processes/customers"
        assert len(named) > 5
        assert [p for p in named if not p.startswith(new) and not (ROOT / p).exists()] == []
        sources = "".join(path.read_text() for path in ROOT.glob("src/evenkeel/core/**/*.py"))
        for name in ("FACES", "class Face", "def in_force", "def cited", "def read", "searched:"):
            assert name in sources
