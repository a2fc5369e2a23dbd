"""From an entry to the notices of it: one for each person who is told and may see it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from evenkeel.core.directory.models import Person
from evenkeel.core.notices import wording
from evenkeel.core.notices.models import Notice
from evenkeel.core.notices.telling import As, named, tell_for
from evenkeel.core.people import manner
from evenkeel.core.people.models import RoleAssignment, RoleType, User
from evenkeel.core.records import readable, visibility
from evenkeel.core.records.entry import Audience, Entry
from evenkeel.core.records.tasks import Watch

COUNTED = 100  # unseen notices
DAILY_AT = 7  # o'clock, in the time zone of the recipient
_WISHES = ("mail_notices", "quiet_from", "quiet_until", "service_notices", "time_zone")
# An entry is told once to each, so that each has one more that is unseen; accounts are held in
# the order of their keys, so that two who write never wait for each other.
_WRITTEN = """
WITH written AS (
    INSERT INTO core_notice (record_id, entry_id, made_at, recipient_id, told_as, mail, mail_due_at,
        mail_tries, mail_fault)
    SELECT %s, %s, %s, told.*, 0, ''
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[]) AS told
    ON CONFLICT DO NOTHING RETURNING recipient_id
), held AS (
    SELECT id FROM core_user WHERE id IN (SELECT recipient_id FROM written)
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE core_user SET unseen_notices = LEAST(unseen_notices + 1, %s)
FROM held WHERE core_user.id = held.id
"""


def spread(entry: Entry, at: datetime) -> list[Notice]:
    """Write the notices of an entry; a second time changes nothing."""
    told = _told(entry)
    new = [
        _notice(user, entry, told[user.pk], wishes, at)
        for user, wishes in _accounts(list(told), at)
        if may_hear(user, entry, told[user.pk]) and _wants(wishes, entry, told[user.pk])
    ]
    if new:
        _write(new, entry, at)
    return new


def may_hear(user: User, entry: Entry, told_as: str) -> bool:
    """May this person be told of the entry now?

    Who was made case owner is told so, and who answers for a service what happens to it, but not
    the entry itself, which may be internal.
    """
    if not user.is_active or user.is_system or entry.actor_id == user.pk:
        return False
    if not readable.may_see(user, entry.record):
        return False
    if entry.audience == Audience.PUBLIC or told_as in {As.NEW_OWNER, As.OF_SERVICE}:
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


def _wants(choice: Person | None, entry: Entry, told_as: str) -> bool:
    """Does whoever answers for the service want to hear of this?"""
    if choice is None or told_as != As.OF_SERVICE:
        return True
    if choice.service_notices == Person.ServiceNotices.GRAVE:
        tell = tell_for(entry, told_as)
        return tell is not None and tell.is_grave
    return choice.service_notices == Person.ServiceNotices.ALL


def mail_due(choice: Person | None, at: datetime) -> datetime | None:
    """When a mail may go out to somebody with these wishes; None is never."""
    if choice is None or choice.mail_notices == Person.MailNotices.AT_ONCE:
        return _after_quiet_hours(choice, at)
    if choice.mail_notices == Person.MailNotices.NEVER:
        return None
    local = _by_their_clock(choice, at)
    morning = local.replace(hour=DAILY_AT, minute=0, second=0, microsecond=0)
    return morning if morning > local else _next_day(morning)


def _after_quiet_hours(choice: Person | None, at: datetime) -> datetime:
    if choice is None or choice.quiet_from is None or choice.quiet_until is None:
        return at
    begin, end = choice.quiet_from, choice.quiet_until
    local = _by_their_clock(choice, at)
    over_night = begin > end
    is_quiet = begin <= local.hour or local.hour < end if over_night else begin <= local.hour < end
    if not is_quiet:
        return at
    over = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return over if over > local else _next_day(over)


def _by_their_clock(choice: Person, at: datetime) -> datetime:
    return manner.of("", choice.time_zone).here(at)


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
    if tell_for(entry, As.OF_SERVICE) and entry.record.service:
        answers_for = (RoleType.SERVICE_OWNER, entry.record.service.number)
        for person in RoleAssignment.objects.holders(entry.at, answers_for):
            told.setdefault(person, As.OF_SERVICE.value)
    return told


def _accounts(keys: list[int], at: datetime) -> Iterator[tuple[User, Person | None]]:
    """Accounts with their rights, and what each wishes of notices; in the order of their keys."""
    columns = User.columns_with_rights("", at)
    rows = User.objects.filter(pk__in=keys).order_by("pk")
    for row in rows.values_list(*columns, *(f"person__{name}" for name in _WISHES)):
        wishes = dict(zip(_WISHES, row[len(columns) :], strict=True))
        user = User.with_rights(row[: len(columns)])
        yield user, Person(**wishes) if wishes["mail_notices"] else None


def _notice(user: User, entry: Entry, told_as: str, choice: Person | None, at: datetime) -> Notice:
    tell = tell_for(entry, told_as)
    due = at if tell and tell.is_urgent else mail_due(choice, at)
    if not (user.email and settings.EMAIL_HOST):
        due = None
    return Notice(
        recipient=user,
        record_id=entry.record_id,
        entry=entry,
        told_as=told_as,
        made_at=at,
        mail=Notice.Mail.WAITING if due else Notice.Mail.NONE,
        mail_due_at=due,
    )


def _write(new: list[Notice], entry: Entry, at: datetime) -> None:
    columns = ("recipient_id", "told_as", "mail", "mail_due_at")
    arrays = [[getattr(notice, column) for notice in new] for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN, [entry.record_id, entry.pk, at, *arrays, COUNTED])
