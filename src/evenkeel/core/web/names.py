"""The names behind the keys that entries hold: two queries for a whole page of them."""

from collections.abc import Iterable

from markupsafe import Markup

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record, kinds

Key = tuple[type[User] | type[Record], int]


class Names:
    """Accounts and records by key; a record that the reader may not see stays unnamed."""

    def __init__(self, reader: User, keys: Iterable[Key]) -> None:
        wanted = set(keys)
        accounts = {pk for model, pk in wanted if model is User}
        records = {pk for model, pk in wanted if model is Record}
        self.accounts = {u.pk: str(u) for u in User.objects.filter(pk__in=accounts or ())}
        visible = Record.objects.visible_to(reader).filter(pk__in=records or ())
        rows = visible.values_list("pk", "number", "title", "of_kind")
        self.records = {pk: (number, title, kind) for pk, number, title, kind in rows}

    def of(self, model: type[User] | type[Record], pk: int) -> str | Markup:
        """The name of an account; of a record, number and title with the way to it."""
        if model is User:
            return self.accounts.get(pk, "an account")
        if (found := self.records.get(pk)) is None:
            return "another record"
        number, title, kind = found
        url = f"/{kinds()[kind].collection}/{number}/"
        link = '<a href="{}"><span class="number">{}</span> {}</a>'
        return Markup(link).format(url, number, title)  # noqa: S704  (every value is escaped)
