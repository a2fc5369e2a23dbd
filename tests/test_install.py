"""`make install` on machines that lack something: one sentence that says what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("sh", "make", "find", "sort", "cksum", "cut", "sed", "cat", "rm", "dirname", "env")
NEEDED = ("Makefile", "pyproject.toml", "requirements-dev.txt", "hatch_build.py")


class Machine(NamedTuple):
    """A machine with hardly anything on it, and a copy of what the installation reads."""

    root: Path

    def has(self, name: str, script: str) -> None:
        program = self.root / "bin" / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def make(self, *arguments: str) -> tuple[int, list[str]]:
        """The exit code, and the lines said on standard error, without make's own."""
        done = subprocess.run(
            ["make", *arguments], cwd=self.root / "evenkeel", env={"PATH": str(self.root / "bin")},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        lines = done.stderr.splitlines()
        return done.returncode, [line for line in lines if not line.startswith("make: ***")]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"this machine has no {tool}"
        (tmp_path / "bin" / tool).symlink_to(found)
    copy = tmp_path / "evenkeel"
    (copy / "frontend").mkdir(parents=True)
    shutil.copytree(ROOT / "tools", copy / "tools")
    for name in NEEDED:
        shutil.copy(ROOT / name, copy)
    return Machine(tmp_path)


class TestInstall:
    def test_asks_for_a_python_where_there_is_none(self, machine: Machine) -> None:
        code, said = machine.make("install")
        assert code
        assert said == [
            "evenkeel: Python 3.11 or later is needed and was not found; install it, "
            "or name it: make PYTHON=/path/to/python3"
        ]

    def test_asks_for_a_later_python_where_it_is_too_old(self, machine: Machine) -> None:
        machine.has("python3", "exit 1")
        _, said = machine.make("run")
        assert len(said) == 1
        assert "Python 3.11 or later is needed" in said[0]

    def test_refuses_the_python_that_was_named_if_it_will_not_do(self, machine: Machine) -> None:
        _, said = machine.make("install", "PYTHON=/nowhere/python3")
        assert said == [
            "evenkeel: PYTHON=/nowhere/python3 is not a Python 3.11 or later; name one that is."
        ]

    def test_takes_a_later_python_of_another_name(self, machine: Machine) -> None:
        machine.has("python3", "exit 1")
        machine.has("python3.12", 'case "$2" in *venv*) exit 1;; esac')
        _, said = machine.make("install")
        assert "cannot make environments" in said[0]

    def test_asks_for_the_venv_package_where_it_is_missing(self, machine: Machine) -> None:
        # Debian's python3 without python3-venv: the module venv is there, ensurepip is not.
        machine.has(
            "python3", f'case "$2" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@"'
        )
        _, said = machine.make("test")
        assert said == [
            "evenkeel: this Python cannot make environments; install its venv package first "
            "(Debian, Ubuntu: apt-get install python3-venv)."
        ]
        assert not (machine.root / "evenkeel" / ".venv").exists()


class TestMake:
    def test_passes_the_port_on(self) -> None:
        done = subprocess.run(
            ["make", "--dry-run", "run", "PORT=8123"], cwd=ROOT, env={**os.environ},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert "evenkeel run --with-parent --port 8123" in done.stdout
