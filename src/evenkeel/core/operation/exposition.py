"""All figures as Prometheus reads them (text format 0.0.4). None of them is of a person."""

from collections.abc import Iterable, Iterator
from importlib.metadata import version

from evenkeel.core.operation import requests, standing
from evenkeel.core.operation.counters import BOUNDS

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[str, float]


def text() -> str:
    """Every figure, with what it means."""
    return "\n".join([*_requests(), *_work(), *_machine(), ""])


def _requests() -> Iterator[str]:
    counted = list(requests.counted())
    yield from _family(
        "evenkeel_requests_total",
        "counter",
        "Requests answered by this web server, by the room that answered and by status.",
        (
            (f'{{room="{room}",status="{status}"}}', many)
            for room, of_room in counted
            for status, many in of_room.by_status.items()
        ),
    )
    yield "# HELP evenkeel_request_seconds How long until the answer began."
    yield "# TYPE evenkeel_request_seconds histogram"
    for room, of_room in counted:
        upto = 0
        for bound, many in zip([*BOUNDS, "+Inf"], of_room.by_time, strict=True):
            upto += many
            yield f'evenkeel_request_seconds_bucket{{room="{room}",le="{bound}"}} {upto}'
        yield f'evenkeel_request_seconds_sum{{room="{room}"}} {of_room.seconds:.6f}'
        yield f'evenkeel_request_seconds_count{{room="{room}"}} {upto}'


def _work() -> Iterator[str]:
    jobs, workers = standing.jobs(), standing.workers()
    states = {"queued": jobs.queued, "running": jobs.running, "failed": jobs.failed}
    labelled = ((f'{{state="{state}"}}', many) for state, many in states.items())
    yield from _family("evenkeel_jobs", "gauge", "Jobs that are not done.", labelled)
    mails, late = standing.mails(), standing.thresholds()
    yield from _one("evenkeel_job_oldest_seconds", "A due job has waited so long.", jobs.oldest)
    yield from _one("evenkeel_workers", "Workers with signs of life.", workers.alive)
    silent = workers.silent_for
    yield from _one("evenkeel_worker_silent_seconds", "Since the last sign of any worker.", silent)
    yield from _one("evenkeel_notices_waiting", "Notices that wait for e-mail.", mails.many)
    yield from _one("evenkeel_notice_oldest_seconds", "One is so long past its time.", mails.oldest)
    yield from _one("evenkeel_thresholds_late", "Thresholds of targets passed untold.", late.many)
    yield from _one("evenkeel_threshold_oldest_seconds", "One is so long untold.", late.oldest)
    age = standing.backup_age()
    seconds = age.total_seconds() if age else None
    yield from _one("evenkeel_backup_age_seconds", "Age of the last good backup.", seconds)


def _machine() -> Iterator[str]:
    free = standing.free_space()
    yield from _one("evenkeel_attachments_free_bytes", "Room left for attachments.", free)
    processes = requests.counters.processes() if requests.counters else iter(())
    held = ((pid, standing.memory(pid)) for pid in processes)
    yield from _family(
        "evenkeel_process_memory_bytes",
        "gauge",
        "Memory of each process of the web server; what they share is in each.",
        ((f'{{process="{pid}"}}', size) for pid, size in held if size is not None),
    )
    info = f'{{version="{version("evenkeel")}"}}'
    yield from _family("evenkeel_info", "gauge", "Which version runs.", [(info, 1)])


def _one(name: str, help_text: str, value: float | None) -> Iterator[str]:
    """A figure without labels; one that is not known is not told, rather than told wrong."""
    return _family(name, "gauge", help_text, [] if value is None else [("", value)])


def _family(name: str, kind: str, help_text: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        yield f"{name}{labels} {value:.6f}".removesuffix(".000000")
