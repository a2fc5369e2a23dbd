"""The operations of figures in the OpenAPI document."""

from typing import Any

from evenkeel.core.figures import months, reading
from evenkeel.core.rest import figures
from evenkeel.core.rest.answers import page, refusals
from evenkeel.core.rest.operations import AFTER_KEY, LIMIT, json, parameter
from evenkeel.core.rest.schema import TEXT, WHOLE, Schema, closed

_NUMBER: Schema = {"type": "number"}
_MAYBE_NUMBER: Schema = {"type": ["number", "null"]}
_FIGURE: Schema = {
    "code": TEXT,
    "title": TEXT,
    "formula": {**TEXT, "description": "How it is made, in words."},
    "unit": TEXT,
    "by": {**TEXT, "description": "By what its numbers are told apart."},
    "at_least": {**_MAYBE_NUMBER, "description": "The target, where it is a least value."},
    "at_most": {**_MAYBE_NUMBER, "description": "The target, where it is a greatest value."},
    "waits_for": {**TEXT, "description": "What is not kept yet; nothing is counted until then."},
    "url": TEXT,
}
_MONTH: Schema = {
    "month": TEXT,
    "cases": WHOLE,
    "hits": WHOLE,
    "value": {**_MAYBE_NUMBER, "description": "null where there is nothing to count."},
}
_BEHIND: Schema = {"number": TEXT, "title": TEXT, "hit": {"type": "boolean"}, "url": TEXT}
_READ = (401, 404, 405, 422)
_CODE = parameter(
    "path", "code", {"type": "string", "pattern": "^[A-Z]{2,8}-K[0-9]{1,3}$"}, required=True
)
_OF_MONTH = parameter(
    "path",
    "month",
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
    required=True,
)
_PRIORITY = parameter("query", "priority", {"type": "string", "enum": list(figures.PRIORITIES)})
_OF = parameter(
    "query",
    "of",
    TEXT,
    description="The number of a record, or none: of a figure that is by something else.",
)
_MONTHS = parameter(
    "query", "months", WHOLE | {"minimum": 1, "maximum": figures.LONGEST, "default": months.SHOWN}
)
_PART = parameter("query", "part", {"type": "string", "enum": list(reading.PARTS)})


def paths() -> dict[str, Any]:
    """Every address of figures."""
    return {
        "/api/figures": {"get": _index()},
        "/api/figures/{code}": {"get": _show()},
        "/api/figures/{code}/{month}": {"get": _behind()},
    }


def _index() -> Schema:
    listed = {"items": {"type": "array", "items": _all(_FIGURE)}}
    return {
        "operationId": "figures.list",
        "summary": "List the figures that you may read",
        "responses": {"200": json("The figures.", _all(listed)), **refusals(401, 405, 422)},
    }


def _show() -> Schema:
    listed = {**_FIGURE, "items": {"type": "array", "items": _all(_MONTH)}}
    return {
        "operationId": "figures.show",
        "summary": "Show a figure month by month",
        "description": "Of a share, `hits` of `cases`; of a mean, `hits` have a value.",
        "parameters": [_CODE, _PRIORITY, _OF, _MONTHS],
        "responses": {"200": json("The figure.", _all(listed)), **refusals(*_READ)},
    }


def _behind() -> Schema:
    return {
        "operationId": "figures.behind",
        "summary": "List the records behind a number",
        "description": "As many as `cases` says, or with `part` those that hit, or the rest.",
        "parameters": [_CODE, _OF_MONTH, _PRIORITY, _OF, _PART, AFTER_KEY, LIMIT],
        "responses": {
            "200": json("A page.", page(_all(_BEHIND)), Link={"schema": TEXT}),
            **refusals(*_READ),
        },
    }


def _all(members: Schema) -> Schema:
    return closed(members, required=list(members))
