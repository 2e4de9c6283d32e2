"""The wiring as an app, so that its command and its system checks are found.

Beside it stand the apps of others, under names that an administrator knows.
"""

from types import ModuleType

from allauth.account.apps import AccountConfig
from allauth.mfa.apps import MFAConfig
from django.apps import AppConfig
from django.contrib.admin import apps as desks

from config import catalogues, observing


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Wiring"
    default = True

    def __init__(self, app_name: str, app_module: ModuleType) -> None:
        super().__init__(app_name, app_module)
        # Models say words as they are made, and a catalogue that is not there by then is not read.
        catalogues.compile_stale()

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415  (registers the checks)

        catalogues.lay_flat()

        observing.report_faults()


class SignInConfig(AccountConfig):  # type: ignore[misc]  # untyped library
    verbose_name = "Sign-in"


class SecondFactorConfig(MFAConfig):  # type: ignore[misc]  # untyped library
    verbose_name = "Second factor"


class TokensConfig(AppConfig):
    name = "knox"
    verbose_name = "API tokens"


class DesksConfig(desks.AdminConfig):
    default = False
    default_site = "opportunities.site.admin_index.Desks"
