"""What a password must be: long, not a common one, not made of what is known of the person."""

from typing import Any

from django.contrib.auth import password_validation as given
from django.core.exceptions import ValidationError

LONGEST = 256  # a longer one only makes the server work


class LongEnough(given.MinimumLengthValidator):
    """Length is what counts; no rule asks for signs and digits."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with what would be right."""
        if len(password) < self.min_length:
            raise ValidationError(
                f"This password has {len(password)} characters; it needs {self.min_length} or more."
                " A few words in a row are easy to remember."
            )
        if len(password) > LONGEST:
            raise ValidationError(f"This password is longer than {LONGEST} characters.")

    def get_help_text(self) -> str:
        """Shown beside the field."""
        return f"At least {self.min_length} characters; a few words in a row are good."


class NotCommon(given.CommonPasswordValidator):
    """Those that others try first, also where they are written twice or end in digits."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with what would be right."""
        whole = password.lower().strip()
        half = whole[: len(whole) // 2]
        tried = {whole, whole.rstrip("0123456789!?.")}
        if half and half * 2 == whole:
            tried.add(half)
        if tried & self.passwords:
            raise ValidationError("This password is too common: it is among those tried first.")

    def get_help_text(self) -> str:
        """Shown beside the field."""
        return "Not one of the common passwords."


class NotThePerson(given.UserAttributeSimilarityValidator):
    """Login, name and e-mail address are the first guess."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with what would be right."""
        try:
            super().validate(password, user)
        except ValidationError as alike:
            raise ValidationError(
                "This password is much like the login, the name or the e-mail address."
            ) from alike

    def get_help_text(self) -> str:
        """Shown beside the field."""
        return "Not the login, the name or the e-mail address."
