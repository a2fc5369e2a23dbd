"""API tokens: who issues them, what is told and what is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from evenkeel.core.directory.actions import person, token
from evenkeel.core.directory.models import Person
from evenkeel.core.directory.tests.conftest import someone
from evenkeel.core.people import tokens
from evenkeel.core.people.models import ApiToken, User
from evenkeel.core.records.models import Entry
from evenkeel.core.rules import Denied, Invalid

PASSWORD = "correct horse battery"


def issued(to: User, by: User | None = None, **inputs: Any) -> str:
    """The secret of a new token."""
    record = Person.objects.get(user=to)
    return str(token.issue_token(record, by=by or to, **{"title": "Report", **inputs}).told)


class TestToken:
    def test_is_told_once_and_kept_as_a_hash(self, rita: User) -> None:
        secret = issued(rita)
        kept = ApiToken.objects.get()
        assert secret.startswith("evk_")
        assert bytes(kept.digest) == tokens.digest(secret)
        entry = Entry.objects.get(verb="people.issue_token")
        assert entry.given["title"] == "Report"
        assert secret not in str(entry.given)
        assert Person.objects.get(user=rita).told == ""

    def test_reads_for_ninety_days_unless_more_is_asked_for(self, rita: User) -> None:
        now = timezone.now()
        issued(rita, at=now)
        issued(rita, at=now, title="Other", scope=ApiToken.Scope.WRITE, days=1)
        first, other = ApiToken.objects.order_by("pk")
        assert (first.scope, first.expires_at) == ("read", now + timedelta(days=90))
        assert (other.scope, other.expires_at) == ("write", now + timedelta(days=1))

    @pytest.mark.parametrize("days", [0, -1, 367])
    def test_is_not_in_force_for_longer_than_a_year(self, rita: User, days: int) -> None:
        with pytest.raises(Invalid, match="From 1 to 366 days"):
            issued(rita, days=days)

    def test_is_not_issued_for_somebody_else(self, rita: User, max_: User) -> None:
        person.set_password(rita.person, by=max_, password=PASSWORD)
        with pytest.raises(Denied, match="Only the person, or for an account without a password"):
            issued(User.objects.get(pk=rita.pk), by=max_)

    def test_is_issued_for_a_program_by_the_sms_manager(self, max_: User, rita: User) -> None:
        program = someone("monitoring")
        assert issued(program, by=max_)
        with pytest.raises(Denied):
            issued(program, by=rita, title="Mine")

    def test_has_a_title_of_its_own_by_which_it_is_revoked(self, rita: User, max_: User) -> None:
        secret = issued(rita)
        with pytest.raises(Invalid, match="revoke it first"):
            issued(rita)
        token.revoke_token(rita.person, by=max_, title="Report")
        assert tokens.find(secret, at=timezone.now()) is None
        assert tokens.find(issued(rita), at=timezone.now())
        with pytest.raises(Invalid, match="no token in force"):
            token.revoke_token(rita.person, by=max_, title="Other")
