"""What a password must be."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from evenkeel.core.people.models import User

VERA = User(username="vera.vandermeer", full_name="Vera van der Meer", email="vera@a.example")


def refused(password: str) -> str:
    try:
        validate_password(password, VERA)
    except ValidationError as why:
        return " ".join(why.messages)
    return ""


class TestAPassword:
    @pytest.mark.parametrize(
        "good", ["correct horse battery", "three-herons-7", "ß" * 7 + "éàôûïç", "x" * 11 + "yz q"]
    )
    def test_is_good_when_it_is_long(self, good: str) -> None:
        assert refused(good) == ""

    def test_is_refused_with_what_it_lacks(self) -> None:
        assert "has 8 characters; it needs 12 or more" in refused("X7$kq!9z")

    @pytest.mark.parametrize(
        "common", ["passwordpassword", "Password1234567", "sunshine12345!", "1234567890123"]
    )
    def test_is_refused_where_it_is_a_common_one_made_longer(self, common: str) -> None:
        assert "too common" in refused(common)

    def test_is_refused_where_it_is_the_person(self) -> None:
        assert "much like the login" in refused("vera.vandermeer1")

    def test_is_refused_where_it_is_endless(self) -> None:
        assert "longer than 256" in refused("ab" * 200)
