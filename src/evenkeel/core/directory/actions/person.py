"""The verbs of a person: the account to sign in with, and the end of it."""

from datetime import datetime
from typing import Annotated, Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from evenkeel.core.directory import belongings, lifecycle, permissions
from evenkeel.core.directory.actions import role
from evenkeel.core.directory.models import Person, Role
from evenkeel.core.people import manner, sessions
from evenkeel.core.people.models import ApiToken, TeamMembership, User
from evenkeel.core.records.entry import Via
from evenkeel.core.rules import Actions, Asked, Invalid

Given = dict[str, Any]
Login = Annotated[str, Asked("Login", "What they sign in with; it stays.", max_length=80)]
Reason = Annotated[str, Asked("Reason", long=True)]

action = Actions(
    Person,
    lifecycle.PERSON,
    permissions.PERSON,
    visible=permissions.PEOPLE_VISIBLE,
    inside=permissions.INSIDE,
)


@action(fields=True)
def record(person: Person, *, by: User, at: datetime, login: Login) -> Given:
    """Take someone into the directory, with an account that cannot sign in before a password."""
    _belongs_somewhere(person)
    account = User(username=login.strip(), recorded_at=at)
    account.set_unusable_password()
    try:
        account.clean_fields(exclude=["password"])
        account.validate_constraints()
        account.validate_unique()
    except ValidationError as refused:
        raise Invalid({"login": ["This login is taken, or is none."]}) from refused
    account.save()
    person.user = person.requester = account
    _copy_to_account(person)
    return {"login": account.username}


@action(fields=True)
def edit(person: Person, *, by: User, at: datetime) -> None:
    """Correct or complete what is known of them."""
    _belongs_somewhere(person)
    _copy_to_account(person)


@action
def set_password(
    person: Person,
    *,
    by: User,
    at: datetime,
    password: Annotated[str, Asked("Password", "They change it after signing in.", secret=True)],
) -> Given:
    """Let them sign in with this password; only its hash is kept, and nothing of it here."""
    try:
        validate_password(password, person.user)
    except ValidationError as refused:
        raise Invalid({"password": list(refused.messages)}) from refused
    person.user.set_password(password)
    person.user.save(update_fields=["password"])
    sessions.end(person.user)
    return {"password": "set"}


@action
def invite(person: Person, *, by: User, at: datetime) -> Given:
    """Send them a mail with a link by which they choose a password; it works once."""
    if not person.email:
        raise Invalid({"": ["No e-mail address is known of them; add it first."]})
    if not settings.EMAIL_HOST:
        raise Invalid({"": ["This installation sends no e-mail; set a password instead."]})
    return {"sent_to": person.email}


@action
def forget_second_proof(person: Person, *, by: User, at: datetime, reason: Reason) -> Given:
    """They lost their telephone, keys and recovery codes: the password alone lets them in again."""
    if person.user == by:
        raise Invalid({"": ["Take your own proofs away on the page of your sessions."]})
    forgotten = Authenticator.objects.filter(user=person.user)
    kinds = sorted(forgotten.values_list("type", flat=True))
    if not kinds:
        raise Invalid({"": ["They have no second proof."]})
    forgotten.delete()
    sessions.end(person.user)
    return {"reason": reason, "forgotten": kinds}


def hours() -> list[tuple[int, str]]:
    """The hours of a day by the clock."""
    return [(hour, f"{hour:02}:00") for hour in range(24)]


@action
def choose_notices(
    person: Person,
    *,
    by: User,
    at: datetime,
    mail_notices: Annotated[
        Person.MailNotices,
        Asked("Notices by e-mail", "On the page you see them always, and at once."),
    ],
    quiet_from: Annotated[
        int | None, Asked("No e-mail from", "What comes in between waits.", choices=hours)
    ] = None,
    quiet_until: Annotated[int | None, Asked("No e-mail until", choices=hours)] = None,
) -> None:
    """Choose when notices come by e-mail."""
    if (quiet_from is None) != (quiet_until is None):
        raise Invalid({"quiet_until": ["Name both hours, or neither."]})
    if quiet_from is not None and quiet_from == quiet_until:
        raise Invalid({"quiet_until": ["It begins and ends at the same hour; choose two."]})
    person.mail_notices = mail_notices
    person.quiet_from, person.quiet_until = quiet_from, quiet_until


