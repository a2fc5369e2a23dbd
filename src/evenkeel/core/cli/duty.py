"""`evenkeel duty TEAM-1 --at 2026-12-24T22:00:00Z`: who is on duty, layer by layer (ISRM-08)."""

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone

from evenkeel.core.cli.do import account
from evenkeel.core.cli.saying import Refused, as_json
from evenkeel.core.directory.duty import Duties
from evenkeel.core.directory.models import Team
from evenkeel.core.people.models import User
from evenkeel.core.records import readable
from evenkeel.core.records.plain import as_plain, moment


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("duty", help="who is on duty, layer by layer")
    parser.add_argument("number", nargs="?", help="of a team; left out: all that have a rota")
    parser.add_argument("--at", help="a moment, e.g. 2026-12-24T22:00:00Z; left out: now")
    parser.add_argument("--as", dest="login", help="only what this account may see")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print a line for each layer: team, layer, who, in whose stead."""
    at = _moment(options.at)
    reader = account(options.login) if options.login else None
    found = [
        {"team": duties.team.number} | layer
        for duties in _teams(options.number, reader)
        for layer in duties.plain(at)
    ]
    if options.json:
        sys.stdout.write(f"{as_json({'at': as_plain(at), 'items': found})}\n")
        return 0
    for one in found:
        sys.stdout.write(f"{one['team']}\t{one['layer']}\t{_who(one)}\n")
    return 0


def _who(one: dict[str, Any]) -> str:
    if one["is_gap"]:
        return "a gap: whoever is named is not there any more"
    stands_in = one["turn_of"] != one["person"]
    return (one["person"] or "nobody") + (f" for {one['turn_of']}" if stands_in else "")


def _teams(number: str | None, reader: User | None) -> Iterator[Duties]:
    """The team, or all that the reader may see; customers see no rota, as on the page."""
    is_staff = reader is None or reader.rights.is_staff
    if number is None:
        seen: Any = Team.objects.visible_to(reader) if reader else Team.objects.all()
        seen = seen.filter(rota__layers__0__isnull=False) if is_staff else seen.none()
        yield from map(Duties, seen.order_by("pk"))
        return
    team = readable.one(Team, number, reader) if is_staff else None
    if team is None:
        raise Refused(f"There is no {number} whose rota you may see.")
    if not team.rota.get("layers"):
        raise Refused(f"{number} has no rota.")
    yield Duties(team)


def _moment(text: str | None) -> datetime:
    if text is None:
        return timezone.now()
    at = moment(text)
    if at is None:
        raise Refused("--at takes a moment with its zone, e.g. 2026-12-24T22:00:00Z.")
    return at
