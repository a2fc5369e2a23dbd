"""The verbs of a team's on-call rota (PR9.3, ISRM-08)."""

from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django.conf import settings
from django.db.models import TextChoices

from evenkeel.core.directory import rota as rotas
from evenkeel.core.directory.actions.team import Someone, action
from evenkeel.core.directory.models import Team
from evenkeel.core.directory.rota import Layer, Rota, StandIn
from evenkeel.core.people.models import User
from evenkeel.core.rules import Asked, Invalid

Given = dict[str, Any]
MOST_LAYERS, LONGEST_TURN, MOST_STAND_INS = 5, 60, 500


class Unit(TextChoices):
    """In what the length of a turn is given."""

    DAYS = "days", "Days"
    WEEKS = "weeks", "Weeks"


Number = Annotated[int, Asked("Layer", "1 is called first; the next, when nobody acknowledges.")]
Reason = Annotated[str, Asked("Reason", long=True)]


@action
def plan_duty(  # noqa: PLR0913  (a layer, and who and when)
    team: Team,
    *,
    by: User,
    at: datetime,
    layer: Number,
    people: Annotated[str, Asked("People in turn", "Their logins, e.g. nils emi.")],
    begins: Annotated[date, Asked("First turn", "Its weekday is that of each hand-over.")],
    hand_over: Annotated[str, Asked("Handed over at", "A time, e.g. 09:00.")] = "09:00",
    length: Annotated[int, Asked("Length of a turn")] = 1,
    unit: Annotated[Unit, Asked("Days or weeks")] = Unit.WEEKS,
    zone: Annotated[str, Asked("Time zone", "E.g. Europe/Oslo; left out: ours.")] = "",
    hours: Annotated[str, Asked("Only in the hours", f"Left out: always. {rotas.HOURS_ARE}")] = "",
) -> Given:
    """Say who of the team is on duty in turn, in a layer of its rota; instead of what was said."""
    rota = rotas.read(team.rota)
    if not 1 <= layer <= min(len(rota.layers) + 1, MOST_LAYERS):
        raise Invalid({"layer": [f"Layers count from 1 without a gap, up to {MOST_LAYERS}."]})
    days = length * (7 if unit == Unit.WEEKS else 1)
    if not 1 <= days <= LONGEST_TURN:
        raise Invalid({"length": [f"A turn takes 1 to {LONGEST_TURN} days."]})
    found = _people(team, people)
    planned = Layer(
        [one.pk for one in found], begins, _minutes(hand_over), days, _zone(zone), _hours(hours)
    )
    rota.layers[layer - 1 : layer] = [planned]
    _keep(team, rota)
    return {"layer": layer, "plan": _said(planned, found)}


@action
def drop_layer(team: Team, *, by: User, at: datetime, layer: Number, reason: Reason) -> Given:
    """Nobody of this layer is called any more; those after it move up."""
    rota = rotas.read(team.rota)
    _is_there(rota, layer)
    del rota.layers[layer - 1]
    rota.stand_ins = [one for one in rota.stand_ins if one.layer != layer]
    for one in rota.stand_ins:
        one.layer -= one.layer > layer
    _keep(team, rota)
    return {"layer": layer, "reason": reason}


