"""All that is held on somebody as one archive: JSON a section, and the files as they are."""

import tempfile
import zipfile
from collections.abc import Iterator
from datetime import datetime

import msgspec

from evenkeel.core.directory.models import Person
from evenkeel.core.directory.permissions import PERSON
from evenkeel.core.people import trail
from evenkeel.core.people.models import User
from evenkeel.core.people.trail import Kind, Visitor
from evenkeel.core.privacy import holding
from evenkeel.core.records import store
from evenkeel.core.rules import Denied
from evenkeel.core.rules.permissions import requester

MEDIA_TYPE = "application/zip"
_SPOOLED = 8_000_000  # bytes in memory, before it goes to a file
_PIECE = 1 << 16
_who = (requester | PERSON["erase"]).named(
    "the person, the data protection officer, the SMS owner or the SMS manager"
)
_README = """\
What is held on {name} in this installation of Evenkeel, as of {at}.

Each .jsonl file is a list of JSON objects, one a line. asked-for.jsonl has what you asked for, as
the portal shows it; comment-said_by.jsonl what you wrote; entry-actor.jsonl what you did. The other
files are named after the table and the column that leads to your account. Passwords, tokens and
sessions are kept as hashes or secrets and are left out. files/ holds what was attached.
"""


def may(user: User, person: Person) -> bool:
    """May this user have it?"""
    return bool(_who(user, person))


def hand_out(person: Person, *, by: User | None, visitor: Visitor, at: datetime) -> Iterator[bytes]:
    """The archive piece by piece, noted in the trail. Raises Denied; nobody is the host."""
    if by is not None and not (answer := _who(by, person)):
        raise Denied(answer.reason)
    trail.append(Kind.EXPORTED, visitor, person=by, said=f"Personal data of {person.number}")
    return _pieces(person, at)


def _pieces(person: Person, at: datetime) -> Iterator[bytes]:
    with tempfile.SpooledTemporaryFile(max_size=_SPOOLED) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            told = _README.format(name=person.title, at=f"{at:%Y-%m-%d %H:%M}")
            archive.writestr("README.txt", told)
            for section in holding.sections(person):
                _write(archive, section)
            for one in holding.files(person):
                path = store.path_of(one.content_id)
                if path.is_file():
                    name = f"files/{one.record.number}/{one.pk}-{one.filename}"
                    archive.write(path, name, zipfile.ZIP_STORED)
        file.seek(0)
        yield from iter(lambda: file.read(_PIECE), b"")


def _write(archive: zipfile.ZipFile, section: holding.Section) -> None:
    """An empty section is left out."""
    first = next(section.lines, None)
    if first is None:
        return
    with archive.open(f"{section.name}.jsonl", "w", force_zip64=True) as member:
        member.write(msgspec.json.encode(first) + b"\n")
        for line in section.lines:
            member.write(msgspec.json.encode(line) + b"\n")
