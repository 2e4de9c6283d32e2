"""The Celery application and its signs of life.

Tasks live beside the code they call, in each app's ``tasks.py``; ``tasks.toml`` has their queues
and how often the periodic ones are sent.
"""

import gc
import os
import signal
import tomllib
from pathlib import Path
from typing import Final

import structlog
from celery import Celery, Task, signals
from celery.schedules import crontab
from kombu import Exchange, Queue
from redis.exceptions import RedisError

from config import observing
from config.processes import outlived_by_parent
from opportunities.core import heartbeats

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

SWEEP: Final = "matching.tasks.sweep"
TASKS: Final = tomllib.loads(Path(__file__).with_name("tasks.toml").read_text("utf-8"))

logger = structlog.get_logger(__name__)

app = Celery("foothold")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name, Exchange(name), routing_key=name) for name in TASKS["queues"]]
app.conf.task_default_queue = "interactive"
app.conf.task_routes = {
    task: {"queue": queue} for queue, tasks in TASKS["queues"].items() for task in tasks
}
app.conf.beat_schedule = {
    task: {"task": task, "schedule": float(seconds)} for task, seconds in TASKS["seconds"].items()
} | {
    task: {"task": task, "schedule": crontab(hour=moment.hour, minute=moment.minute)}
    for task, moment in TASKS["daily"].items()
}
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_our_logging(**_: object) -> None:
    """Leave logging as the settings configured it."""


@signals.worker_init.connect
def share_what_is_loaded(**_: object) -> None:
    """Let forked helpers share the pages of what is loaded: the collector leaves it alone."""
    gc.collect()
    gc.freeze()


@signals.worker_process_init.connect
def trace_tasks(**_: object) -> None:
    """Trace in each forked helper."""
    observing.trace()


@signals.worker_init.connect
def never_outlive_the_worker(**_: object) -> None:
    """End a forked helper at once when its worker is killed, so that its task is given back."""
    worker, outlived = os.getpid(), outlived_by_parent(signal.SIGKILL)

    def follow(**_: object) -> None:
        if os.getpid() != worker:  # a pool without helpers works in the worker itself
            outlived()

    signals.worker_process_init.connect(follow, weak=False)


@signals.worker_ready.connect
@signals.heartbeat_sent.connect
def record_worker(sender: object, **_: object) -> None:
    """Leave a sign of life."""
    hostname = getattr(sender, "hostname", None) or sender.eventer.hostname  # type: ignore[attr-defined]
    leave_sign(f"worker:{hostname}")


@signals.task_success.connect
def record_periodic_task(sender: "Task[..., object]", **_: object) -> None:
    """Note when each periodic task was last done."""
    if sender.name in app.conf.beat_schedule:
        leave_sign(f"task:{sender.name}:last")


def leave_sign(name: str) -> None:
    """Leave a sign of life; a broker that is away shall not stop the worker."""
    try:
        heartbeats.record(name)
    except RedisError:
        logger.warning("no sign of life could be left", of=name)
