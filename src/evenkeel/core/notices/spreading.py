"""From an entry to the notices of it: one for each person who is told and may see it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evenkeel.core.directory.models import Person
from evenkeel.core.notices import wording
from evenkeel.core.notices.models import Notice
from evenkeel.core.notices.telling import As, named, tell_for
from evenkeel.core.people.models import User
from evenkeel.core.records import visibility
from evenkeel.core.records.entry import Audience, Entry
from evenkeel.core.records.record import Record
from evenkeel.core.records.tasks import Watch

COUNTED = 100  # unseen notices
DAILY_AT = 7  # o'clock, in the time zone of the installation


def spread(entry: Entry, at: datetime) -> list[Notice]:
    """Write the notices of an entry; a second time changes nothing."""
    told = _told(entry)
    people = User.objects.filter(pk__in=told).in_bulk()
    hear = [user for user in people.values() if may_hear(user, entry, told[user.pk])]
    persons: list[Any] = list(Person.objects.filter(user__in=hear))
    choices = {person.user_id: person for person in persons}
    new = [_notice(user, entry, told[user.pk], choices.get(user.pk), at) for user in hear]
    with transaction.atomic():
        Notice.objects.bulk_create(new, ignore_conflicts=True)
        for user in sorted(hear, key=lambda one: one.pk):
            recount(user)
    return new


def may_hear(user: User, entry: Entry, told_as: str) -> bool:
    """May this person be told of the entry now?

    Who was made case owner is told so, but not the entry itself, which may be internal.
    """
    if not user.is_active or user.is_system or entry.actor_id == user.pk:
        return False
    if not Record.objects.visible_to(user).filter(pk=entry.record_id).exists():
        return False
    if entry.audience == Audience.PUBLIC or told_as == As.NEW_OWNER:
        return True
    return told_as != As.REQUESTER and visibility.is_inside(user, entry.record.of_kind)


def recount(user: User) -> None:
    """Keep the number of unseen notices beside the account, which every page reads anyhow.

    It stops where the bell says "99+": whoever reads no notices must not make the next one dear.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        unseen = wording.of(user).filter(seen_at=None)[:COUNTED].count()
        User.objects.filter(pk=user.pk).update(unseen_notices=unseen)


def mail_due(choice: Person | None, at: datetime) -> datetime | None:
    """When a mail may go out to somebody with these wishes; None is never."""
    if choice is None or choice.mail_notices == Person.MailNotices.AT_ONCE:
        return _after_quiet_hours(choice, at)
    if choice.mail_notices == Person.MailNotices.NEVER:
        return None
    local = timezone.localtime(at)
    morning = local.replace(hour=DAILY_AT, minute=0, second=0, microsecond=0)
    return morning if morning > local else _next_day(morning)


def _after_quiet_hours(choice: Person | None, at: datetime) -> datetime:
    if choice is None or choice.quiet_from is None or choice.quiet_until is None:
        return at
    begin, end = choice.quiet_from, choice.quiet_until
    local = timezone.localtime(at)
    over_night = begin > end
    is_quiet = begin <= local.hour or local.hour < end if over_night else begin <= local.hour < end
    if not is_quiet:
        return at
    over = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return over if over > local else _next_day(over)


def _next_day(moment: datetime) -> datetime:
    """The same time by the clock on the wall, a day later."""
    return moment + timedelta(days=1)


def _told(entry: Entry) -> dict[int, str]:
    told: dict[int, str] = {}
    for person, told_as in named(entry, entry.record):
        told.setdefault(person, told_as.value)
    if tell_for(entry, As.WATCHER):
        for watch in Watch.objects.filter(record_id=entry.record_id):
            told.setdefault(watch.person_id, As.WATCHER.value)
    return told


def _notice(user: User, entry: Entry, told_as: str, choice: Person | None, at: datetime) -> Notice:
    due = mail_due(choice, at) if user.email and settings.EMAIL_HOST else None
    return Notice(
        recipient=user,
        record_id=entry.record_id,
        entry=entry,
        told_as=told_as,
        made_at=at,
        mail=Notice.Mail.WAITING if due else Notice.Mail.NONE,
        mail_due_at=due,
    )
