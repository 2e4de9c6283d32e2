"""Switches on what tells other services of this process, where it is set; each needs an extra."""

from functools import cache
from importlib import import_module

from django.conf import settings


@cache
def report_faults() -> None:
    """Tell faults from now on; a worker asks before it forks, for that shapes how tasks run."""
    if settings.SENTRY_DSN:
        import_module("config.error_reports").start()


@cache
def trace() -> None:
    """Trace from now on.

    A process that forks others does not ask: every child of it would begin with a thread, and one
    that has a thread may not take another user's place, as PostgreSQL of ``make up`` does.
    """
    if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        import_module("config.tracing").start()
