"""Each guard of the house is shown to fail: a fault is planted in a copy, the guard names it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import test_docs, test_house

ROOT = Path(__file__).parents[1]
COPIED = ("src", "tests", "tools", "docs", ".importlinter", "pyproject.toml")
LINT_IMPORTS = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
RUFF = [str(Path(sys.executable).with_name("ruff")), "check", "--no-cache", "src"]
MYPY = [sys.executable, "-m", "mypy", "--cache-dir", os.devnull]
DJANGO = [sys.executable, "-W", "ignore", "-m", "django"]


class House(NamedTuple):
    """A copy of the sources to plant faults in."""

    root: Path

    @property
    def src(self) -> Path:
        return self.root / "src" / "evenkeel"

    def plant(self, path: str, text: str, instead_of: str | None = None) -> None:
        """Add text to the end of a file of the package, or put it in another's place."""
        file = self.src / path
        file.parent.mkdir(parents=True, exist_ok=True)
        there = file.read_text() if file.exists() else ""
        if instead_of is None:
            file.write_text(f"{there}\n{text}\n")
        else:
            assert instead_of in there
            file.write_text(there.replace(instead_of, text))

    def guard(self, command: list[str]) -> tuple[bool, str]:
        """Whether the guard is content, and what it says, on one line."""
        settings = {
            "PYTHONPATH": f"{self.root / 'src'}:{self.root}",
            "DJANGO_SETTINGS_MODULE": "evenkeel.project.settings",
            "DATABASE_URL": "postgresql://nobody@localhost/nothing",
        }
        done = subprocess.run(
            command, cwd=self.root, env={**os.environ, **settings},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode == 0, " ".join(f"{done.stdout} {done.stderr}".split())


def copied(root: Path) -> House:
    """The sources as they are, in an empty folder."""
    left = shutil.ignore_patterns("__pycache__", "static", "templates")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, root / name, ignore=left)
        else:
            shutil.copy(ROOT / name, root / name)
    return House(root)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return copied(tmp_path)


class TestImportContract:
    def test_is_kept_by_the_house_as_it_is(self, house: House) -> None:
        content, said = house.guard(LINT_IMPORTS)
        assert content, said
        assert "5 kept, 0 broken" in said

    @pytest.mark.parametrize(
        ("path", "text", "sentence"),
        [
            (
                "processes/services/queries/__init__.py",
                "from evenkeel.processes.incidents import models",
                "evenkeel.processes.services is not allowed to import evenkeel.processes.incidents",
            ),
            (
                "core/records/plain.py",
                "from evenkeel.processes.incidents import models",
                "evenkeel.core is not allowed to import evenkeel.processes",
            ),
            (
                "core/people/rights.py",
                "from evenkeel.core.rules import action",
                "evenkeel.core.people is not allowed to import evenkeel.core.rules",
            ),
            (
                "processes/services/models/service.py",
                "from evenkeel.processes.services import actions",
                "evenkeel.processes.services.models is not allowed to import "
                "evenkeel.processes.services.actions",
            ),
            (
                "processes/services/services.py",
                "",
                "not listed as layers: - evenkeel.processes.services.services",
            ),
            ("core/utils.py", "", "not listed as layers: - evenkeel.core.utils"),
            ("basement/__init__.py", "", "not listed as layers: - evenkeel.basement"),
            (
                "handovers/incident_to_service.py",
                "from evenkeel.processes.incidents import screens",
                "evenkeel.handovers is not allowed to import evenkeel.processes.incidents.screens",
            ),
        ],
        ids=[
            "by_a_process_that_imports_its_neighbour",
            "by_a_kernel_that_knows_a_process",
            "by_a_kernel_that_turns_upside_down",
            "by_models_that_import_actions",
            "by_a_room_that_is_not_one",
            "by_a_drawer_for_everything_in_the_kernel",
            "by_a_fifth_floor",
            "by_a_handover_that_comes_in_by_the_window",
        ],
    )
    def test_is_broken(self, house: House, path: str, text: str, sentence: str) -> None:
        house.plant(path, text)
        content, said = house.guard(LINT_IMPORTS)
        assert not content
        assert sentence in said


LIFECYCLE = "processes/services/lifecycle.py"
PERMISSIONS = "processes/services/permissions.py"
RETIRED = 'RETIRED = "retired", "Retired"'
META = "    class Meta:"
KEY = '    cause = models.ForeignKey("incidents.Incident", models.CASCADE, related_name="+")\n'


