"""House rules that import rules cannot see. Each takes the sources that it judges."""

import ast
from collections.abc import Iterator
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
NOT_JUDGED = {"tests", "migrations", "testing", "static", "node_modules"}
LONGEST = {".py": 300, ".html": 80}  # lines of a file
LONGEST_FUNCTION = 30  # lines of what it does, without its name, inputs and docstring


def sources(folder: Path, suffix: str = ".py") -> Iterator[Path]:
    """What people wrote there and the house judges."""
    for path in sorted(folder.rglob(f"*{suffix}")):
        if not NOT_JUDGED & set(path.relative_to(folder).parts):
            yield path


def writes_outside_actions(src: Path) -> list[str]:
    """file:line of each write in a process or a handover that is not in actions."""
    return [
        f"{path.relative_to(src)}:{node.lineno}"
        for floor in ("processes", "handovers")
        for path in sources(src / floor)
        if "actions" not in {*path.relative_to(src).parts, path.stem}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _writes(node)
    ]


def _writes(call: ast.Call) -> bool:
    """One of the calls by which rows are written; `update` of a dictionary is none."""
    if not isinstance(call.func, ast.Attribute):
        return False
    of_rows = call.func.attr == "update" and bool(call.keywords) and not call.args
    return of_rows or call.func.attr in WRITES


def long_files(src: Path) -> list[str]:
    """Each file that holds more than one thing, to judge by its length."""
    return [
        f"{path.relative_to(src)}: {length} lines"
        for suffix, most in LONGEST.items()
        for path in sources(src, suffix)
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > most
    ]


def long_functions(src: Path) -> list[str]:
    """Each function that does more than one thing, to judge by its length."""
    return [
        f"{path.relative_to(src)}: {node.name}: {length} lines"
        for path in sources(src)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := _length(node)) > LONGEST_FUNCTION
    ]


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


class TestTheHouse:
    def test_writes_in_actions_only(self) -> None:
        assert writes_outside_actions(SRC) == []

    def test_has_files_that_are_one_thing(self) -> None:
        assert long_files(SRC) == []

    def test_has_functions_that_do_one_thing(self) -> None:
        assert long_functions(SRC) == []
