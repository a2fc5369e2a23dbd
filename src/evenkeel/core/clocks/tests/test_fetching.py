"""What is fetched from an address: only what is public, no more than was asked for, and in time."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evenkeel.core.clocks import fetching
from evenkeel.core.clocks.fetching import Unreachable, fetch, is_public


class Answers(BaseHTTPRequestHandler):
    """A neighbour of this machine."""

    def do_GET(self) -> None:
        if self.path.startswith("/on/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/on/").replace("_", "/"))
            self.end_headers()
            return
        if self.path == "/slow":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not self.server.stopped.wait(0.05):  # type: ignore[attr-defined]
                try:
                    self.wfile.write(b"X: y\r\n")
                except OSError:
                    return
        self.send_response(404 if self.path == "/gone" else 200)
        self.end_headers()
        self.wfile.write(f"{self.headers['Host']} {self.path}".encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def here() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.stopped = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.stopped.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()


class TestFetch:
    def test_brings_what_lies_there(self, here: str) -> None:
        said = fetch(f"{here}/days.ics?a=b", 100, private=True)
        assert said.decode() == f"{here.removeprefix('http://')} /days.ics?a=b"

    def test_speaks_to_no_neighbour(self, here: str) -> None:
        with pytest.raises(Unreachable, match="network of our own"):
            fetch(here, 100)

    def test_speaks_to_none_by_a_name_either(self) -> None:
        with pytest.raises(Unreachable, match="network of our own"):
            fetch("http://localhost:1/", 100)

    def test_looks_at_each_step_of_a_redirection(
        self, here: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert fetch(f"{here}/on/_there", 100, private=True).endswith(b"/there")
        monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
        with pytest.raises(Unreachable, match="network of our own"):
            fetch(f"{here}/on/http:__127.0.0.2:1_there", 100)

    def test_is_not_led_in_circles(self, here: str) -> None:
        with pytest.raises(Unreachable, match="more than 3 times"):
            fetch(f"{here}/on/_on_" + "_on_" * 9, 100, private=True)

    @pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/", "gopher:x"])
    def test_knows_no_other_ways(self, address: str) -> None:
        with pytest.raises(Unreachable, match="begin with https"):
            fetch(address, 100, private=True)

    def test_is_led_to_no_other_way(self, here: str) -> None:
        with pytest.raises(Unreachable, match="begin with https"):
            fetch(f"{here}/on/file:___etc_passwd", 100, private=True)

    def test_takes_no_more_than_was_asked_for(self, here: str) -> None:
        with pytest.raises(Unreachable, match="more than 5 bytes"):
            fetch(here, 5, private=True)

    def test_says_what_was_answered(self, here: str) -> None:
        with pytest.raises(Unreachable, match="answered with 404"):
            fetch(f"{here}/gone", 100, private=True)
        with pytest.raises(Unreachable, match="did not answer as it should"):
            fetch("http://127.0.0.1:9/", 100, private=True)

    def test_ends_in_time_however_slowly_it_is_answered(
        self, here: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fetching, "SLOWEST", 0.4)
        with pytest.raises(Unreachable, match=r"did not answer as it should|took more than"):
            fetch(f"{here}/slow", 100, private=True)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("9.9.9.9", True),
        ("2620:fe::9", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),  # where clouds tell machines their secrets
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
    ],
)
def test_public_is_the_internet_alone(address: str, public: bool) -> None:
    assert is_public(address) is public
