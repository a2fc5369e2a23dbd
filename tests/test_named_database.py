"""A PostgreSQL that somebody else runs, named by DATABASE_URL: used as it is, or refused."""

import contextlib
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from evenkeel.core.database import DatabaseUnavailable, access, cluster
from tests.test_run import free_port, say, wait_for

OWNER, GUEST = "clerk", "guest"


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a second PostgreSQL listens, as `host:port`; `records` belongs to an ordinary role."""
    home = tmp_path_factory.mktemp("elsewhere")
    for folder in (home, *list(home.parents)[:2]):
        folder.chmod(0o755)
    ready, port = cluster.prepare(home), free_port()
    command = [ready.programs["postgres"], "-D", str(ready.data), "-h", "127.0.0.1"]
    command += ["-p", str(port), "-k", str(ready.sockets), "-c", "fsync=off"]
    with subprocess.Popen(
        command, cwd="/", stderr=subprocess.DEVNULL, **ready.account.as_arguments
    ) as server:
        try:
            address = f"127.0.0.1:{port}"
            wait_for(lambda: _answers(address))
            _make_roles(address)
            yield address
        finally:
            server.terminate()


def _answers(address: str) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(f"postgresql://{cluster.NAME}@{address}/postgres").close()
        return True
    return False


def _make_roles(address: str) -> None:
    url = f"postgresql://{cluster.NAME}@{address}/postgres"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {OWNER} LOGIN".encode())
        connection.execute(f"CREATE ROLE {GUEST} LOGIN".encode())
        connection.execute(f"CREATE DATABASE records OWNER {OWNER}".encode())
        connection.execute(b"CREATE DATABASE closed")


class TestNamedDatabase:
    def test_serves_an_ordinary_role_that_owns_it(self, named: str, home: Path) -> None:
        url = f"postgresql://{OWNER}@{named}/records"
        code, said = say(home, "list", "incidents", "--count", DATABASE_URL=url)
        assert code == 0, said
        assert say(home, "check", DATABASE_URL=url) == (0, "")
        assert not (home / "database").exists()

    def test_is_refused_in_a_sentence_where_no_tables_may_be_made(
        self, named: str, home: Path
    ) -> None:
        url = f"postgresql://{GUEST}@{named}/closed"
        for command in (["list", "incidents"], ["run", "--port", str(free_port())]):
            code, said = say(home, *command, DATABASE_URL=url)
            assert code == 1
            assert "may not make tables in the database closed" in said
            assert "Traceback" not in said

    def test_that_is_too_old_is_refused(self) -> None:
        with (
            server_of_version("14.9") as url,
            pytest.raises(DatabaseUnavailable, match="is PostgreSQL 14; Evenkeel needs 15"),
        ):
            access.check(url)

    def test_that_is_just_new_enough_is_taken(self) -> None:
        with server_of_version("15.0") as url:
            access.check(url)


@contextlib.contextmanager
def server_of_version(version: str) -> Iterator[str]:
    """The address of what says hello as a PostgreSQL of that version, and no more."""

    def greet() -> None:
        client, _ = listening.accept()
        with client:
            length = struct.unpack("!i", client.recv(4))[0]
            client.recv(length - 4)
            parameter = f"server_version\0{version}\0".encode()
            client.sendall(
                _message(b"R", struct.pack("!i", 0))
                + _message(b"S", parameter)
                + _message(b"S", b"client_encoding\0UTF8\0")
                + _message(b"Z", b"I")
            )
            client.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        greeter = threading.Thread(target=greet)
        greeter.start()
        port = listening.getsockname()[1]
        yield f"postgresql://me@127.0.0.1:{port}/evenkeel?sslmode=disable&gssencmode=disable"
        greeter.join()


def _message(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("!i", len(content) + 4) + content
