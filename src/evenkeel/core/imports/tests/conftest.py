"""The made-up desk, for every test of this room that imports."""

from pathlib import Path

import pytest

from evenkeel.core.imports.tests.made_up import Desk


@pytest.fixture
def desk(tmp_path: Path, db: None, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)