class TestSystemCheck:
    def check(self, house: House) -> tuple[bool, str]:
        return house.guard([*DJANGO, "check"])

    def test_is_content_with_the_house_as_it_is(self, house: House) -> None:
        content, said = self.check(house)
        assert content, said

    def test_names_every_fault_of_a_lifecycle(self, house: House) -> None:
        house.plant(LIFECYCLE, f'{RETIRED}\n    LOST = "lost", "Lost"', RETIRED)
        house.plant(LIFECYCLE, "closed=frozenset()", "closed=frozenset({State.RETIRED})")
        house.plant(LIFECYCLE, 'Move("edit", KEPT), Move("praise", KEPT)', 'Move("edit", KEPT)')
        content, said = self.check(house)
        assert not content
        assert "no verb leads to 'lost'" in said
        assert "no verb leads out of 'retired', and it is not a closed state" in said
        assert "the lifecycle names the verb 'praise', actions.py does not have it" in said

    def test_names_every_fault_of_a_permission_table(self, house: House) -> None:
        house.plant(PERMISSIONS, '"sell": ', '"retire": ')
        said_of_it = '"""The service is no longer offered, or never will be."""'
        house.plant("processes/services/actions/service.py", "pass", said_of_it)
        content, said = self.check(house)
        assert not content
        assert "the permissions name the verb 'sell', actions.py does not have it" in said
        assert "the verb 'retire' has no row in the permissions" in said
        assert "the verb 'retire' does not say what it does" in said

    def test_names_a_process_that_is_not_registered(self, house: House) -> None:
        house.plant(
            "processes/services/apps.py",
            "from evenkeel.core.process import ProcessConfig",
            "from evenkeel.core import process",
        )
        house.plant("processes/services/apps.py", "(ProcessConfig)", "(process.ProcessConfig)")
        content, said = self.check(house)
        assert not content
        assert "evenkeel.processes.services: (house.E001) apps.py does not declare" in said

    def test_names_a_key_that_crosses_to_a_neighbour(self, house: House) -> None:
        house.plant("processes/services/models/service.py", f"{KEY}{META}", META)
        content, said = self.check(house)
        assert not content
        assert "cause points into another process" in said

    def test_of_migrations_names_a_field_that_no_table_has(self, house: House) -> None:
        command = [*DJANGO, "makemigrations", "--check", "--dry-run", "--skip-checks"]
        assert house.guard(command)[0]
        house.plant("processes/services/models/service.py", '"worth"', '"value to the customer"')
        content, said = house.guard(command)
        assert not content
        assert "Alter field value on service" in said


class TestHouseRule:
    def test_names_a_write_outside_actions(self, house: House) -> None:
        house.plant("processes/services/forms.py", "service.save()")
        assert test_house.writes_outside_actions(house.src) == ["processes/services/forms.py:2"]

    @pytest.mark.parametrize(
        ("path", "write"),
        [
            (
                "processes/services/screens/service.py",
                "Service.objects.filter(pk=1).update(value='')",
            ),
            ("processes/incidents/jobs.py", "Incident.objects.bulk_create([])"),
            ("handovers/desk_to_records.py", "links.filter(pk=1).delete()"),
        ],
        ids=["by_many_rows_at_once", "by_a_job", "by_a_handover"],
    )
    def test_names_a_write(self, house: House, path: str, write: str) -> None:
        house.plant(path, write, None)
        (fault,) = test_house.writes_outside_actions(house.src)
        assert fault.startswith(f"{path}:")

    def test_takes_a_dictionary_for_no_rows(self, house: House) -> None:
        house.plant(
            "processes/services/forms.py", 'found.update({"a": 1})\ntable.update(rows, b=2)'
        )
        assert test_house.writes_outside_actions(house.src) == []

    def test_names_a_template_that_is_too_long(self, tmp_path: Path) -> None:
        (tmp_path / "long.html").write_text("<p>one</p>\n" * 81)
        assert test_house.long_files(tmp_path) == ["long.html: 81 lines"]

    def test_names_a_file_that_is_too_long(self, house: House) -> None:
        house.plant("core/records/plain.py", "x = 1\n" * 300)
        (fault,) = test_house.long_files(house.src)
        assert fault.startswith("core/records/plain.py: 3")

    def test_names_a_function_that_is_too_long(self, house: House) -> None:
        house.plant("core/records/plain.py", "def f() -> None:" + "\n    print()" * 31)
        assert test_house.long_functions(house.src) == ["core/records/plain.py: f: 31 lines"]

    def test_names_a_function_over_its_budget(self, house: House) -> None:
        branches = "\n".join(f"    if a == {n}:\n        return {n}" for n in range(9))
        house.plant("core/records/plain.py", f"def f(a, b, c, d, e, f, g):\n{branches}")
        content, said = house.guard(RUFF)
        assert not content
        for rule in ("PLR0913", "C901", "PLR0911", "PLR0912"):
            assert rule in said

    def test_names_a_verb_that_no_page_describes(self, tmp_path: Path) -> None:
        (tmp_path / "cases.md").write_text("| `cases.record` | … |\n| `close` | … |\n`praise`")
        (tmp_path / "teams.md").write_text("`teams.praise`")
        verbs = ["cases.record", "cases.close", "cases.reopen", "teams.close"]
        assert test_docs.undocumented(verbs, tmp_path) == ["cases.reopen", "teams.close"]

    def test_names_a_link_that_leads_nowhere(self, house: House) -> None:
        page = house.root / "docs/house.md"
        page.write_text(f"{page.read_text()}\nSee [more](more.md).\n")
        assert test_docs.dead_links(house.root, [page]) == ["docs/house.md: more.md"]

    def test_names_a_room_that_its_page_does_not_name(self, house: House) -> None:
        contracts = house.root / ".importlinter"
        contracts.write_text(contracts.read_text().replace("    handovers\n", "    attics\n", 1))
        assert test_docs.unnamed_rooms(house.root) == {"attics"}

    def test_names_a_word_that_stands_elsewhere(self, house: House) -> None:
        page = house.root / "docs/words.md"
        page.write_text(f"{page.read_text()}\n| praise | `Praise` | `core/records` |\n")
        assert test_docs.lost_names(house.root) == ["Praise: not in core/records"]

    def test_names_a_function_without_types(self, house: House, tmp_path: Path) -> None:
        (tmp_path / "plain.py").write_text("def f(a):\n    return a\n")
        content, said = house.guard([*MYPY, str(tmp_path / "plain.py")])
        assert not content
        assert "Function is missing a type annotation" in said

    def test_names_a_file_that_names_a_registry(self, house: House) -> None:
        (house.root / "requirements.txt").write_text("x @ https://example.org/x-1-py3.whl\n")
        for git in (["init", "-q"], ["add", "-A"]):
            assert house.guard(["git", *git])[0]
        content, said = house.guard(["tools/hosts"])
        assert not content
        assert "requirements.txt:1:x @ https://example.org/x-1-py3.whl" in said
