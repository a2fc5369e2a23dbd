"""What a tree of categories may hold, and what of it can be chosen."""

import pytest

from evenkeel.core.rules import Invalid
from evenkeel.core.schemes.categories import KIND, CategoryTree


def tree(*paths: str, retired: str = "") -> CategoryTree:
    found: CategoryTree = KIND.read(
        {"categories": [{"path": path, "retired": path == retired} for path in paths]}
    )
    return found


class TestCategoryTree:
    def test_offers_every_category_in_its_order(self) -> None:
        chosen = tree("Mail", "Mail / Lists", "Access").current()
        assert [(c.name, c.depth) for c in chosen] == [("Mail", 0), ("Lists", 1), ("Access", 0)]

    def test_offers_nothing_below_a_retired_one(self) -> None:
        pruned = tree("Mail", "Mail / Lists", "Mailing", retired="Mail")
        assert [c.path for c in pruned.current()] == ["Mailing"]
        assert not pruned.has("Mail / Lists")

    @pytest.mark.parametrize(
        ("paths", "why"),
        [
            (("Mail / Lists",), "lies below “Mail”, which is not there"),
            (("Mail", "Mail"), "“Mail” stands there 2 times"),
            (("Mail", "Mail / "), "a name that is empty"),
            ((" / ".join("abcdef"),), "deeper than 5"),
            (("x" * 121,), "longer than 120"),
            ((), "at least one category"),
        ],
    )  # fmt: skip
    def test_is_refused_with_the_reason(self, paths: tuple[str, ...], why: str) -> None:
        with pytest.raises(Invalid, match=why):
            tree(*paths)
