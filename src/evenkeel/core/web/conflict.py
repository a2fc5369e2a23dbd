"""A form that is out of date: what it says, what the record says, and what happened meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.rules import Action, Stale
from evenkeel.core.web import fields
from evenkeel.core.web.names import Names
from evenkeel.core.web.phrases import Known
from evenkeel.core.web.timeline import Timeline


@dataclass(frozen=True)
class Row:
    """One field in both versions."""

    label: str
    theirs: str
    mine: str
    differs: bool


def context(action: Action, stale: Stale, given: Mapping[str, Any], reader: User) -> dict[str, Any]:
    """What the page of the conflict shows; the form on it carries the new version."""
    now = stale.record
    inside = visibility.is_inside(reader, now.of_kind)
    timeline = Timeline(now, reader, inside=inside)
    lines = timeline.lines(Names(reader, timeline.keys()), Known({}, {}, {}))
    return {
        "stale": str(stale),
        "rows": list(_rows(action, stale, given)),
        "meanwhile": [line for line in lines if line.edits][:3],
        "version": now.version,
        "record": now,
    }


def _rows(action: Action, stale: Stale, given: Mapping[str, Any]) -> Any:
    now = stale.record
    known = {column.name for column in now._meta.concrete_fields}
    for name, asked in action.form_class.base_fields.items():
        if name not in known or name not in given:
            continue
        theirs = fields.written(asked, getattr(now, name))
        mine = str(given[name] or "")
        same = theirs.strip() == mine.strip().replace("\r\n", "\n")
        both = fields.said(asked, theirs), fields.said(asked, mine)
        yield Row(str(asked.label or name), *both, differs=not same)
