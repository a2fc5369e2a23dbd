"""House rules that import rules cannot see."""

import ast
from pathlib import Path

SRC = Path(__file__).parent.parent / "src" / "evenkeel"
WRITES = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "update_or_create",
    "get_or_create",
    "delete",
}
NOT_JUDGED = {"tests", "migrations", "testing"}


def writes_outside_actions(processes: Path) -> list[str]:
    """file:line of each write in a process that is not in its actions."""
    return [
        f"{path.relative_to(processes)}:{node.lineno}"
        for path in sorted(processes.rglob("*.py"))
        if "actions" not in {*path.parts, path.stem} and not NOT_JUDGED & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITES
    ]


class TestOnlyActionsWrite:
    def test_in_the_processes(self) -> None:
        assert writes_outside_actions(SRC / "processes") == []

    def test_is_seen_to_be_broken_by_a_job_that_saves(self, tmp_path: Path) -> None:
        (tmp_path / "jobs.py").write_text("incident.save()\n")
        assert writes_outside_actions(tmp_path) == ["jobs.py:1"]


class TestEveryFile:
    def test_is_short_enough_to_be_one_thing(self) -> None:
        long = [
            str(path.relative_to(SRC))
            for path in SRC.rglob("*.py")
            if not NOT_JUDGED & set(path.parts)
            and len(path.read_text(encoding="utf-8").splitlines()) > 300
        ]
        assert long == []
