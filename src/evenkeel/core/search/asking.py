"""What somebody typed, as a question that the index can answer.

mail server      both words, in any form: "transfers" finds "transfer"
"mail server"    one after the other
-printer         records without it
serv             the last word may be a beginning
INC-7            that record first
state:open       what an operator says of it (see operators.py); -state:new, what it must not be
"""

import re
from dataclasses import dataclass, replace

from django.db import connection

from evenkeel.core.search import beginnings, operators
from evenkeel.core.search.operators import Operator

LONGEST, MOST_TERMS = 300, 12  # characters, words and phrases; the rest is not read
SHORTEST_BEGINNING = 3  # letters; fewer are the beginning of half the language

_TERM = re.compile(r'(-?)"([^"]*)"?|(-?)([^\s"]+)')
# Letters, a colon and at once a value: not https://host, nor std::vector, nor 10:30, nor "Re: ".
_OPERATOR = re.compile(r'(?<!\S)(-?)([A-Za-z_]{2,}):("[^"]*"?|[^\s"/:][^\s"]*)(?=\s|$)')
_QUOTED = re.compile(r'"[^"]*"?')
_NUMBER = re.compile(r"([a-z]{2,8})[- ]?(\d{1,12})", re.IGNORECASE)
_LEXEME = re.compile(r"'((?:[^']|'')+)'(:\*)?")

_TO_QUERY = """
SELECT CASE WHEN ending = '' THEN phraseto_tsquery('evenkeel', core_without_signs(text))
    ELSE to_tsquery('evenkeel', quote_literal(core_without_signs(text)) || ending) END::text
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS term (text, ending, place)
ORDER BY place
"""


@dataclass(frozen=True)
class Term:
    """A word or phrase, and how the index is asked for it."""

    text: str
    is_unwanted: bool = False
    is_phrase: bool = False
    query: str = ""  # as tsquery; empty for words that say nothing, such as "the"

    @property
    def lexemes(self) -> list[tuple[str, bool]]:
        """Its words as the index has them; True for one that may be a beginning."""
        found = _LEXEME.findall(self.query)
        return [(word.replace("''", "'"), ending == ":*") for word, ending in found]


@dataclass(frozen=True)
class Question:
    """What is asked for: records with all wanted terms and none of the unwanted."""

    terms: tuple[Term, ...]
    number: str = ""  # of a record, if the text may be one
    operators: tuple[Operator, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_unwanted)

    @property
    def lexemes(self) -> list[tuple[str, bool]]:
        """The words to mark in what is found."""
        return [lexeme for term in self.wanted for lexeme in term.lexemes]

    @property
    def query(self) -> str:
        """As tsquery; empty if nothing is wanted, for what is unwanted alone picks nothing out."""
        if not self.wanted:
            return ""
        unwanted = [f"!({self.unwanted})"] if self.unwanted else []
        return " & ".join([*(f"({term.query})" for term in self.wanted), *unwanted])

    @property
    def unwanted(self) -> str:
        """What must not be, any of it, as tsquery."""
        return " | ".join(f"({term.query})" for term in self.terms if term.is_unwanted)


def read(text: str) -> Question:
    """Read what was typed into a search box. Refuses nothing: what an operator cannot have is
    found out where it is made a condition.
    """
    text = text.replace("\0", " ")[:LONGEST].strip()
    number = _NUMBER.fullmatch(text)
    found, text = _operators(text)
    terms = _terms(text)
    endings = [""] * len(terms)
    if terms and _may_be_a_beginning(terms[-1]):
        endings[-1] = ":*"
    named = f"{number[1].upper()}-{number[2]}" if number else ""
    return Question(_asked(terms, endings), named, tuple(found))


def read_beginnings(text: str) -> Question:
    """Every word may be a beginning, and all must stand in the title: for suggestions."""
    words = [Term(word) for word in text.replace("\0", " ")[:LONGEST].split()[:MOST_TERMS]]
    return Question(_asked(words, [":*A"] * len(words)))


def _operators(text: str) -> tuple[list[Operator], str]:
    """The operators, and what is left without them; in quotes there are none."""
    phrases = [match.span() for match in _QUOTED.finditer(text)]
    found, rest, last = [], [], 0
    for match in _OPERATOR.finditer(text):
        if any(start < match.start() < end for start, end in phrases):
            continue
        no, name, value = match.groups()
        found.append(operators.read(name, value, is_unwanted=bool(no)))
        rest.append(text[last : match.start()])
        last = match.end()
    return found, "".join([*rest, text[last:]])


def _terms(text: str) -> list[Term]:
    found = []
    for no_phrase, phrase, no_word, word in _TERM.findall(text)[:MOST_TERMS]:
        if said := phrase.strip() or word.strip("-"):
            found.append(Term(said, bool(no_phrase or no_word), bool(phrase)))
    return found


def _may_be_a_beginning(last: Term) -> bool:
    is_word = not (last.is_unwanted or last.is_phrase)
    return is_word and len(last.text) >= SHORTEST_BEGINNING


def _asked(terms: list[Term], endings: list[str]) -> tuple[Term, ...]:
    if not terms:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_TO_QUERY, [[term.text for term in terms], endings])
        queries = [row[0] for row in cursor.fetchall()]
    asked = zip(terms, queries, endings, strict=True)
    return tuple(
        replace(term, query=_completed(query, ending)) for term, query, ending in asked if query
    )


def _completed(query: str, ending: str) -> str:
    """The query with the known words that begin so, where its one word may be a beginning."""
    lexemes = Term("", query=query).lexemes
    words = beginnings.known(lexemes[0][0]) if ending and len(lexemes) == 1 else []
    if not words:
        return query
    weight = ending.replace("*", "").removesuffix(":")
    whole = query.removesuffix(ending) + weight
    return " | ".join(dict.fromkeys([whole, *(f"'{word}'{weight}" for word in words)]))
