"""The tree of categories: what sorts of cases there are, with guidance for each (ISRM-19)."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from evenkeel.core.schemes.kinds import SchemeKind, declare

NAME = "category_tree"
SEPARATOR = " / "
DEEPEST = 5
LONGEST = 120  # characters of a path


class Category(msgspec.Struct, forbid_unknown_fields=True):
    """One category; its path names those above it: "Access / Password"."""

    path: str
    guidance: str = ""
    retired: bool = False  # not chosen any more, kept on old cases

    @property
    def name(self) -> str:
        return self.path.rsplit(SEPARATOR, 1)[-1]

    @property
    def above(self) -> str:
        """The path of the category above; "" at the top."""
        return self.path.rpartition(SEPARATOR)[0]

    @property
    def depth(self) -> int:
        return self.path.count(SEPARATOR)


class CategoryTree(msgspec.Struct, forbid_unknown_fields=True):
    """The content of a version, in the order in which it is shown."""

    categories: list[Category]

    def current(self) -> list[Category]:
        """Those that can be chosen: neither retired nor below a retired one."""
        retired = {category.path for category in self.categories if category.retired}
        return [c for c in self.categories if not retired.intersection(_with_those_above(c.path))]

    def has(self, path: str) -> bool:
        """Can this category be chosen?"""
        return any(category.path == path for category in self.current())

    def faults(self) -> list[str]:
        """See `Content`."""
        if not self.categories:
            return ["A tree of categories has at least one category."]
        return [*self._faults_of_paths(), *self._faults_of_places()]

    def edits_of(self, earlier: "CategoryTree") -> list[str]:
        """See `Content`."""
        before = {category.path: category for category in earlier.categories}
        after = {category.path: category for category in self.categories}
        edits = [f"“{path}” is new." for path in after if path not in before]
        edits += [f"“{path}” is taken out." for path in before if path not in after]
        for path in before.keys() & after.keys():
            if before[path].retired != after[path].retired:
                edits.append(f"“{path}” is {'retired' if after[path].retired else 'back'}.")
            if before[path].guidance != after[path].guidance:
                edits.append(f"“{path}”: the guidance becomes “{after[path].guidance}”.")
        if not edits and list(before) != list(after):
            edits.append("The categories stand in another order.")
        return sorted(edits)

    def _faults_of_paths(self) -> Iterator[str]:
        for path, times in Counter(category.path for category in self.categories).items():
            names = path.split(SEPARATOR)
            if times > 1:
                yield f"“{path}” stands there {times} times."
            if not all(name.strip() == name and name for name in names):
                yield f"“{path}” has a name that is empty or begins or ends with a space."
            if len(names) > DEEPEST:
                yield f"“{path}” is deeper than {DEEPEST} levels."
            if len(path) > LONGEST:
                yield f"“{path}” is longer than {LONGEST} characters."

    def _faults_of_places(self) -> Iterator[str]:
        there = {category.path for category in self.categories}
        for category in self.categories:
            if category.above and category.above not in there:
                yield f"“{category.path}” lies below “{category.above}”, which is not there."


def _with_those_above(path: str) -> Iterator[str]:
    names = path.split(SEPARATOR)
    for length in range(1, len(names) + 1):
        yield SEPARATOR.join(names[:length])


KIND = declare(
    SchemeKind(
        NAME,
        "Category tree",
        "What sorts of cases there are, and how to tell them apart.",
        CategoryTree,
    )
)
