"""`evenkeel clocks`: prove the arithmetic of targets, and try targets out on what is done."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from django.utils import timezone

from evenkeel.core.cli.listing import filters_of
from evenkeel.core.cli.saying import Refused
from evenkeel.core.clocks import declaring, proving, studying, targets
from evenkeel.core.clocks.calendar import Calendar, Unclear
from evenkeel.core.clocks.hours import Hours
from evenkeel.core.clocks.studying import Plan, Verdict
from evenkeel.core.records.record import collections


def add_to(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("clocks", help="prove the arithmetic of targets, or study targets")
    parser.add_argument("what", choices=["prove", "study"])
    parser.add_argument("given", nargs="*", help="prove: how many; study: collection, field=value")
    parser.add_argument("--seed", type=int, help="prove: repeat the run that named it")
    parser.add_argument("--targets", default="", help="“P1: resolution 4 h; P2: resolution 8 h”")
    parser.add_argument("--hours", default="24x7", help="“Mon-Fri 08:00-18:00”")
    parser.add_argument("--zone", default="UTC", help="of the hours")
    parser.add_argument("--wall", metavar="ZONE", help="count what clocks there showed, in no zone")
    parser.add_argument("--since", type=datetime.fromisoformat, help="recorded then or later")
    parser.add_argument("--json", action="store_true", help="a line for each case, with its steps")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Prove or study, whichever was asked for."""
    return run_prove(options) if options.what == "prove" else run_study(options)


def run_prove(options: argparse.Namespace) -> int:
    """Compare random histories; 1 where any disagrees."""
    seed = time.time_ns() % 1_000_000_000 if options.seed is None else options.seed
    count, faults = _count(options.given), 0
    for done, found in proving.prove(count, seed):
        faults += len(found)
        for fault in found[:3]:
            sys.stdout.write(f"{fault}\n")
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done} of {count} histories")
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    said = f"{count:,} histories (seed {seed}): "
    agree = "the engine and a clock on every minute agree on all of them."
    sys.stdout.write(f"{said}{f'{faults} disagreements.' if faults else agree}\n")
    return 1 if faults else 0


def _count(given: list[str]) -> int:
    count = given[0] if given else "10000"
    if len(given) > 1 or not (count.isdecimal() and int(count)):
        raise Refused("Name how many histories are compared: evenkeel clocks prove 10000.")
    return int(count)


def run_study(options: argparse.Namespace) -> int:
    """Print what would have been kept, by kind of target and priority."""
    collection, *filters = options.given or [""]
    model = collections().get(collection)
    measures = [one for one in declaring.of(model.kind() if model else "") if one.until]
    if model is None or not measures:
        raise Refused(f"“{collection}” have no targets that a study could try out.")
    records = model.objects.filter(**filters_of(model, None, filters))
    if options.since:
        zone = ZoneInfo(options.wall or options.zone)
        records = records.filter(recorded_at__gte=timezone.make_aware(options.since, zone))
    for measure in measures:
        plan = _plan(options, measure)
        _print(studying.verdicts(records, plan), plan, as_json=options.json)
    return 0


def _plan(options: argparse.Namespace, measure: declaring.Measure) -> Plan:
    zones = {options.zone, options.wall or "UTC"}
    if unknown := zones - available_timezones():
        raise Refused(f"“{unknown.pop()}” is no time zone; one is “Europe/Amsterdam”.")
    calendar = Calendar("Study", options.hours, options.zone)
    if faults := calendar.faults():
        raise Refused(faults[0])
    try:
        within = targets.read(options.targets.replace(";", "\n"))
    except Unclear as unclear:
        raise Refused(str(unclear)) from unclear
    return Plan(measure, within, Hours(calendar), ZoneInfo(options.wall) if options.wall else None)


def _print(found: Iterable[Verdict], plan: Plan, *, as_json: bool) -> None:
    cases: Counter[int] = Counter()
    breached: Counter[int] = Counter()
    for one in found:
        cases[one.priority] += 1
        breached[one.priority] += one.is_breached
        if as_json:
            sys.stdout.write(f"{msgspec.json.encode(_as_dict(one, plan)).decode()}\n")
    if as_json:
        return
    for priority in sorted(cases):
        _say(f"P{priority} {plan.measure.kind}", breached[priority], cases[priority])
    _say(f"All {plan.measure.kind}", breached.total(), cases.total())


def _say(what: str, breached: int, cases: int) -> None:
    share = f" ({100 * breached / cases:.1f} %)" if cases else ""
    sys.stdout.write(f"{what}: {breached} of {cases} breached{share}\n")


def _as_dict(one: Verdict, plan: Plan) -> dict[str, Any]:
    return {
        "number": one.number,
        "priority": one.priority,
        "target": one.target,
        "elapsed": one.reading.elapsed,
        "breached": one.is_breached,
        "steps": one.steps(plan.hours),
    }
