"""The wiring as an app, so that its command and its system checks are found.

Beside it stand the apps of others, under names that an administrator knows.
"""

from allauth.account.apps import AccountConfig
from allauth.mfa.apps import MFAConfig
from django.apps import AppConfig
from django.conf import settings


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Wiring"
    default = True

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415  (registers the checks)

        # Each needs libraries of an extra.
        if settings.SENTRY_DSN:
            from config import error_reports  # noqa: PLC0415

            error_reports.start()
        if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
            from config import tracing  # noqa: PLC0415

            tracing.start()


class SignInConfig(AccountConfig):  # type: ignore[misc]  # untyped library
    verbose_name = "Sign-in"


class SecondFactorConfig(MFAConfig):  # type: ignore[misc]  # untyped library
    verbose_name = "Second factor"


class TokensConfig(AppConfig):
    name = "knox"
    verbose_name = "API tokens"
