"""The second proof: codes of an app, passkeys, recovery codes; allauth does it, we draw it."""

import base64
from typing import Any, ClassVar

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base import forms
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.generic import RedirectView

from evenkeel.core.people import second_proof, throttle, trail
from evenkeel.core.people.models import User
from evenkeel.core.people.tokens import key_for
from evenkeel.core.people.trail import Kind
from evenkeel.core.web import door

_WORDS = {
    Authenticator.Type.TOTP: "codes of an app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """What we do otherwise than allauth."""

    error_messages: ClassVar[dict[str, str]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code does not fit. Codes change every half minute.",
        "cannot_delete_authenticator": "Your role needs a second proof; set up another one first.",
    }

    def get_totp_label(self, user: User) -> str:
        """By which the app names the account."""
        return user.username

    def encrypt(self, text: str) -> str:
        """Whoever reads the database does not know the secrets."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Under another secret key of the installation nothing fits, and a new proof is set up."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return ""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last proof stays where the role needs one."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=second_proof.PROOFS)
        return (
            not second_proof.is_needed(authenticator.user)
            or others.exclude(pk=authenticator.pk).exists()
        )


class _Throttled:
    """A code has six digits, so it is not guessed as often as one likes."""

    user: User

    def clean_code(self) -> Any:
        now = timezone.now()
        attempt = door.attempt(context.request, self.user.username)
        if throttle.is_too_often(attempt, now) or (
            not attempt.known and throttle.is_guessed_everywhere(self.user, now)
        ):
            throttle.note_refusal(attempt, now)
            raise get_adapter().validation_error("too_many_login_attempts")
        return super().clean_code()  # type: ignore[misc]  # of the form it is mixed into


class CodeForm(_Throttled, forms.AuthenticateForm):  # type: ignore[misc]
    """Asked for while somebody signs in."""


class CodeAgainForm(_Throttled, forms.ReauthenticateForm):  # type: ignore[misc]
    """Asked for before something that matters."""


class RemovePasskey(passkeys.RemoveWebAuthnView):  # type: ignore[misc]
    """Takes a passkey away, unless it is the last proof of somebody who needs one."""

    def form_valid(self, form: Any) -> Any:
        if not Adapter().can_delete_authenticator(self.get_object()):
            form.add_error(None, Adapter.error_messages["cannot_delete_authenticator"])
            return self.form_invalid(form)
        return super().form_valid(form)


@receiver(signals.authenticator_added)
def _added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _note(request, user, f"Set up: {_WORDS[authenticator.type]}")


@receiver(signals.authenticator_removed)
def _removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _note(request, user, f"Taken away: {_WORDS[authenticator.type]}")


@receiver(signals.authenticator_reset)
def _renewed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    _note(request, user, f"Made anew: {_WORDS[authenticator.type]}")


@receiver(signals.authentication_failed)
def _failed(request: HttpRequest, user: User, **_: Any) -> None:
    attempt = door.attempt(request, user.username)
    said = attempt.said or throttle.SECOND
    trail.append(Kind.FAILED, attempt.visitor, person=user, said=said)


def _note(request: HttpRequest, user: User, said: str) -> None:
    trail.append(Kind.SECOND, door.visitor(request), person=user, said=said)


def _cipher() -> Fernet:
    key = key_for("second proof", settings.SECRET_KEY)
    return Fernet(base64.urlsafe_b64encode(key[:32]))


_home = RedirectView.as_view(pattern_name="mfa_index")
urlpatterns: list[URLPattern] = [
    path("", base.index, name="mfa_index"),
    path("authenticate/", base.authenticate, name="mfa_authenticate"),
    path("reauthenticate/", base.reauthenticate, name="mfa_reauthenticate"),
    path("totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/generate/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/", _home, name="mfa_list_webauthn"),
    path("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "passkeys/reauthenticate/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("passkeys/<int:pk>/remove/", RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]
