"""Mentions: "@nils" in what is said about a record names an account, which is then told.

An entry keeps where in the text each stands and the key of the account, so that the name that is
shown is the one that the person has today.
"""

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models.functions import Lower

from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.records.entry import Audience, Entry
from evenkeel.core.records.record import Record

MOST = 50  # people in one text: nobody calls a whole house together by a comment
# Not inside a word, an address or a path; a login may itself be an e-mail address.
_SIGN = re.compile(r"(?<![\w@./+-])@(\w[\w.@+-]{0,79})")
_END = re.compile(r"\w(?!\w)")  # where a login may end: "@nils." is nils and a full stop


class Mention(NamedTuple):
    """Where a mention stands, with its sign, and whom it means."""

    start: int
    length: int
    person: int


class Found(NamedTuple):
    """The mentions of a text, and the accounts with their rights, by key."""

    mentions: list[Mention]
    people: dict[int, User]


def find(text: str, at: datetime) -> Found:
    """The accounts that a text names; a sign before anything else is only a sign."""
    signs = list(_SIGN.finditer(text))
    logins = {login.lower() for sign in signs for login in _spellings(sign.group(1))}
    known = {user.username.lower(): user for user in with_rights(logins, at)} if logins else {}
    mentions = []
    for sign in signs:
        meant = next((one for one in _spellings(sign.group(1)) if one.lower() in known), None)
        if meant is not None:
            mentions.append(Mention(sign.start(), len(meant) + 1, known[meant.lower()].pk))
    people = {user.pk: user for user in known.values()}
    return Found(mentions, {pk: people[pk] for pk in dict.fromkeys(m.person for m in mentions)})


def with_rights(logins: Collection[str], at: datetime) -> Iterator[User]:
    """The accounts of people with these logins, and what they may, by one query."""
    columns = User.columns_with_rights("", at)
    found = User.objects.filter(is_active=True, is_system=False).annotate(login=Lower("username"))
    for row in found.filter(login__in=logins).values_list(*columns):
        yield User.with_rights(row)


def of(entry: Entry) -> list[Mention]:
    """The mentions of what an entry said."""
    return [Mention(*one) for one in entry.given.get("mentions", ())]


def may_read(user: User, record: Record, audience: str) -> bool:
    """May this person read what is said to this audience of the record?"""
    return readable.may_see(user, record) and readable.is_heard(user, record, audience)


def unheard(record: Record, audience: str, people: Collection[User]) -> str:
    """In a sentence, who of those who are mentioned may not read it; "" where all may."""
    names = [str(one) for one in people if not may_read(one, record, audience)]
    if not names:
        return ""
    what = record.number if audience == Audience.PUBLIC else f"the notes of {record.number}"
    told = "is not told" if len(names) == 1 else "are not told"
    return f"{_listed(names)} may not read {what} and {told}."


def _spellings(written: str) -> list[str]:
    """What may be the login, the longest first."""
    return [written[: end.end()] for end in _END.finditer(written)][::-1]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
