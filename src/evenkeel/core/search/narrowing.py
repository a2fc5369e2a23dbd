"""A list narrowed by what is typed into its search field: the same words and operators."""

from typing import Any

from django.db.models import Q, QuerySet

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.search import asking, operators
from evenkeel.core.search.models import SearchRow


def narrowed(
    records: "QuerySet[Any]", user: User | None, kind: str, question: asking.Question
) -> "QuerySet[Any]":
    """Those of the records of a kind that answer the question, in the order they have.

    Raises Invalid for an operator that there is not, or a value that it cannot have.
    """
    if question.number:
        return records.filter(number=question.number)
    records = records.filter(operators.condition(user, question.operators))
    if question.query:
        return records.filter(pk__in=_holding(user, kind, question.query))
    if question.unwanted and question.operators:
        records = records.exclude(pk__in=_holding(user, kind, question.unwanted))
    return records if question.operators else records.none()


def _holding(user: User | None, kind: str, query: str) -> "QuerySet[Any, Any]":
    """The keys of records in which the words stand, as far as the user may read them."""
    is_inside = user is None or visibility.is_inside(user, kind)
    seen = Q() if is_inside else Q(audience="public")
    rows = SearchRow.objects.filter(seen).extra(where=["words @@ %s::tsquery"], params=[query])
    return rows.values("record_id")
