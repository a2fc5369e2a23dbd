"""The answers of the API as schemas: what every kind of record has in common, and the refusals."""

from evenkeel.core.records.entry import Audience, Via
from evenkeel.core.records.links import LinkKind
from evenkeel.core.rest.clocks import CLOCK
from evenkeel.core.rest.problems import MEDIA_TYPE, REASONS
from evenkeel.core.rest.schema import LOGIN, MOMENT, TEXT, WHOLE, Schema, closed

_ADDRESS = {"type": "string", "description": "Where the API has it."}
_NEXT = {"type": ["string", "null"], "description": "Where the next page is; null on the last."}
_MAYBE_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_ANYTHING: Schema = {"type": "object"}
_AUDIENCE = {"type": "string", "enum": [str(value) for value in Audience.values]}


def schemas() -> Schema:
    """The schemas that other schemas cite."""
    return {
        "Problem": _problem(),
        "Done": _all({**_named(), "state": TEXT, "version": WHOLE}, _BESIDE),
        "Entry": _all(_ENTRY),
        "Comment": _all(_COMMENT),
        "Task": _all(_TASK),
        "Link": _all({**_named(), **_LINK}),
        "Attachment": _all(_ATTACHMENT),
        "Clock": CLOCK,
        "Kept": _all({"id": WHOLE, "number": TEXT, "why": TEXT, "url": _ADDRESS}),
        "Hit": _all({**_named(), **_HIT}),
    }


def responses() -> Schema:
    """One response for each status of refusal."""
    content = {MEDIA_TYPE: {"schema": cite("Problem")}}
    headers = {
        401: {"WWW-Authenticate": {"schema": TEXT}},
        405: {"Allow": {"schema": TEXT}},
        412: {"ETag": {"schema": TEXT}},
    }
    return {
        str(status): {
            "description": why,
            "content": content,
            **({"headers": headers[status]} if status in headers else {}),
        }
        for status, why in REASONS.items()
    }


def refusals(*statuses: int) -> Schema:
    """The refusals that an operation can answer with."""
    return {str(s): {"$ref": f"#/components/responses/{s}"} for s in statuses}


def cite(name: str) -> Schema:
    """A schema by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def page(item: Schema, **more: Schema) -> Schema:
    """A page of items."""
    listed = {"items": {"type": "array", "items": item}, "next": _NEXT}
    return closed(listed | more, required=["items", "next"])


def _all(always: Schema, sometimes: Schema | None = None) -> Schema:
    return closed({**always, **(sometimes or {})}, required=list(always))


def _named() -> Schema:
    return {"number": TEXT, "title": TEXT, "url": _ADDRESS}


def _problem() -> Schema:
    said = {"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT}
    wrong = closed({"field": TEXT, "reason": TEXT}, required=["field", "reason"])
    only_412 = {"version": WHOLE, "yours": _ANYTHING, "theirs": _ANYTHING}
    return _all(said, {"errors": {"type": "array", "items": wrong}, **only_412})


_BESIDE: Schema = {
    "told": {
        "type": "string",
        "description": "What is told once, to you alone: the secret of a new token.",
    },
    "remark": {
        "type": "string",
        "description": "What to know of it: who was mentioned and may not read what was said.",
    },
}
_ENTRY: Schema = {
    "position": WHOLE,
    "verb": TEXT,
    "actor": LOGIN,
    "at": MOMENT,
    "written_at": MOMENT,
    "via": {"type": "string", "enum": [str(value) for value in Via.values]},
    "audience": _AUDIENCE,
    "difference": {**_ANYTHING, "description": "Field: what stood there, and what stands now."},
    "given": {**_ANYTHING, "description": "What else the verb was told."},
    "hash": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
_COMMENT: Schema = {
    "id": WHOLE,
    "text": TEXT,
    "audience": _AUDIENCE,
    "said_by": LOGIN,
    "said_at": MOMENT,
    "mentions": {"type": "array", "items": LOGIN, "description": "Who is called by the text."},
}
_STEP = closed(
    {"id": WHOLE, "text": TEXT, "ticked_at": _MAYBE_MOMENT, "ticked_by": LOGIN},
    required=["id", "text", "ticked_at", "ticked_by"],
)
_TASK: Schema = {
    "id": WHOLE,
    "title": TEXT,
    "assigned_to": LOGIN,
    "due_at": _MAYBE_MOMENT,
    "added_at": MOMENT,
    "done_at": _MAYBE_MOMENT,
    "done_by": LOGIN,
    "steps": {"type": "array", "items": _STEP},
}
_LINK: Schema = {
    "id": WHOLE,
    "kind": {"type": "string", "enum": [str(value) for value in LinkKind.values]},
    "sense": {"type": "string", "description": "The kind in words, from this record to that."},
    "state": TEXT,
    "made_at": MOMENT,
}
_ATTACHMENT: Schema = {
    "id": WHOLE,
    "filename": TEXT,
    "media_type": TEXT,
    "audience": _AUDIENCE,
    "size": {"type": "integer", "description": "In bytes."},
    "sha256": TEXT,
    "unread": {"type": "string", "description": "Why the search does not find its text, if so."},
    "comment": {"type": ["integer", "null"]},
    "added_by": LOGIN,
    "added_at": MOMENT,
    "url": _ADDRESS,
}
_PIECES: Schema = {
    "type": "array",
    "description": "The text in pieces; those that were looked for are marked.",
    "items": _all({"text": TEXT, "is_marked": {"type": "boolean"}}),
}
_HIT: Schema = {
    "kind": TEXT,
    "state": TEXT,
    "priority": {"type": ["integer", "null"]},
    "recorded_at": MOMENT,
    "title_pieces": _PIECES,
    "text_pieces": _PIECES,
    "is_near": {"type": "boolean", "description": "Found by words only like those asked for."},
}
