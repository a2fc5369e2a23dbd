"""What was done, said as people say it."""

import pytest

from evenkeel.core.rules import registry
from evenkeel.core.web import words

# First words of verbs whose past is no "-ed" after the word, or doubles its last letter.
ODD = {
    "admit": "admitted", "begin": "began", "break": "broke", "choose": "chose", "drop": "dropped",
    "flag": "flagged", "forget": "forgot", "plan": "planned", "put": "put", "read": "read",
    "send": "sent", "set": "set", "stand": "stood", "submit": "submitted", "take": "took",
    "tell": "told", "undo": "undid", "withdraw": "withdrew",
}  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("flag_for_review", "flagged for review"),
        ("take_back", "took this back"),
        ("tell_supplier", "told supplier"),
        ("admit", "admitted this"),
        ("classify", "classified this"),
    ],
)
def test_says_what_was_done(verb: str, said: str) -> None:
    assert words.done_to_it(verb) == said


def test_knows_the_past_of_every_verb_that_ends_unlike_the_others() -> None:
    first = {name.rpartition(".")[2].partition("_")[0] for name in registry}
    assert {one: words.past(one) for one in first & set(ODD)} == {
        one: ODD[one] for one in first & set(ODD)
    }
    one_vowel = {one for one in first - set(ODD) if sum(map(one.count, "aeiou")) == 1}
    doubled = {one for one in one_vowel if one[-2] in "aeiou" and one[-1] not in "wxy"}
    assert doubled == set()  # "flag" and "plan" double their last letter: name them above
