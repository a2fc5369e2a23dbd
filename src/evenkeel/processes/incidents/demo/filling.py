"""Three months of work: finished histories in bulk, and the open work of today."""

from collections.abc import Sequence
from datetime import datetime

from evenkeel.core.demo.rehearsal import Rehearsal, write
from evenkeel.core.people.models import User
from evenkeel.core.records.entry import Via
from evenkeel.core.records.record import Record
from evenkeel.processes.incidents.actions import holding, reminding
from evenkeel.processes.incidents.demo import (
    alike,
    confided,
    contacts,
    extras,
    monitored,
    orders,
    prepared,
    views,
)
from evenkeel.processes.incidents.demo.cast import Cast
from evenkeel.processes.incidents.demo.histories import History, Today
from evenkeel.processes.incidents.demo.live import Live
from evenkeel.processes.incidents.demo.major import first_minute, major, major_of_today
from evenkeel.processes.incidents.demo.paths import acknowledge, approve_paths
from evenkeel.processes.incidents.demo.pressing import press
from evenkeel.processes.incidents.demo.troubles import TROUBLES, Trouble
from evenkeel.processes.incidents.demo.wishes import REQUESTS, Request

INCIDENTS, SERVICE_REQUESTS = 258, 166
# State -> how many cases stand there today, and how many working minutes ago the latest began.
OPEN = {
    "new": (4, 12),
    "classified": (4, 150),
    "in_progress": (11, 400),
    "on_hold": (7, 900),
    "done": (4, 1300),  # resolved or fulfilled, waiting for the user
}
OLD = (14_880, 17_310, 19_555)  # working minutes ago: what has been on hold for more than a month
# Impact and urgency, from the gravest; the matrix gives every priority.
LEVELS = ((3, 3), (2, 2), (4, 4), (3, 2), (1, 2), (4, 3), (3, 3), (2, 3))
Told = tuple[int, Rehearsal]


def fill(people: dict[str, User], now: datetime) -> None:
    """Record the cases of the last three months as they stand at the moment."""
    cast = Cast.gather(people, now)
    prepared.prepare(cast, now)
    orders.offer(cast, now)
    incidents = _finished(cast, TROUBLES, INCIDENTS) + _open(cast, TROUBLES)
    turn = first_minute(cast)
    before = [told for told in incidents if told[0] < turn]
    _write(before, now)
    major(cast)
    _write([told for told in incidents if told[0] >= turn], now)
    major_of_today(cast)
    _write(_finished(cast, REQUESTS, SERVICE_REQUESTS) + _open(cast, REQUESTS), now)
    orders.fill(cast)
    contacts.fill(cast, [rehearsal.record for _, rehearsal in incidents])
    extras.fill(cast)
    confided.fill(cast)
    monitored.report(cast)
    press(cast)
    alike.report(cast)
    approve_paths(cast)
    _tell_the_rest(cast)
    acknowledge(now)
    holding.end_all(now, Via.DEMO)
    reminding.remind_all(now, Via.DEMO)
    views.keep(people)


def _tell_the_rest(cast: Cast) -> None:
    """What was worked verb by verb passed thresholds, too; the first job finds nothing late."""
    now = cast.time.now
    late = Record.objects.filter(clocks__next_at__lte=now).distinct()
    for record in late.order_by("pk"):
        Live(cast, record.in_full(), 0).tell_by(now)


def _finished(cast: Cast, sorts: Sequence[Trouble | Request], count: int) -> list[Told]:
    weights = [sort.weight for sort in sorts]
    chosen = cast.chance.choices(sorts, weights, k=count)
    minutes = cast.time.arrivals(count, cast.chance)
    return [
        (minute, History(cast, about, minute).tell())
        for minute, about in zip(minutes, chosen, strict=False)
    ]


def _open(cast: Cast, sorts: Sequence[Trouble | Request]) -> list[Told]:
    """The work of today: every state, so that nobody's page is blank."""
    told, place = [], 0
    for state, (count, ago) in OPEN.items():
        for number in range(count):
            about = sorts[place % len(sorts)]
            minute = max(0, cast.time.until - ago - number * (ago // 3))
            today = Today(state, *LEVELS[place % len(LEVELS)])
            history = History(cast, about, minute, today)
            told.append((minute, history.tell()))
            place += 1
    for number, ago in enumerate(OLD):
        minute = max(0, cast.time.until - ago)
        old = History(cast, sorts[number], minute, Today("on_hold", 4, 4))
        told.append((minute, old.tell()))
    return told


def _write(told: list[Told], now: datetime) -> None:
    """In the order in which they came in, so that numbers grow with time."""
    write([rehearsal for _, rehearsal in sorted(told, key=lambda one: one[0])], now)
