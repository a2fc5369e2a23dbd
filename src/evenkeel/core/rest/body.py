"""What a request brings: the inputs of a verb as JSON, or as a form where there is a file."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from django import forms
from django.http import HttpRequest

from evenkeel.core.rest import spelling
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rules import Action, Invalid

JSON, FORM = "application/json", "multipart/form-data"
_MANY = "Give it once."


class Inputs(NamedTuple):
    """What a verb is given: its inputs as they came, and the files among them."""

    values: Mapping[str, Any]
    files: Mapping[str, Any]


def read(request: HttpRequest, action: Action) -> Inputs:
    """The inputs and the files for a verb, each of the type that its form asks for.

    Raises Problem for what cannot be read, Invalid for what the verb does not take.
    """
    fields = action.form_class.base_fields
    if request.content_type == FORM:
        return _form(request, fields)
    if request.content_type not in {JSON, ""}:
        raise Problem(415, f"Send {' or '.join(media_types(action))}.")
    return Inputs(_json(request.body, fields), {})


def media_types(action: Action) -> list[str]:
    """The forms of body that make sense for a verb."""
    files = [f for f in action.form_class.base_fields.values() if isinstance(f, forms.FileField)]
    if any(field.required for field in files):
        return [FORM]
    return [JSON, FORM] if files else [JSON]


def members(request: HttpRequest, names: Sequence[str]) -> dict[str, Any]:
    """A body that is a JSON object with these members, or some of them. Raises as `read` does."""
    given = json_object(request)
    _known(given, names)
    return given


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The members of a JSON object that is no verb's. Raises as `read` does."""
    if request.content_type not in {JSON, ""}:
        raise Problem(415, f"Send {JSON}.")
    return _decoded(request.body)


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        given = msgspec.json.decode(body) if body else {}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as unreadable:
        raise Problem(400, f"The body is no JSON: {unreadable}.") from unreadable
    if not isinstance(given, dict):
        raise Invalid({"": ["The body is a JSON object whose members are the inputs."]})
    return given


def _json(body: bytes, fields: Mapping[str, forms.Field]) -> dict[str, Any]:
    return checked(_decoded(body), fields)


def checked(given: dict[str, Any], fields: Mapping[str, forms.Field]) -> dict[str, Any]:
    """The inputs of a verb, each of the type that its form asks for. Raises Invalid."""
    _known(given, fields)
    wrong = {
        name: [spelt.asks]
        for name, value in given.items()
        if value is not None and not (spelt := spelling.of(fields[name])).takes(value)
    }
    if wrong:
        raise Invalid(wrong)
    return given


def _form(request: HttpRequest, fields: Mapping[str, forms.Field]) -> Inputs:
    _known({*request.POST, *request.FILES}, fields)
    several = [name for name in request.POST if len(request.POST.getlist(name)) > 1]
    several += [name for name in request.FILES if len(request.FILES.getlist(name)) > 1]
    if several:
        raise Invalid({name: [_MANY] for name in several})
    return Inputs(request.POST.dict(), request.FILES.dict())


def _known(names: Any, fields: Collection[str]) -> None:
    if unknown := [name for name in names if name not in fields]:
        taken = ", ".join(fields) or "nothing"
        raise Invalid({name: [f"It is no input here; what is taken: {taken}."] for name in unknown})
