"""The operations of the OpenAPI document: one for each thing that an address answers to."""

from collections.abc import Iterator

from evenkeel.core.rest import body, lists, once, schema, searching
from evenkeel.core.rest.answers import cite, page, refusals
from evenkeel.core.rest.records import fields, parts_of
from evenkeel.core.rest.schema import TEXT, WHOLE, Schema
from evenkeel.core.rules import Action
from evenkeel.core.web import place
from evenkeel.core.web.screen import Screen

_ITEM = {"entries": "Entry", "comments": "Comment", "tasks": "Task", "links": "Link"}
_ITEM |= {"attachments": "Attachment", "clocks": "Clock", "kept": "Kept"}
_READ = (401, 404, 405)
_ETAG = {"ETag": {"schema": TEXT, "description": "The version, for If-Match."}}


def index() -> Schema:
    """What there is."""
    said = {"title": TEXT, "version": TEXT, "openapi": TEXT, "collections": {"type": "object"}}
    answered = schema.closed(said, required=list(said))
    return {
        "operationId": "index",
        "summary": "What there is, and where it is described",
        "security": [],
        "responses": {"200": json("The collections.", answered)},
    }


def listing(screen: Screen) -> Schema:
    """The list of a collection."""
    name = screen.model.collection
    item = {"number": TEXT, **schema.item(screen, (*fields(screen), "edited_at")), "url": TEXT}
    answered = page(schema.closed(item, required=["number", "url"]), count=WHOLE)
    return {
        "operationId": f"{name}.list",
        "tags": [name],
        "summary": f"List {name.replace('_', ' ')}",
        "description": "Only what you may see. The fields are the columns of the page; choose "
        "others with `columns`.",
        "parameters": [*_filters(screen), *_steering()],
        "responses": {
            "200": json("A page.", answered, Link={"schema": TEXT}),
            **refusals(*_READ, 422),
        },
    }


def search() -> Schema:
    """What is found over all kinds."""
    return {
        "operationId": "search",
        "summary": "Find records of every kind by their words",
        "description": "Only what you may see. Words, phrases and operators as on the search page.",
        "parameters": [
            parameter("query", "q", TEXT | {"minLength": 1}, required=True),
            LIMIT,
            parameter("query", "after", {"type": "string", "pattern": f"^{searching.AFTER}$"}),
        ],
        "responses": {
            "200": json("A page.", page(cite("Hit")), Link={"schema": TEXT}),
            **refusals(*_READ, 422),
        },
    }


def one(screen: Screen) -> Schema:
    """A record."""
    name = screen.model.collection
    always = {
        "number": TEXT,
        "version": WHOLE,
        "url": TEXT,
        "may": {"type": "array", "items": TEXT, "description": "What you may do to it now."},
        "may_not": {"type": "object", "description": "What not, and why."},
        "parts": {"type": "object", "additionalProperties": TEXT},
    }
    answered = schema.closed(schema.item(screen, fields(screen)) | always, required=list(always))
    return {
        "operationId": f"{name}.show",
        "tags": [name],
        "summary": f"Show one of {name.replace('_', ' ')}",
        "parameters": [NUMBER],
        "responses": {
            "200": json("The record.", answered) | {"headers": _ETAG},
            **refusals(*_READ),
        },
    }


def parts(screen: Screen) -> Iterator[tuple[str, Schema]]:
    """What hangs off a record."""
    name = screen.model.collection
    for part in parts_of(screen.model.kind()):
        yield (
            part,
            {
                "operationId": f"{name}.{part}",
                "tags": [name],
                "summary": f"Its {part}, oldest first",
                "parameters": [NUMBER, AFTER_KEY, LIMIT],
                "responses": {
                    "200": json("A page.", page(cite(_ITEM[part])), Link={"schema": TEXT}),
                    **refusals(*_READ, 422),
                },
            },
        )


def file() -> Schema:
    """The bytes of an attachment."""
    bytes_ = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "operationId": "attachment",
        "summary": "The bytes of a file",
        "parameters": [parameter("path", "key", WHOLE | {"minimum": 0}, required=True)],
        "responses": {
            "200": {"description": "The file, to be saved.", "content": bytes_},
            **refusals(*_READ),
        },
    }


def verb(action: Action) -> Schema:
    """A verb, with the words of its function."""
    name = action.model.collection
    done = "201" if action.creates else "200"
    parameters = [ONCE] if action.creates else [NUMBER, _IF_MATCH, ONCE]
    location = {"Location": {"schema": TEXT}} if action.creates else {}
    answered = json("Done.", cite("Done")) | {"headers": _ETAG | location}
    refused = (400, 401, 403, 405, 409, 413, 415, 422) + (() if action.creates else (404, 412))
    return {
        "operationId": action.name,
        "tags": [name],
        "summary": action.verb.replace("_", " ").capitalize(),
        "description": f"{action.help}\n\nWho: {action.who.label}.",
        "parameters": parameters,
        "requestBody": {
            "required": any(f.required for f in action.form_class.base_fields.values()),
            "content": {
                kind: {"schema": schema.inputs(action, kind)} for kind in body.media_types(action)
            },
        },
        "responses": {done: answered, **refusals(*sorted(refused))},
    }


def _filters(screen: Screen) -> Iterator[Schema]:
    for name in (*screen.filters, "is_open"):
        title = screen.model.label(name)
        said = f"{title}: a value, several with commas between them, or none."
        yield parameter("query", name, TEXT, description=said)
    said = "Words, phrases and operators, as in the search field of the list."
    yield parameter("query", "q", TEXT, description=said)


def _steering() -> Iterator[Schema]:
    yield parameter("query", "sort", {"type": "string", "enum": list(place.SORTS)})
    said = "Fields, with commas between them, in place of the usual columns."
    yield parameter("query", "columns", TEXT, description=said)
    yield LIMIT
    yield parameter("query", "after", TEXT, description="Take it from `next`.")
    said = "Whether to count all that match."
    yield parameter("query", "count", {"type": "string", "enum": ["yes", "no"]}, description=said)


def parameter(where: str, name: str, schema: Schema, **more: object) -> Schema:
    """One parameter of an operation."""
    return {"in": where, "name": name, "schema": schema, **more}


def json(description: str, schema: Schema, **headers: Schema) -> Schema:
    """An answer in JSON."""
    content = {"application/json": {"schema": schema}}
    made: Schema = {"description": description, "content": content}
    return made | ({"headers": headers} if headers else {})


NUMBER = parameter(
    "path", "number", {"type": "string", "pattern": "^[A-Z]{2,8}-[0-9]{1,12}$"}, required=True
)
LIMIT = parameter(
    "query", "limit", WHOLE | {"minimum": 1, "maximum": lists.MOST, "default": lists.USUAL}
)
AFTER_KEY = parameter("query", "after", WHOLE | {"minimum": 0, "maximum": 10**18 - 1})
_IF_MATCH = parameter(
    "header",
    "If-Match",
    {"type": "string", "pattern": r'^("[0-9]{1,9}"|\*)$'},
    description="The version that was read, as its ETag; refused if it is another by now.",
)
ONCE = parameter(
    "header",
    once.HEADER,
    {"type": "string", "pattern": once.PATTERN},
    description="A name of your choice for this request; sent again, it is not done again.",
)