@action
def choose_service_notices(
    person: Person,
    *,
    by: User,
    at: datetime,
    service_notices: Annotated[
        Person.ServiceNotices, Asked("Notices of cases of the services that you own")
    ],
) -> None:
    """Choose of which cases of one's services one hears without watching them."""
    person.service_notices = service_notices


@action
def choose_manner(
    person: Person,
    *,
    by: User,
    at: datetime,
    language: Annotated[
        str, Asked("Language", "How days and times are written.", choices=lambda: _LANGUAGES)
    ] = "",
    time_zone: Annotated[
        str, Asked("Time zone", "By its clock you read and type moments.", choices=manner.zones)
    ] = "",
    theme: Annotated[str, Asked("Colours", choices=lambda: _THEMES)] = "",
) -> None:
    """Choose how one reads: what is left out is as the installation or the browser has it."""
    person.language, person.time_zone, person.theme = language, time_zone, theme
    account = person.user
    account.language, account.time_zone, account.theme = language, time_zone, theme
    account.save(update_fields=["language", "time_zone", "theme"])


_LANGUAGES, _THEMES = manner.Language.choices, manner.Theme.choices


@action
def suspend(person: Person, *, by: User, at: datetime, reason: Reason) -> Given:
    """They may not sign in: their rights end this moment, and their tokens for good."""
    return {"reason": reason, "tokens": _shut_out(person, by, at)}


@action
def admit(person: Person, *, by: User, at: datetime) -> None:
    """They may sign in again, with the roles they hold; tokens are issued anew."""
    person.user.is_active = True
    person.user.save(update_fields=["is_active"])


@action
def retire(person: Person, *, by: User, at: datetime, reason: Reason) -> Given:
    """They have left: their roles and their places in teams end, and they may not sign in."""
    if numbers := belongings.of(person.user, at).numbers:
        first, more = ", ".join(numbers[:5]), len(numbers) - 5
        rest = f" and {more} more" if more > 0 else ""
        raise Invalid({"": [f"{first}{rest} are still theirs; hand them over first."]})
    for held in Role.objects.filter(
        pk__in=person.user.assignments.not_ended(at).values("role")
    ).order_by("pk"):
        role.end_assignment(held, by=by, at=at, via=Via.CODE, person=person.user)
    person.user.deputy_assignments.not_ended(at).update(deputy=None)
    teams = list(person.user.memberships.values_list("team__number", flat=True))
    TeamMembership.objects.filter(person=person.user).delete()
    return {"reason": reason, "teams": teams, "tokens": _shut_out(person, by, at)}


def _shut_out(person: Person, by: User, at: datetime) -> int:
    """No session and no token of this account is worth anything any more; how many tokens."""
    if person.user == by:
        raise Invalid({"": ["Nobody shuts themselves out; ask someone else."]})
    person.user.is_active = False
    person.user.save(update_fields=["is_active"])
    sessions.end(person.user)
    alive = ApiToken.objects.filter(person=person.user, revoked_at=None, expires_at__gt=at)
    return alive.update(revoked_at=at)


def _belongs_somewhere(person: Person) -> None:
    """Everybody belongs to an organisation (BASE-07): what is theirs is told from others' by it."""
    if person.organisation is None:
        raise Invalid({"organisation": ["Name the organisation to which they belong."]})
    if not person.organisation.is_open:
        gone = f"{person.organisation.number} takes no part in the SMS any more."
        raise Invalid({"organisation": [gone]})


def _copy_to_account(person: Person) -> None:
    """What sign-in needs to know stands in the account, too."""
    account = person.user
    account.full_name, account.email = person.title[:120], person.email
    account.organisation_id, account.is_vip = person.organisation_id, person.is_vip
    account.save(update_fields=["full_name", "email", "organisation", "is_vip"])
