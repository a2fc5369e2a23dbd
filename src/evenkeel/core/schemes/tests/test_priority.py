"""The priority matrix against a second, naive reading of the same rules."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenkeel.core.rules import Invalid
from evenkeel.core.schemes.priority import KIND, PriorityMatrix, Rule

SCALE = [{"name": "Wide"}, {"name": "Limited"}, {"name": "Single"}]
CONTENT: dict[str, Any] = {
    "impact": SCALE,
    "urgency": SCALE,
    "matrix": [[1, 2, 3], [2, 3, 4], [3, 4, 5]],
    "rules": [],
}


def refused(**changed: Any) -> list[str]:
    with pytest.raises(Invalid) as caught:
        KIND.read(CONTENT | changed)
    return caught.value.errors["content"]


class TestPriorityMatrix:
    def test_gives_the_cell_of_impact_and_urgency(self) -> None:
        matrix: PriorityMatrix = KIND.read(CONTENT)
        decision = matrix.decide(2, 3, {})
        assert (decision.priority, decision.steps) == (4, ("Impact 2 and urgency 3 give P4.",))

    def test_says_which_special_rule_moved_it(self) -> None:
        rule = {
            "name": "Security comes first",
            "fact": "category",
            "value": "Security",
            "effect": "raise",
            "to": 1,
        }
        matrix: PriorityMatrix = KIND.read(CONTENT | {"rules": [rule]})
        decision = matrix.decide(2, 2, {"category": "Security / Breach"})
        assert decision.priority == 2
        assert decision.steps[-1] == "“Security comes first” raises it by 1: P2."
        assert matrix.decide(2, 2, {"category": "Securityish"}).priority == 3

    def test_is_refused_when_a_graver_impact_gives_a_lower_priority(self) -> None:
        assert refused(matrix=[[2, 2, 3], [1, 3, 4], [3, 4, 5]]) == [
            "A graver impact or urgency cannot give a lower priority."
        ]

    def test_is_refused_with_a_hole(self) -> None:
        assert refused(matrix=[[1, 2], [2, 3], [3, 4]]) == [
            "The matrix needs one priority for each impact and urgency."
        ]

    def test_is_refused_with_a_field_that_it_does_not_have(self) -> None:
        assert "unknown field" in refused(colour="red")[0]

    def test_is_refused_with_two_levels_of_one_name(self) -> None:
        twice = [{"name": "Wide"}, {"name": "Wide"}, {"name": "Single"}]
        assert refused(impact=twice) == ["Two levels of impact have the same name."]


def naive(matrix: PriorityMatrix, impact: int, urgency: int, category: str) -> int:
    """The same rules once more, as a person would apply them with a pencil."""
    found = {(i, u): p for i, row in enumerate(matrix.matrix, 1) for u, p in enumerate(row, 1)}
    priority = found[impact, urgency]
    for rule in matrix.rules:
        parts, wanted = category.split(" / "), rule.value.split(" / ")
        if parts[: len(wanted)] != wanted:
            continue
        if rule.effect == "raise":
            for _ in range(rule.to):
                if priority > 1:
                    priority -= 1
        elif rule.effect == "set" or priority > rule.to:
            priority = rule.to
    return priority


category = st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=3).map(" / ".join)
rules = st.builds(
    Rule,
    name=st.just("r"),
    fact=st.just("category"),
    value=category,
    effect=st.sampled_from(["set", "at_least", "raise"]),
    to=st.integers(1, 5),
)


class TestDecision:
    @given(st.data())
    def test_is_what_a_naive_reading_gives(self, data: st.DataObject) -> None:
        rows, columns = data.draw(st.integers(2, 6)), data.draw(st.integers(2, 6))
        cells = st.lists(st.integers(1, 5), min_size=columns, max_size=columns)
        matrix = PriorityMatrix(
            impact=[],
            urgency=[],
            matrix=data.draw(st.lists(cells, min_size=rows, max_size=rows)),
            rules=data.draw(st.lists(rules, max_size=4)),
        )
        impact, urgency = data.draw(st.integers(1, rows)), data.draw(st.integers(1, columns))
        said = data.draw(category)
        decision = matrix.decide(impact, urgency, {"category": said})
        assert decision.priority == naive(matrix, impact, urgency, said)
        assert decision.steps[-1].endswith(f"P{decision.priority}.")