@action
def stand_in(  # noqa: PLR0913  (who for whom, and who and when)
    team: Team,
    *,
    by: User,
    at: datetime,
    person: Someone,
    starts: Annotated[datetime, Asked("From")],
    ends: Annotated[datetime, Asked("Until")],
    reason: Reason,
    layer: Number = 1,
    instead_of: Annotated[
        User | None, Asked("Instead of", "Left out: of whoever's turn it is.")
    ] = None,
) -> Given:
    """Let somebody be on duty instead of another for a time: a swap, a holiday."""
    rota = rotas.read(team.rota)
    _is_there(rota, layer)
    if ends <= starts:
        raise Invalid({"ends": ["It ends before it begins."]})
    if ends <= at:
        raise Invalid({"ends": ["That is over; who was on duty then is not changed any more."]})
    if instead_of == person:
        raise Invalid({"instead_of": ["Nobody stands in for themselves."]})
    if instead_of and instead_of.pk not in rota.layers[layer - 1].people:
        raise Invalid({"instead_of": [f"{instead_of} has no turn in layer {layer}."]})
    if len(rota.stand_ins) >= MOST_STAND_INS:  # what is over stands in the entries
        rota.stand_ins = [one for one in rota.stand_ins if one.ends > at]
    _is_member(team, [person], "person")
    key = max((one.key for one in rota.stand_ins), default=0) + 1
    other = instead_of.pk if instead_of else None
    rota.stand_ins.append(StandIn(key, layer, person.pk, starts, ends, reason, other))
    _keep(team, rota)
    return {
        "stand_in": key,
        "layer": layer,
        "who": str(person),
        "instead_of": str(instead_of or "whoever's turn it is"),
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "reason": reason,
    }


@action
def end_stand_in(
    team: Team,
    *,
    by: User,
    at: datetime,
    number: Annotated[int, Asked("Which", "Its number, as the page of the team shows it.")],
    reason: Reason,
) -> Given:
    """Nobody stands in any more: the rota is as it was."""
    rota = rotas.read(team.rota)
    found = next((one for one in rota.stand_ins if one.key == number), None)
    if found is None or found.ends <= at:
        raise Invalid({"number": ["There is no such one that is not over."]})
    if found.starts < at:
        found.ends = at  # what was, stays
    else:
        rota.stand_ins.remove(found)
    _keep(team, rota)
    return {"stand_in": number, "layer": found.layer, "reason": reason}


def _said(layer: Layer, people: list[User]) -> str:
    """What is planned, in words: "Nils, Emi; 2 weeks each, from 5 Jan 2026, 09:00 (UTC)"."""
    count, unit = (layer.days // 7, "week") if layer.days % 7 == 0 else (layer.days, "day")
    turn = f"{count} {unit}{'s' if count > 1 else ''} each"
    begins = f"{layer.begins:%-d %b %Y}, {layer.at // 60:02}:{layer.at % 60:02} ({layer.zone})"
    hours = f"; only {layer.hours}" if layer.hours else ""
    return f"{', '.join(map(str, people))}; {turn}, from {begins}{hours}"


def _keep(team: Team, rota: Rota) -> None:
    team.rota = msgspec.to_builtins(rota)


def _is_there(rota: Rota, layer: int) -> None:
    if not 1 <= layer <= len(rota.layers):
        raise Invalid({"layer": [f"The rota has {len(rota.layers)} layers."]})


def _people(team: Team, logins: str) -> list[User]:
    named = logins.replace(",", " ").split()
    known = {one.username.lower(): one for one in User.objects.filter(username__in=named)}
    if strange := [login for login in named if login.lower() not in known]:
        raise Invalid({"people": [f"There is no account “{', '.join(strange)}”."]})
    found = [known[login.lower()] for login in named]
    if not found:
        raise Invalid({"people": ["Name at least one."]})
    _is_member(team, found, "people")
    return found


def _is_member(team: Team, people: list[User], field: str) -> None:
    members = set(team.memberships.values_list("person_id", flat=True))
    if strange := [one for one in people if one.pk not in members or not one.is_active]:
        raise Invalid({field: [f"{', '.join(map(str, strange))}: no active member of this team."]})


def _minutes(text: str) -> int:
    try:
        found = time.fromisoformat(text.strip())
    except ValueError:
        raise Invalid({"hand_over": ["Give a time, e.g. 09:00."]}) from None
    return found.hour * 60 + found.minute


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name.strip() or settings.TIME_ZONE).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid({"zone": [f"There is no time zone “{name}”."]}) from None


def _hours(text: str) -> str:
    try:
        found = rotas.windows(text)
    except ValueError as wrong:
        raise Invalid({"hours": [str(wrong)]}) from None
    return ", ".join(" ".join(part.split()) for part in text.split(",")) if found else ""
