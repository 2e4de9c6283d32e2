"""The Celery application, its queues and its periodic table.

Tasks live beside the code they call, in each app's ``tasks.py``. Queues are promises:
``interactive`` answers within seconds, ``bulk`` may take minutes.
"""

import os
from typing import Final

from celery import Celery
from celery.signals import setup_logging
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SECOND: Final = 1.0
MINUTE: Final = 60 * SECOND

app = Celery("foothold")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = (Queue("interactive"), Queue("bulk"))
app.conf.task_default_queue = "interactive"
app.conf.beat_schedule = {}
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Leave logging as the settings configured it."""
