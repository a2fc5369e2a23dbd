"""The verb that erases a person: the account at once, the texts by a job that goes through all."""

from datetime import datetime
from typing import Annotated, Any

from django.apps import apps
from django.db import models

from evenkeel.core.directory.actions.person import Reason, action
from evenkeel.core.directory.models import Person
from evenkeel.core.people.models import User
from evenkeel.core.privacy import names
from evenkeel.core.privacy.models import Erasure
from evenkeel.core.privacy.names import Names
from evenkeel.core.records import redaction
from evenkeel.core.rules import Asked, Invalid

Given = dict[str, Any]
# Rows that serve nobody but them; like all that the database takes away with an account.
_THEIRS = (
    ("ApiToken", "person"),
    ("Notice", "recipient"),
    ("Watch", "person"),
    ("Batch", "person"),
)


@action(redacts=True)
def erase(
    person: Person,
    *,
    by: User,
    at: datetime,
    reason: Reason,
    texts: Annotated[
        Erasure.Texts, Asked("Texts", "Files that they added and that stay are listed afterwards.")
    ] = Erasure.Texts.NAMES,
) -> Given:
    """Take out who they were, for good: name, addresses and login become a pseudonym everywhere."""
    known = names.of(person)
    pseudonym = f"Erased person {person.number}"
    # In their own history the login is told by itself.
    redactor = Names([*known, person.user.username], pseudonym, account=person.user_id)
    try:
        struck = redaction.strike(person, redactor)
    except redaction.Broken as fault:
        raise Invalid({"": [f"{fault} Find out why first: erasing would hide it."]}) from fault
    person.title, person.email, person.phone = pseudonym, "", ""
    _empty(person.user, person.number, pseudonym)
    Erasure.objects.create(person=person, texts=texts, names=known, asked_at=at)
    return {
        "reason": Names(known, pseudonym, account=0).text(reason),
        "texts": str(texts),
        "redacted": [list(one) for one in struck],
    }


def _empty(account: User, number: str, pseudonym: str) -> None:
    """The account stays, for entries name it; nothing in it tells whose it was."""
    account.username, account.full_name, account.email = number.lower(), pseudonym, ""
    account.is_active = False
    account.set_unusable_password()
    account.save()
    for name, column in _THEIRS:
        apps.get_model("core", name).objects.filter(**{column: account}).delete()
    apps.get_model("core", "SavedView").objects.filter(owner=account, sharing="own").delete()
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.CASCADE:
            model: Any = relation.related_model
            model._default_manager.filter(**{relation.field.name: account}).delete()
