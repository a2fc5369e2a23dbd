"""The countries there are, by the codes of ISO 3166 and the names of the time zone database."""

import functools
from importlib import resources


@functools.cache
def names() -> list[tuple[str, str]]:
    """ "NL", "Netherlands", in the order of their names."""
    table = resources.files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in table.splitlines() if line and line[0] != "#"]
    return sorted(((code, name) for code, name in lines), key=lambda pair: pair[1])
