"""`POST /api/events`: what monitoring reports; `GET` lists what became of it (ISRM-28)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from evenkeel.core.people.models import ApiToken, User
from evenkeel.core.records import readable, visibility
from evenkeel.core.records.entry import Via
from evenkeel.core.records.plain import as_plain, moment
from evenkeel.core.records.record import Record, kinds
from evenkeel.core.rest import lists, once
from evenkeel.core.rest.answers import page, refusals
from evenkeel.core.rest.body import Inputs, json_object
from evenkeel.core.rest.endpoint import Endpoint, answer
from evenkeel.core.rest.operations import LIMIT, json, parameter
from evenkeel.core.rest.problems import Problem
from evenkeel.core.rest.schema import MOMENT, TEXT, WHOLE, Schema, closed
from evenkeel.core.rules import Invalid
from evenkeel.core.rules.action import going_by
from evenkeel.processes.incidents.actions import receiving, storms
from evenkeel.processes.incidents.actions.receiving import Said
from evenkeel.processes.incidents.models import Incident, MonitoringEvent
from evenkeel.processes.incidents.models.monitored import OF_EVENTS, Outcome, Severity, asked

_LENGTHS = {
    "source": 80,
    "key": 200,
    "title": 200,
    "text": 10_000,
    "component": 120,
    "id": 120,
    "service": 120,
    "severity": 12,
    "at": 40,
}
_NEEDED = ("source", "key", "severity", "title")


def receive(request: HttpRequest, user: User) -> HttpResponse:
    """Take an event: 201 for a new one, 200 for one that was sent before."""
    given = json_object(request)
    said = _said(given, user)

    def do_it() -> tuple[HttpResponse, HttpResponse]:
        with going_by(Via.REST):
            event, is_new = receiving.receive(said, by=user, now=timezone.now())
        told = answer(_item(event, user), status=201 if is_new else 200)
        return told, told

    try:
        return once.done(request, user, Inputs(given, {}), do_it)
    except storms.TooMany as refused:
        raise Problem(429, str(refused), headers={"Retry-After": "60"}) from refused


def show(request: HttpRequest, user: User) -> HttpResponse:
    """One page of them, the newest first."""
    if not visibility.is_inside(user, Incident.kind()):
        raise Problem(404, "There are no events for you.")
    params = lists.once_each(request)
    known = (*OF_EVENTS, "limit", "after")
    if unknown := sorted(set(params) - set(known)):
        raise Invalid({name: [f"There are: {', '.join(known)}."] for name in unknown})
    limit = lists.limit_of(params)
    found = list(asked(params, user)[: limit + 1])
    items = [_item(event, user) for event in found[:limit]]
    last = found[limit - 1].pk if found[limit:] else None
    return lists.page("/api/events", {"items": items}, params, last)


def _said(given: Mapping[str, Any], user: User) -> Said:
    errors = {
        **{name: ["It is no part of an event."] for name in given if name not in _LENGTHS},
        **{name: ["It is needed."] for name in _NEEDED if not given.get(name)},
    }
    for name in _LENGTHS.keys() & given.keys() - errors.keys():
        if wrong := _wrong(name, given[name]):
            errors[name] = [wrong]
    if errors:
        raise Invalid(errors)
    texts = {name: (given.get(name) or "").strip() for name in _LENGTHS}
    component = texts["component"]
    return Said(
        texts["source"],
        texts["key"],
        _severity(texts["severity"]),
        texts["title"],
        _moment(texts["at"]),
        texts["text"],
        _service(texts["service"], component, user),
        component,
        texts["id"],
    )


def _wrong(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return "Give a text."
    if "\x00" in value:
        return "It holds a NUL character."
    if name in _NEEDED and not value.strip():
        return "It is needed."
    return f"At most {_LENGTHS[name]} characters." if len(value) > _LENGTHS[name] else ""


def _severity(name: str) -> Severity:
    if name not in Severity.values:
        raise Invalid({"severity": [f"One of: {', '.join(Severity.values)}."]})
    return Severity(name)


def _moment(text: str) -> datetime:
    if not text:
        return timezone.now()
    found = moment(text)
    if found is None:
        raise Invalid({"at": ["Write a moment with its zone: 2026-11-27T13:05:00Z."]})
    return found


def _service(name: str, component: str, user: User) -> Record | None:
    """The service of this number or name; else that of the component."""
    if not name:
        found = receiving.component(component) if component else None
        return found.service if found else None
    model = kinds()["service"]
    seen = model.objects.visible_to(user).filter(is_open=True)
    one = readable.one(model, name.upper(), user) or seen.filter(title__iexact=name).first()
    if not isinstance(one, Record):
        raise Invalid({"service": [f"There is no service “{name}”."]})
    return Record.objects.get(pk=one.pk)


def _item(event: MonitoringEvent, user: User) -> dict[str, Any]:
    """Of what came of a restricted case, whoever may not see that learns nothing."""
    incident = event.incident
    hidden = incident is not None and visibility.hides(user, incident)
    return {
        "source": event.source,
        "key": event.key,
        "severity": str(event.severity),
        "title": None if hidden else event.title,
        "service": event.service.number if event.service else None,
        "component": event.component or None,
        "id": event.outside_id or None,
        "at": as_plain(event.at),
        "received_at": as_plain(event.received_at),
        "outcome": str(event.outcome),
        "incident": incident.number if incident and not hidden else None,
    }


_MAYBE: Schema = {"type": ["string", "null"]}
_SEVERITY: Schema = {"type": "string", "enum": list(Severity.values)}
_ITEM: Schema = {
    "source": TEXT,
    "key": TEXT,
    "severity": _SEVERITY,
    "title": _MAYBE,
    "service": _MAYBE,
    "component": _MAYBE,
    "id": _MAYBE,
    "at": MOMENT,
    "received_at": MOMENT,
    "outcome": {"type": "string", "enum": list(Outcome.values)},
    "incident": _MAYBE,
}


def _texts() -> Schema:
    bounded = {name: {"type": "string", "maxLength": longest} for name, longest in _LENGTHS.items()}
    return bounded | {"severity": _SEVERITY, "at": {"type": "string", "format": "date-time"}}


def paths() -> Schema:
    """What it is in the OpenAPI document."""
    item = closed(_ITEM, required=list(_ITEM))
    return {"/api/events": {"post": _receiving(item), "get": _listing(item)}}


def _receiving(item: Schema) -> Schema:
    wanted = closed(_texts(), required=list(_NEEDED))
    return {
        "operationId": "events.receive",
        "summary": "Report an event of monitoring",
        "description": "Information opens no incident. A warning or a critical event opens one for"
        " each source and key, more of them are counted there, and a recovery is noted. The same"
        " `id` is taken once.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": wanted}}},
        "responses": {
            "201": json("What became of it.", item),
            "200": json("It was sent before.", item),
            **refusals(400, 401, 403, 405, 409, 413, 415, 422, 429),
        },
    }


def _listing(item: Schema) -> Schema:
    after: Schema = WHOLE | {"minimum": 0, "maximum": 10**18 - 1}
    return {
        "operationId": "events.list",
        "summary": "List the events of monitoring, the newest first",
        "parameters": [
            *(parameter("query", name, TEXT) for name in ("source", "key")),
            parameter("query", "severity", _SEVERITY),
            parameter("query", "outcome", _ITEM["outcome"]),
            *(LIMIT, parameter("query", "after", after)),
        ],
        "responses": {
            "200": json("A page.", page(item), Link={"schema": TEXT}),
            **refusals(401, 404, 405, 422),
        },
    }


urlpatterns: list[URLPattern] = [
    path("events", Endpoint(scope=ApiToken.Scope.EVENTS, GET=show, POST=receive)),
]
