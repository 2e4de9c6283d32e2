"""The forms of the account pages where they differ from allauth's."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext

from opportunities.accounts import passwords


class _SaysRules:
    """Say in one sentence what a password needs; Django has a list, an item for each validator."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if password := self.fields.get("password1"):  # type: ignore[attr-defined]  # of a form
            password.help_text = passwords.RULES


class ChangePassword(_SaysRules, ChangePasswordForm):  # type: ignore[misc]  # untyped library
    """Choose another password."""


class AddPassword(_SaysRules, SetPasswordForm):  # type: ignore[misc]  # the same
    """Give a password to an account that has none."""


class ChoosePassword(_SaysRules, ResetPasswordKeyForm):  # type: ignore[misc]  # the same
    """Choose a password in place of a forgotten one."""


class SignUpForm(_SaysRules, SignupForm):  # type: ignore[misc]  # the same
    """Sign up at the same cost whether or not the address has an account."""

    def try_save(self, request: HttpRequest) -> Any:
        """Hash the password of an account that is not made: its absence would show in the time."""
        if self.account_already_exists and self.cleaned_data.get("password1"):
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class _SaysKey:
    """Refuse a key as a key: allauth calls whatever does not fit a wrong code."""

    def clean_credential(self) -> Authenticator:
        """Return the key that signed; raise ``ValidationError`` for one that is not known here."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the form beside it
        except ValidationError as refusal:
            if refusal.code != "incorrect_code":
                raise
            detail = gettext(
                "This passkey or security key was not accepted. It may have been removed from the "
                "account. Try once more, or sign in another way."
            )
            raise ValidationError(detail, code="unknown_key") from refusal


class SignInByPasskey(_SaysKey, LoginWebAuthnForm):  # type: ignore[misc]  # untyped library
    """Sign in with a passkey alone."""


class SecondStepByKey(_SaysKey, AuthenticateWebAuthnForm):  # type: ignore[misc]  # the same
    """Use a key as the second factor."""


class ConfirmByKey(_SaysKey, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # the same
    """Confirm with a key who is at the screen."""
