"""How people get in: through the forms, as a browser does, with a password and a second factor."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.test import Client

from opportunities.accounts.models import User
from tests.factories import PASSWORD

SIGN_IN = "/accounts/login/"


def with_password(user: User, **headers: Any) -> Client:
    """Return a browser in which somebody has typed this account's password, and nothing else."""
    client = Client(**headers)
    answer = client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def with_code(user: User, secret: str) -> Client:
    """Return a browser in which somebody has typed the password and the code of the app."""
    client = with_password(user)
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return client


def set_up_app(user: User) -> str:
    """Give an account an authenticator app and recovery codes; return the app's secret."""
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def recovery_code_of(user: User) -> str:
    """Return one of the account's recovery codes."""
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return RecoveryCodes(row).get_unused_codes()[0]


def code_of(secret: str, *, periods_on: int = 0) -> str:
    """Return what the app shows now, or some half minutes later, by the clock that checks it."""
    (now,) = auth.yield_hotp_counters_from_time()
    return auth.format_hotp_value(auth.hotp_value(secret, now + periods_on))
