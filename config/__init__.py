"""Project wiring: settings, addresses, processes. Nothing here knows a business rule."""

import gc

# What is loaded now stays. Searching it for garbage with every 2,000 new objects, as Python does,
# takes a sixth of the time in which a process starts.
gc.set_threshold(50_000, 20)

from config.celery import app as celery_app  # noqa: E402  (it loads much of that)

__all__ = ["celery_app"]
