"""The names behind the keys that records and entries hold: two queries for a whole page of them."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from markupsafe import Markup

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record, kinds

Named = type[User] | type[Record]
Key = tuple[Named, int]
_PEOPLE = "SELECT id, full_name, username, is_vip FROM core_user WHERE id = ANY(%s)"
VIP = Markup('<span class="tag" title="The requester is a VIP">VIP</span>')


def named(target: Any) -> Named | None:
    """Does a field point to an account, to a record of whatever kind, or to neither?"""
    if not isinstance(target, type):
        return None
    return User if issubclass(target, User) else Record if issubclass(target, Record) else None


class Names:
    """Accounts and records by key; a record that the reader may not see stays unnamed."""

    def __init__(self, reader: User, keys: Iterable[Key]) -> None:
        wanted = set(keys)
        accounts = [pk for model, pk in wanted if model is User]
        records = [pk for model, pk in wanted if model is Record]
        self.accounts: dict[int, str] = {}
        self.vips: set[int] = set()
        if accounts:
            self._read_accounts(accounts)
        self.records = _records(reader, records) if records else {}

    def of(self, model: Named, pk: int) -> str | Markup:
        """The name of an account; of a record, number and title with the way to it."""
        if model is User:
            return self.accounts.get(pk, "an account")
        if (found := self.records.get(pk)) is None:
            return "another record"
        number, title, kind = found
        url = f"/{kinds()[kind].collection}/{number}/"
        link = '<a href="{}"><span class="number">{}</span> {}</a>'
        return Markup(link).format(url, number, title)  # noqa: S704  (every value is escaped)

    def account(self, pk: int | None) -> str:
        """The name of an account; "" for none."""
        return self.accounts.get(pk, "") if pk else ""

    def is_vip(self, pk: int | None) -> bool:
        """Is this account a VIP's? For staff to know alone."""
        return pk in self.vips

    def title(self, pk: int | None) -> str:
        """The title of a record that the reader may see; "" for any other."""
        return self.records[pk][1] if pk in self.records else ""

    def _read_accounts(self, keys: list[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_PEOPLE, [keys])
            rows = cursor.fetchall()
        self.accounts = {pk: name or login for pk, name, login, _ in rows}
        self.vips = {pk for pk, _, _, is_vip in rows if is_vip}


def _records(reader: User, keys: list[int]) -> dict[int, tuple[str, str, str]]:
    visible = Record.objects.visible_to(reader).filter(pk__in=keys)
    rows = visible.values_list("pk", "number", "title", "of_kind")
    return {pk: (number, title, kind) for pk, number, title, kind in rows}
