"""The operations on views, as the API describes them."""

from evenkeel.core.rest.answers import refusals
from evenkeel.core.rest.operations import ONCE, json, parameter
from evenkeel.core.rest.schema import TEXT, WHOLE, Schema, closed
from evenkeel.core.web.screen import screens

_ITEM: Schema = {
    "id": WHOLE,
    "title": TEXT,
    "collection": TEXT,
    "owner": TEXT,
    "shown_to": TEXT | {"description": "own, all, or the number of a team."},
    "is_first": {"type": "boolean", "description": "Whether you begin the list with it."},
    "query": TEXT | {"description": "The state of the list: filters, sort and columns."},
    "url": TEXT | {"description": "The list in the state of the view."},
}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_EDITED: Schema = {
    "title": _MAYBE_TEXT,
    "shown_to": _MAYBE_TEXT | {"description": "own, all, or the number of a team of yours."},
    "query": _MAYBE_TEXT
    | {"description": "As in the address of the list: state=new&sort=priority"},
    "is_first": {"type": ["boolean", "null"]},
}
_KEY = parameter("path", "key", WHOLE | {"minimum": 0, "maximum": 10**18 - 1}, required=True)


def paths() -> Schema:
    """Reading, keeping, editing and removing."""
    return {
        "/api/views": {"get": _reading(), "post": _adding()},
        "/api/views/{key}": {"post": _editing(), "delete": _removing()},
    }


def _reading() -> Schema:
    named = {"type": "string", "enum": sorted(screens)}
    items = {"type": "array", "items": _one()}
    return {
        "operationId": "views",
        "summary": "Views of lists: your own, those of your teams, and those for everybody",
        "parameters": [parameter("query", "collection", named)],
        "responses": {
            "200": json("The views.", closed({"items": items}, required=["items"])),
            **refusals(401, 405, 422),
        },
    }


def _adding() -> Schema:
    named: Schema = {"collection": {"type": "string", "enum": sorted(screens)}}
    fields = named | _EDITED | {"title": {"type": "string", "minLength": 1, "maxLength": 80}}
    return {
        "operationId": "views.add",
        "summary": "Keep a view of a list",
        "parameters": [ONCE],
        "requestBody": _body(closed(fields, required=["collection", "title"])),
        "responses": {
            "201": json("The view.", _one()) | {"headers": {"Location": {"schema": TEXT}}},
            **refusals(400, 401, 403, 405, 409, 413, 415, 422),
        },
    }


def _editing() -> Schema:
    return {
        "operationId": "views.edit",
        "summary": "Edit a view: its name, audience or state, or whether you begin with it",
        "parameters": [_KEY, ONCE],
        "requestBody": _body(closed(_EDITED, required=[])),
        "responses": {
            "200": json("The view.", _one()),
            **refusals(400, 401, 403, 404, 405, 409, 413, 415, 422),
        },
    }


def _removing() -> Schema:
    return {
        "operationId": "views.remove",
        "summary": "Remove a view; the records are what they were",
        "parameters": [_KEY],
        "responses": {
            "204": {"description": "It is gone."},
            **refusals(401, 403, 404, 405),
        },
    }


def _one() -> Schema:
    return closed(_ITEM, required=list(_ITEM))


def _body(schema: Schema) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": schema}}}
