"""One PostgreSQL database folder: where it lies, who owns it, how it is made."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from evenkeel.core.database.account import Account, account
from evenkeel.core.database.programs import Programs, find
from evenkeel.core.database.refusal import DatabaseUnavailable

NAME = "evenkeel"  # of the database and of its owner
LONGEST_SOCKET = 100  # bytes; the system allows 107 for a Unix socket's path
FOR_ROOT = Path("/var/lib/evenkeel")
SETTINGS = """
# Written by Evenkeel when it made this database; yours to change.
jit = off
random_page_cost = 1.1
max_wal_size = 2GB
work_mem = 16MB
max_connections = 60
shared_buffers = 48MB
log_timezone = 'UTC'
timezone = 'UTC'
"""


@dataclass(frozen=True)
class Cluster:
    """A database folder that is ready to be started."""

    data: Path
    programs: Programs
    account: Account

    @property
    def sockets(self) -> Path:
        return socket_folder(self.data)


def data_folder(home: Path) -> Path:
    """Where the database of a data folder really lies (see `_place`)."""
    return (home / "database").resolve()


def socket_folder(data: Path) -> Path:
    """Where the server listens; the database folder itself, unless its path is too long."""
    if len(os.fsencode(data / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
        return data
    mark = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"evenkeel-{mark}"


def url(home: Path) -> str:
    """The address of the database in a data folder, whether its server runs or not."""
    return f"postgresql://{NAME}@/{NAME}?host={socket_folder(data_folder(home))}"


def prepare(home: Path, extra_settings: str = "") -> Cluster:
    """Make the database if it is not there, and everything that its server needs to start."""
    home.mkdir(parents=True, exist_ok=True)
    owner = account(data_folder(home))
    data = _place(home, owner)
    version = data / "PG_VERSION"
    programs = find(int(version.read_text()) if version.exists() else None)
    if not owner.reaches(programs.folder / "postgres"):
        programs = _moved(programs, data.parent)
    cluster = Cluster(data, programs, owner)
    if not version.exists():
        _initialise(cluster, extra_settings)
    _open_socket_folder(cluster)
    return cluster


def _place(home: Path, owner: Account) -> Path:
    """The database lies in the data folder. Where its owner cannot go there (root's home is
    closed, and stays closed), it lies under /var/lib and the data folder has a link to it."""
    link = home / "database"
    if owner.is_another and not link.is_symlink():
        home.chmod(home.stat().st_mode | 0o011)
        if not owner.reaches(home):
            FOR_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
            link.symlink_to(Path(tempfile.mkdtemp(prefix="home-", dir=FOR_ROOT)) / "database")
    data = link.resolve()
    data.parent.mkdir(parents=True, exist_ok=True)
    if owner.is_another:
        data.parent.chmod(data.parent.stat().st_mode | 0o011)
    return data


def _moved(programs: Programs, room: Path) -> Programs:
    if programs.bundle:
        return programs.copied_to(room)
    raise DatabaseUnavailable(
        f"The account that runs PostgreSQL cannot reach {programs.folder}; "
        "run Evenkeel as an ordinary user, or set DATABASE_URL."
    )


def _initialise(cluster: Cluster, extra_settings: str) -> None:
    """All or nothing: made beside its place, then moved there in one step."""
    making = cluster.data.parent / "making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    cluster.account.owns(making)
    command = [cluster.programs["initdb"], "-D", str(making), "-U", NAME, "-A", "trust"]
    command += ["-E", "UTF8", "--locale=C.UTF-8", "--no-instructions"]
    if cluster.programs.major >= 17:
        command += ["--locale-provider=builtin"]
    run = subprocess.run(
        command, cwd="/", capture_output=True, text=True, check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"}, **cluster.account.as_arguments,
    )  # fmt: skip
    if run.returncode:
        reason = (run.stderr or run.stdout).strip().splitlines()[-1:]
        raise DatabaseUnavailable(f"PostgreSQL could not make {cluster.data}: {' '.join(reason)}")
    with (making / "postgresql.auto.conf").open("a") as file:
        file.write(SETTINGS + extra_settings)
    try:
        making.rename(cluster.data)
    except OSError as fault:
        raise DatabaseUnavailable(
            f"{cluster.data} is not empty and not a database; move it away and start again."
        ) from fault


def _open_socket_folder(cluster: Cluster) -> None:
    folder = cluster.sockets
    if folder == cluster.data:
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid not in {os.geteuid(), cluster.account.uid} or folder.is_symlink():
        raise DatabaseUnavailable(f"{folder} belongs to somebody else; remove it and start again.")
    cluster.account.owns(folder)
