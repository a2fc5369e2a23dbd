"""What is known of mail that came back: on the notice or letter, and beside the address."""

from datetime import datetime

from django.db import transaction

from evenkeel.core.notices import addresses, names
from evenkeel.core.notices.letters import Letter
from evenkeel.core.notices.models import Notice
from evenkeel.core.notices.returned import NotRead, Returned, read
from evenkeel.core.people.models import User


def hand_in(raw: bytes, now: datetime) -> str:
    """Note a mail that came back, in the words of the report; what was noted, in a sentence.

    Told again it changes nothing. Raises NotRead for what is no such report, or of no mail of ours.
    """
    returned = read(raw)
    if returned is None:
        return "Nothing to note: the mail arrived, or may still."
    with transaction.atomic():
        to = _NOTED[returned.name.what](returned, now)
    return f"Noted: mail to {to} came back: {returned.reason}"


def _of_notice(returned: Returned, now: datetime) -> str:
    """All that was told in the same mail came back with it."""
    first = Notice.objects.select_related("recipient").filter(pk=returned.name.key).first()
    if first is None:
        raise NotRead("It is about a notice that is not kept any more.")
    same = {"recipient": first.recipient, "mail_tried_at": first.mail_tried_at}
    sent = Notice.objects.filter(**same, mail=Notice.Mail.SENT)
    if sent.update(mail=Notice.Mail.BOUNCED, mail_fault=returned.reason):
        addresses.keep(
            first.recipient, returned.address or first.recipient.email, returned.reason, now
        )
    return str(first.recipient)


def _of_letter(returned: Returned, now: datetime) -> str:
    found = Letter.objects.filter(pk=returned.name.key)
    if not found.exists():
        raise NotRead("It is about a letter that is not kept any more.")
    found.filter(mail=Letter.Mail.SENT).update(mail=Letter.Mail.BOUNCED, fault=returned.reason)
    return found.get().address


def _of_account(returned: Returned, now: datetime) -> str:
    person = User.objects.filter(pk=returned.name.key).first()
    if person is None:
        raise NotRead("It is about an account that there is not.")
    addresses.keep(person, returned.address or person.email, returned.reason, now)
    return str(person)


_NOTED = {names.NOTICE: _of_notice, names.LETTER: _of_letter, names.ACCOUNT: _of_account}
