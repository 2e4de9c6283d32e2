"""System checks of settings that constrain each other."""

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

OWN_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})


@register(Tags.security)
def demo_stays_at_home(**_: object) -> list[CheckMessage]:
    """Refuse the demo market, whose passwords are printed, on anything but one's own machine."""
    hosts = {*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_URL).hostname}
    if not settings.DEMO or hosts <= OWN_MACHINE:
        return []
    return [
        Error(
            "Demo mode is only for your own machine: production refuses to start with DEMO set.",
            hint=f"Unset DEMO, or serve only localhost instead of {', '.join(map(str, hosts))}.",
            id="config.E001",
        )
    ]


@register(Tags.security)
def debug_and_demo_differ(**_: object) -> list[CheckMessage]:
    """Refuse developers' error pages in the demo market."""
    if not (settings.DEBUG and settings.DEMO):
        return []
    return [Error("Set DEBUG or DEMO, not both.", id="config.E002")]


@register(Tags.security)
def proxies_are_counted(**_: object) -> list[CheckMessage]:
    """Refuse to guess whose address a request comes from: every limit of attempts rests on it."""
    if settings.TRUSTED_PROXIES < 0:
        fault = "Set TRUSTED_PROXIES: how many proxies stand before this site."
    elif settings.BEHIND_TLS_PROXY and settings.TRUSTED_PROXIES == 0:
        fault = (
            "TRUSTED_PROXIES is 0, but BEHIND_TLS_PROXY says that a proxy stands before this site."
        )
    else:
        return []
    hint = "1 for one proxy that sets X-Forwarded-For; 0 only where clients connect to it directly."
    return [Error(fault, hint=hint, id="config.E004")]


@register(Tags.caches)
def tasks_fit_the_visibility_timeout(**_: object) -> list[CheckMessage]:
    """Keep the broker from handing out a task again while it still runs."""
    timeout = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    if timeout > settings.CELERY_TASK_TIME_LIMIT:
        return []
    return [
        Error(
            "CELERY_TASK_TIME_LIMIT must be shorter than the broker's visibility_timeout.",
            id="config.E003",
        )
    ]
