"""pytest plugin: a real mail server that tests can make fail (`post`).

It speaks SMTP on a port of its own; `post.taken` holds the mails that it took, as they arrived."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest


@dataclass
class Post:
    """How the server behaves, and what it took."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    to_recipient: str = "250 fine"  # what it answers when it is told whom the mail is for
    to_text: str = "250 taken"  # what it answers to the mail itself; "" hangs up instead
    calls: int = 0


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        post: Post = self.server.post  # type: ignore[attr-defined]
        post.calls += 1
        self._say("220 here")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                if not self._take(post):
                    return
            elif verb == b"RCPT":
                self._say(post.to_recipient)
            else:
                self._say("221 bye" if verb == b"QUIT" else "250 fine")

    def _take(self, post: Post) -> bool:
        text = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            text += line.removeprefix(b".") if line.startswith(b"..") else line
        if not post.to_text:
            return False
        if post.to_text.startswith("2"):
            post.taken.append(message_from_bytes(text, policy=policy.default))
        self._say(post.to_text)
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A mail server for one test, and settings that name it."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Talk) as server:
        server.daemon_threads = True
        made = Post(port=server.server_address[1])
        server.post = made  # type: ignore[attr-defined]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield made
        server.shutdown()
        thread.join()
