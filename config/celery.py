"""The Celery application, its queues, its periodic table and its signs of life.

Tasks live beside the code they call, in each app's ``tasks.py``. Queues are promises:
``interactive`` answers within seconds, ``bulk`` may take minutes, ``outgoing`` waits for mail
servers and other people's systems and delays nothing else.
"""

import gc
import os
import signal
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

SECOND: Final = 1.0
MINUTE: Final = 60 * SECOND
SWEEP: Final = "matching.tasks.sweep"

QUEUES: Final = {
    "interactive": "",
    "bulk": """
        matching.plans.tasks.remind
        matching.tasks.advance_run
        matching.tasks.count_odds
        matching.tasks.introduce_part
        matching.tasks.rank_part
        matching.tasks.rebuild
        matching.tasks.reconcile
        opportunities.accounts.tasks.encrypt_factors
        opportunities.candidates.tasks.tell_candidates
        opportunities.importing.tasks.import_roles
        opportunities.privacy.tasks.let_go
        opportunities.promises.tasks.keep_answers
        opportunities.promises.tasks.keep_conduct
        opportunities.promises.tasks.keep_postings
        opportunities.webhooks.tasks.encrypt_secrets
        opportunities.webhooks.tasks.forget_events
    """,
    "outgoing": """
        opportunities.importing.tasks.read_sources
        opportunities.messaging.tasks.deliver_notices
        opportunities.messaging.tasks.send_letters
        opportunities.webhooks.tasks.send_webhooks
    """,
}
"""Each queue with its tasks; ``interactive`` has those that no other one names."""

logger = structlog.get_logger(__name__)

app = Celery("foothold")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name, Exchange(name), routing_key=name) for name in QUEUES]
app.conf.task_default_queue = "interactive"
app.conf.task_routes = {
    task: {"queue": queue} for queue, tasks in QUEUES.items() for task in tasks.split()
}
app.conf.beat_schedule = {
    "sweep": {"task": SWEEP, "schedule": 5 * SECOND},
    "introductions": {"task": "matching.introductions.tasks.tell", "schedule": 10 * SECOND},
    "reconcile": {"task": "matching.tasks.reconcile", "schedule": 10 * MINUTE},
    "odds": {"task": "matching.tasks.count_odds", "schedule": 10 * MINUTE},
    "rebuild": {"task": "matching.tasks.rebuild", "schedule": crontab(hour=3, minute=7)},
    "notices": {"task": "opportunities.messaging.tasks.deliver_notices", "schedule": 10 * SECOND},
    "imports": {"task": "opportunities.importing.tasks.sweep_imports", "schedule": 10 * SECOND},
    "sources": {"task": "opportunities.importing.tasks.read_sources", "schedule": 30 * SECOND},
    "letters": {"task": "opportunities.messaging.tasks.send_letters", "schedule": 10 * SECOND},
    "decisions": {"task": "opportunities.desk.tasks.carry_out_held", "schedule": 5 * SECOND},
    "suspensions": {"task": "opportunities.desk.tasks.end_suspensions", "schedule": 5 * MINUTE},
    "alerts": {"task": "opportunities.candidates.tasks.tell_candidates", "schedule": 10 * MINUTE},
    "plans": {"task": "matching.plans.tasks.remind", "schedule": 10 * MINUTE},
    "answers": {"task": "opportunities.promises.tasks.keep_answers", "schedule": 5 * MINUTE},
    "postings": {"task": "opportunities.promises.tasks.keep_postings", "schedule": 5 * MINUTE},
    "conduct": {"task": "opportunities.promises.tasks.keep_conduct", "schedule": 60 * MINUTE},
    "webhooks": {"task": "opportunities.webhooks.tasks.send_webhooks", "schedule": 5 * SECOND},
    "events": {"task": "opportunities.webhooks.tasks.forget_events", "schedule": 60 * MINUTE},
    "factors": {"task": "opportunities.accounts.tasks.encrypt_factors", "schedule": 60 * MINUTE},
    "secrets": {"task": "opportunities.webhooks.tasks.encrypt_secrets", "schedule": 60 * MINUTE},
    "retention": {"task": "opportunities.privacy.tasks.let_go", "schedule": 60 * MINUTE},
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
    if any(entry["task"] == sender.name for entry in app.conf.beat_schedule.values()):
        leave_sign(f"task:{sender.name}:last")


def leave_sign(name: str) -> None:
    """Leave a sign of life; a broker that is away shall not stop the worker."""
    try:
        heartbeats.record(name)
    except RedisError:
        logger.warning("no sign of life could be left", of=name)
