"""Open records like one that is being written: so that it is not recorded twice."""

from itertools import combinations

from evenkeel.core.people.models import User
from evenkeel.core.records.record import Record
from evenkeel.core.search import asking, matching

MOST_WORDS = 8  # of the title; each pair of them is asked for
LOOKED_AT = 40  # matches, the best first


def similar(
    user: User, kind: str, title: str, *, service: int | None = None, limit: int = 5
) -> list[Record]:
    """The open records of a kind that share two words of the title, or its only one.

    Those that concern the same service come first, then the best and newest; nothing is found that
    the user may not see.
    """
    words = [term.query for term in asking.read_beginnings(title).terms[:MOST_WORDS]]
    pairs = [f"({one}) & ({other})" for one, other in combinations(words, 2)] or words
    query = " | ".join(f"({pair})" for pair in pairs)
    block = matching.Reader(user, [kind]).block(query, matching.beyond_newest())
    keys = [match.record for match in block.matches[:LOOKED_AT]]
    found = Record.objects.filter(pk__in=keys, is_open=True).select_related("service")
    place = {key: number for number, key in enumerate(keys)}
    order = sorted(found, key=lambda one: (not _concerns(one, service), place[one.pk]))
    return order[:limit]


def _concerns(record: Record, service: int | None) -> bool:
    return service is not None and record.service_id == service
