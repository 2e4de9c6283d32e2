"""One line in the log for each thing that happens to the ways into an account.

A line names the account by its number and the way, never an address: who fails to sign in may have
typed a password where the address goes.
"""

from typing import Any, Final

import structlog
from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals
from django.db.models import Model
from django.dispatch import Signal

HAPPENED: Final[dict[str, Signal]] = {
    "signed in": auth_signals.user_logged_in,
    "signed out": auth_signals.user_logged_out,
    "sign-in failed": auth_signals.user_login_failed,
    "signed up": account_signals.user_signed_up,
    "sign-in code refused": account_signals.login_code_rejected,
    "reset code refused": account_signals.password_reset_code_rejected,
    "confirmation code refused": account_signals.email_verification_code_rejected,
    "password set": account_signals.password_set,
    "password changed": account_signals.password_changed,
    "password reset": account_signals.password_reset,
    "address confirmed": account_signals.email_confirmed,
    "address changed": account_signals.email_changed,
    "address added": account_signals.email_added,
    "address removed": account_signals.email_removed,
    "second factor added": mfa_signals.authenticator_added,
    "second factor removed": mfa_signals.authenticator_removed,
    "recovery codes made anew": mfa_signals.authenticator_reset,
    "second factor used": mfa_signals.authenticator_used,
    "second factor refused": mfa_signals.authentication_failed,
}
REFUSED: Final = ("failed", "refused")

logger = structlog.get_logger("sign-in")


def connect() -> None:
    """Write a line whenever one of these is sent."""
    for event, signal in HAPPENED.items():
        signal.connect(_line(event), weak=False, dispatch_uid=f"sign-in log: {event}")


def _line(event: str) -> Any:
    write = logger.warning if event.endswith(REFUSED) else logger.info

    def line(sender: object, **told: Any) -> None:
        user, factor = told.get("user"), told.get("authenticator")
        write(
            event,
            account=user.pk if isinstance(user, Model) else None,
            factor=getattr(factor, "type", None),
        )

    return line
