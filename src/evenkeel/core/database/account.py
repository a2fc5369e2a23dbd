"""The account that PostgreSQL runs under: our own, or another one when we are root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evenkeel.core.database.refusal import DatabaseUnavailable

INSTEAD_OF_ROOT = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """Who a program is started as."""

    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        return self.uid != os.geteuid()

    @property
    def as_arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to start a program under this account."""
        if not self.is_another:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path: Path) -> None:
        if self.is_another:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Asked of the system itself, as that account: mode bits do not tell the whole story."""
        command = ["/bin/sh", "-c", 'test -x "$0"', str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.as_arguments).returncode == 0


def account(data: Path) -> Account:
    """PostgreSQL refuses to run as root; the owner of a database that exists goes on owning it."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if (data / "PG_VERSION").exists() and (stat := data.stat()).st_uid != 0:
        return Account(stat.st_uid, stat.st_gid)
    for name in INSTEAD_OF_ROOT:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise DatabaseUnavailable(
        "PostgreSQL does not run as root and this machine has neither an account 'postgres' nor "
        "'nobody'; run Evenkeel as an ordinary user."
    )
