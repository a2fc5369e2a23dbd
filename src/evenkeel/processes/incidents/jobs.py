"""What the service desk does when the time has come."""

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from evenkeel.core.jobs.declaring import LONG, every, job
from evenkeel.core.notices import hearing
from evenkeel.core.people.models import User
from evenkeel.core.records.comments import Attachment
from evenkeel.core.records.entry import Audience, Entry, Via
from evenkeel.core.records.record import Record
from evenkeel.core.rules import registry, within
from evenkeel.core.web import pdf
from evenkeel.processes.incidents.actions import (
    announcement,
    closing,
    holding,
    major,
    prepared,
    quality,
    receiving,
    reminding,
    silence,
    trending,
)
from evenkeel.processes.incidents.models import Case, MajorIncidentReview
from evenkeel.processes.incidents.screens import major as major_screens


@every("13 * * * *")
def close_unanswered() -> None:
    """Close what is done and whose user has not answered for so long as the rules allow."""
    closing.close_unanswered()


@every("*/10 * * * *")
def judge_records() -> None:
    """Say how complete the records are that were imported, or written before there were rules."""
    quality.judge_rest()


@every("5 2 * * *", LONG)
def tally_trends() -> None:
    """Count the cases of the months that are over, by what they have in common."""
    trending.tally(timezone.now())


@every("* * * * *")
def tell_missing_coordinators() -> None:
    """Tell the process owner of major incidents that nobody coordinates in time."""
    major.tell_missing(timezone.now())


@every("* * * * *")
def escalate_silence() -> None:
    """Tell the next level of what presses and nobody has acknowledged in time."""
    silence.escalate_all(timezone.now())


@every("* * * * *")
def remind_of_updates() -> None:
    """Remind whoever speaks for a major incident that those concerned wait for word."""
    announcement.remind_all(timezone.now())


@every("* * * * *")
def remind_of_words() -> None:
    """Remind the owners of cases whose users have heard nothing for too long."""
    reminding.of_words(timezone.now())


@every("*/10 * * * *")
def remind_of_tasks() -> None:
    """Remind of tasks that are past their time."""
    reminding.of_tasks(timezone.now())


@every("* * * * *")
def end_holds() -> None:
    """Go on with what has waited for its user for as long as it may; remind of what for others."""
    holding.end_all()


@every("41 * * * *")
def remind_users() -> None:
    """Ask users again for the answer that their case waits for."""
    reminding.of_answers(timezone.now())


@every("29 4 * * *")
def forget_events() -> None:
    """Remove events of monitoring that are older than three months."""
    receiving.forget(timezone.now())


@every("23 5 * * *")
def flag_models() -> None:
    """Flag the models whose day of review has come."""
    prepared.flag_due(timezone.now())


@job
def file_report(review: int) -> None:
    """Attach the report of an approved review to it, once for each approval."""
    found = MajorIncidentReview.objects.get(pk=review)
    there: Any = Attachment.objects.filter(record=review, added_at__gte=found.approved_at)
    name = f"{found.number}.pdf"
    if found.approved_at is None or there.filter(filename=name).exists():
        return
    sms = User.objects.the_sms()
    file = ContentFile(pdf.drawn(major_screens.report(found, sms), found.number), name=name)
    attach = registry["major_reviews.attach"]
    attach(found, by=sms, via=Via.JOB, file=file, audience=Audience.INTERNAL)


def _on_approval(record: Record, entry: Entry) -> None:
    if entry.verb == "major_reviews.approve":
        file_report.defer(review=record.pk)


@job
def call_on_duty(kind: str, case: int) -> None:
    """Call who is on duty for a case that presses, unless that was done meanwhile."""
    found = next(model for model in silence.CASES if model.kind() == kind).objects.get(pk=case)
    silence.tell(found, timezone.now())


def _on_pressing(record: Record, entry: Entry) -> None:
    if not isinstance(record, Case) or entry.via in hearing.SILENT:
        return
    is_new = record.presses_since and not (record.called_layer or record.acknowledged_at)
    if is_new and record.team and record.team.rota:
        call_on_duty.defer(kind=record.of_kind, case=record.pk)


within.append(_on_approval)
within.append(_on_pressing)
