"""The forms of the account pages where they differ from allauth's."""

from typing import Any

from allauth.account.forms import SignupForm
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest


class SignUpForm(SignupForm):  # type: ignore[misc]  # untyped library
    """Sign up at the same cost whether or not the address has an account."""

    def try_save(self, request: HttpRequest) -> Any:
        """Hash the password of an account that is not made: its absence would show in the time."""
        if self.account_already_exists and self.cleaned_data.get("password1"):
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)
