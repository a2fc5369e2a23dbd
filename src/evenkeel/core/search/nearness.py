"""Words like the one asked for: with a typing error, in another form, or inside a longer word."""

import string
from collections.abc import Iterator
from dataclasses import replace

from django.db import connection

from evenkeel.core.search.asking import Question, Term

SHORTEST = 4  # letters; shorter words are like too many others
MOST = 8  # words that are taken for like one

# Words with one slip, by their letters; with more, or a longer ending, by their trigrams; and
# words that hold the word ("Netzwerkdrucker" for "drucker").
_LIKE = """
SELECT word FROM core_searchword WHERE word = ANY(%(slips)s)
UNION (SELECT word FROM core_searchword WHERE word %% %(word)s
       ORDER BY similarity(word, %(word)s) DESC, word LIMIT 20)
UNION (SELECT word FROM core_searchword WHERE word LIKE %(holding)s
       ORDER BY length(word), word LIMIT 8)
"""


def widened(question: Question) -> Question | None:
    """The question with other words beside its own, or None where there are no such words."""
    terms = tuple(_widened(term) for term in question.terms)
    return replace(question, terms=terms) if terms != question.terms else None


def _widened(term: Term) -> Term:
    lexemes = [lexeme for lexeme, _ in term.lexemes]
    if term.is_unwanted or term.is_phrase or len(lexemes) != 1:
        return term
    word = lexemes[0]
    if len(word) < SHORTEST or not word.isalpha():  # node01 is not a slip for node02
        return term
    near = like(word)
    return replace(term, query=" | ".join([term.query, *(f"'{w}'" for w in near)]))


def like(word: str) -> list[str]:
    """The known words that are most like this one, itself left out; the nearest first."""
    with connection.cursor() as cursor:
        holding = f"%{word}%"
        cursor.execute(_LIKE, {"word": word, "slips": list(_slips(word)), "holding": holding})
        known = {row[0] for row in cursor.fetchall()} - {word}
    most = 1 if len(word) < 6 else 2
    far = {other: 1 if word in other else distance(word, other) for other in known}
    near = [other for other in far if far[other] <= most]
    return sorted(near, key=lambda other: (far[other], abs(len(other) - len(word)), other))[:MOST]


def _slips(word: str) -> Iterator[str]:
    """The word with one letter left out, doubled, wrong or too many, or two letters exchanged."""
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in string.ascii_lowercase:
            yield head + letter + tail[1:]
            yield head + letter + tail


def distance(one: str, other: str) -> int:
    """How many letters to add, drop, replace or exchange with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, wanted in enumerate(other, 1):
            steps = [last[column] + 1, now[-1] + 1, last[column - 1] + (letter != wanted)]
            is_exchange = (
                row > 1 and column > 1 and one[row - 2 : row] == other[column - 2 : column][::-1]
            )
            if is_exchange:
                steps.append(before[column - 2] + 1)
            now.append(min(steps))
        before, last = last, now
    return last[-1]
