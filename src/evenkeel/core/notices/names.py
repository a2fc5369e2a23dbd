"""Names of the mails that we send (`Message-ID`), by which one that comes back is known.

A name is signed with the key of the installation: only who was sent the mail can say it, and so
nobody can have us believe that another came back.
"""

import re
import secrets
from collections.abc import Iterator
from email.utils import parseaddr
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

NOTICE, LETTER, ACCOUNT = "notice", "letter", "account"
_SIGNED = 20  # digits of the signature
_NAME = re.compile(
    rf"<({NOTICE}|{LETTER}|{ACCOUNT})-(\d{{1,18}})(-[0-9a-f]{{8}})?\.([0-9a-f]{{20}})@"
)


class Name(NamedTuple):
    """Of what a mail is: a notice, a letter to a supplier, or an account; and its key."""

    what: str
    key: int


def message_id(what: str, key: int) -> str:
    """The same each time, so that a mail that is sent twice is known; of an account, another."""
    nonce = f"-{secrets.token_hex(4)}" if what == ACCOUNT else ""
    return f"<{what}-{key}{nonce}.{_signature(f'{what}-{key}{nonce}')}@{domain()}>"


def domain() -> str:
    """Where our mail comes from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def found(text: str) -> Iterator[Name]:
    """Those in a text that are ours."""
    for what, key, nonce, signature in _NAME.findall(text):
        if constant_time_compare(signature, _signature(f"{what}-{key}{nonce}")):
            yield Name(what, int(key))


def _signature(name: str) -> str:
    return salted_hmac("evenkeel.mail", name).hexdigest()[:_SIGNED]
