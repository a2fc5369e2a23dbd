"""`evenkeel clocks prove`."""

import json
from typing import Any

import pytest

from evenkeel.core import cli
from evenkeel.core.clocks import engine
from evenkeel.core.clocks.models import Clock
from evenkeel.processes.incidents.models import Incident


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

    def test_is_told_how_many_histories(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["clocks", "prove", "many"]) == 1
        assert "Name how many histories" in capsys.readouterr().err


@pytest.mark.usefixtures("demo")
class TestStudying:
    def test_counts_what_would_have_been_kept(self, capsys: pytest.CaptureFixture[str]) -> None:
        asked = ["clocks", "study", "incidents", "state=closed", "--hours", "Mon-Fri 08:00-18:00"]
        assert cli.main([*asked, "--targets", "P3: resolution 1 h; P4: resolution 100 h"]) == 0
        said = capsys.readouterr().out
        closed: Any = Incident.objects.filter(state="closed")
        for priority in (3, 4):
            assert f"of {closed.filter(priority=priority).count()} breached" in said
        assert "P4 resolution: 0 of" in said
        assert "P2" not in said

    def test_counts_as_the_clocks_of_the_cases_do(self, capsys: pytest.CaptureFixture[str]) -> None:
        """With the target that was promised, in the hours that were: the same verdict and sum."""
        asked = ["clocks", "study", "incidents", "--hours", "Mon-Fri 08:00-18:00", "--json"]
        cli.main([*asked, "--targets", "P3: resolution 40 h"])
        found = {
            one["number"]: one for one in map(json.loads, capsys.readouterr().out.splitlines())
        }
        clocks: Any = Clock.objects.filter(
            kind="resolution", record__number__in=found, target=40 * 3600
        ).select_related("record")
        assert len(clocks) > 10
        for clock in clocks:
            one = found[clock.record.number]
            assert (one["elapsed"], one["breached"]) == (clock.elapsed, bool(clock.breached_at))

    @pytest.mark.parametrize(
        ("asked", "why"),
        [
            (["organisations", "--targets", "P1: resolution 4 h"], "have no targets"),
            (["incidents"], "at least one target"),
            (["incidents", "--targets", "soon"], "names no priority"),
            (["incidents", "--targets", "P1: resolution 4 h", "--hours", "Mon"], "hours are named"),
            (["incidents", "--targets", "P1: resolution 4 h", "--wall", "Mars"], "no time zone"),
        ],
    )
    def test_says_what_it_does_not_understand(
        self, asked: list[str], why: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(["clocks", "study", *asked]) == 1
        assert why in capsys.readouterr().err
