"""Installed from a wheel, on a machine without npm: it serves pages with their assets."""

import http.client
import json
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.test_run import PATIENCE, free_port, settings

ROOT = Path(__file__).parents[1]
STAMP = ROOT / "src/evenkeel/core/web/static/dist/.stamp"
BUILT_FROM = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "NOTICE")

pytestmark = pytest.mark.skipif(
    not STAMP.exists(), reason="the assets were not built by an install; run make install"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the sources; the assets are taken as the install built them."""
    copy, out = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns("node_modules", "__pycache__")
    for folder in ("src", "frontend"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    for name in BUILT_FROM:
        shutil.copy(ROOT / name, copy)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=copy, check=True, capture_output=True)
    return next(out.glob("evenkeel-*.whl"))


@pytest.fixture(scope="module")
def evenkeel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, in an environment of its own that has the wheel; what the wheel needs is lent
    by the environment of the tests."""
    room = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(room)], check=True)
    site = next(room.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    script = "from evenkeel.project.__main__ import main; raise SystemExit(main())"
    command = room / "bin" / "evenkeel"
    command.write_text(f"#!{room}/bin/python\n{script}\n")
    command.chmod(0o755)
    return command


def without_npm(home: Path) -> dict[str, str]:
    return {**settings(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": ""}


def get(port: int, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Accept-Encoding": "br", "Connection": "close"})
    answer = connection.getresponse()
    with answer:
        return answer, answer.read()


class TestWheel:
    def test_carries_the_built_assets_and_no_tests(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as packed:
            names = packed.namelist()
            manifest = json.loads(packed.read("evenkeel/core/web/static/dist/manifest.json"))
        assert {f"evenkeel/core/web/static/dist/{name}" for name in manifest.values()} <= {*names}
        assert [name for name in names if "/tests/" in name or "node_modules" in name] == []
        assert [name for name in names if name.endswith(("LICENSE", "NOTICE"))] != []

    def test_is_what_is_tested_here_and_not_the_sources(self, evenkeel: Path, home: Path) -> None:
        asked = "import evenkeel.project, sys; sys.stdout.write(evenkeel.project.__file__)"
        done = subprocess.run(
            [evenkeel.with_name("python"), "-c", asked],
            env=without_npm(home), capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert Path(done.stdout).is_relative_to(evenkeel.parents[1])

    def test_runs_and_serves_its_assets_compressed(self, evenkeel: Path, home: Path) -> None:
        port = free_port()
        process = subprocess.Popen(
            [evenkeel, "run", "--no-demo", "--port", str(port)], env=without_npm(home),
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert process.stdout
            assert any(f":{port} " in line for line in process.stdout)  # reads as far as there
            page, text = get(port, "/accounts/login/")
            assert page.status == 200
            addresses = set(re.findall(r'"(/static/dist/[^"#]+)', text.decode()))
            assert {address.rsplit(".")[-1] for address in addresses} >= {"css", "js"}
            for address in addresses:
                asset, content = get(port, address)
                assert (asset.status, bool(content)) == (200, True)
                assert asset.headers["Cache-Control"].endswith("immutable")
                if address.endswith((".css", ".js")):
                    assert asset.headers["Content-Encoding"] == "br"
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)
