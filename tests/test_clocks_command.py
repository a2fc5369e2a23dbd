"""`evenkeel clocks prove`."""

import pytest

from evenkeel.core import cli
from evenkeel.core.clocks import engine


class TestProving:
    def test_says_how_many_agree(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["clocks", "prove", "600", "--seed", "5"]) == 0
        said = capsys.readouterr().out
        assert said.startswith("600 histories (seed 5)")
        assert "agree on all of them" in said

    def test_fails_where_one_does_not(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "warning_of", lambda target: target // 2)
        assert cli.main(["clocks", "prove", "100", "--seed", "5"]) == 1
        assert "warned: " in capsys.readouterr().out
