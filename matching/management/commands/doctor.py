"""Look at everything the site needs, and say in one line each what is well and what is not."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.checks import run_checks
from django.core.mail import mailers
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from redis.exceptions import RedisError

from matching import ENGINE_VERSION
from matching.jobs.owed_work import OWED
from matching.models import Market, Run
from opportunities.core import heartbeats

MOST_CLOCK_SECONDS: Final = 2.0
MOST_OWED_SECONDS: Final = 60
MOST_SIGN_SECONDS: Final = 60.0

type Finding = tuple[bool, str]


class Command(BaseCommand):
    help = "Examine database, broker, workers, queues, runs, mail, clock and settings."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        bad = 0
        for name, look in LOOKS.items():
            try:
                well, words = look()
            except (DatabaseError, RedisError, OSError) as error:
                well, words = False, f"does not answer: {str(error).splitlines()[0]}"
            bad += not well
            if options["json"]:
                self.stdout.write(json.dumps({"check": name, "ok": well, "detail": words}))
            else:
                self.stdout.write(f"{'ok  ' if well else 'BAD '} {name}: {words}")
        if bad:
            raise CommandError(f"{bad} of {len(LOOKS)} need attention.", returncode=1)


def database() -> Finding:
    """Say which server answers."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    return True, f"PostgreSQL {version}"


def migrations() -> Finding:
    """Say whether the tables are those of the code."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not missing, f"{len(missing)} to apply" if missing else "all applied"


def clock() -> Finding:
    """Say how far this machine's clock is from the database's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    apart = abs((timezone.now() - there).total_seconds())
    return apart <= MOST_CLOCK_SECONDS, f"{apart:.2f} s from the database's"


def broker() -> Finding:
    """Say whether the broker answers and would rather refuse than forget."""
    client = heartbeats.broker()
    client.ping()
    kept: Any = client.config_get("maxmemory-policy")
    policy = kept.get("maxmemory-policy", "unknown")
    return policy in {"noeviction", "unknown"}, f"answers, {policy}"


def owed() -> Finding:
    """Say how much is owed and for how long."""
    waiting = OWED.rows()
    oldest = waiting.order_by("raised_at").values_list("raised_at", flat=True).first()
    if oldest is None:
        return True, "nothing"
    age = timezone.now() - oldest
    return age <= timedelta(seconds=MOST_OWED_SECONDS), (
        f"{waiting.count()} changes, the oldest for {age.total_seconds():.0f} s"
    )


def parked() -> Finding:
    """Say what failed too often."""
    count = OWED.buried_rows().count()
    return not count, f"{count} (admin, owed work)" if count else "nothing"


def market() -> Finding:
    """Say whether a run of this engine is published."""
    shown = Market.load().run
    if shown is None:
        return False, "never computed: manage.py rebuild_matches"
    same = shown.engine_version == ENGINE_VERSION
    return same, f"{shown.public_id}, engine {shown.engine_version}"


def runs() -> Finding:
    """Say which full computations are under way or failed of late."""
    failed = Run.objects.filter(
        state="failed", finished_at__gt=timezone.now() - timedelta(days=1)
    ).count()
    return not failed, f"{Run.objects.unfinished().count()} under way, {failed} failed today"


def mail() -> Finding:
    """Say whether the mail server lets us in."""
    mailer = mailers["default"]
    opened = mailer.open()
    mailer.close()
    return True, "answers" if opened else f"goes to {type(mailer).__module__}"


def policies() -> Finding:
    """Say whether browsers are told what to load."""
    return "default-src" in settings.SECURE_CSP, "content security policy is set"


def deployment() -> Finding:
    """Say what Django's own checks find."""
    found = [message for message in run_checks() if message.is_serious()]
    return not found, "; ".join(str(message.msg) for message in found) or "no findings"


def _signs(kind: str, noun: str) -> Finding:
    """Say how many workers or sweeps gave a sign of life, and when the last one did."""
    ages: Iterable[float] = heartbeats.ages(kind).values()
    fresh = [age for age in ages if age <= MOST_SIGN_SECONDS]
    if not fresh:
        return False, f"no {noun} gave a sign of late"
    return True, f"{len(fresh)}, the last sign {min(fresh):.0f} s ago"


LOOKS: Final[dict[str, Callable[[], Finding]]] = {
    "database": database,
    "migrations": migrations,
    "clock": clock,
    "broker": broker,
    "workers": lambda: _signs("worker", "worker"),
    "sweep": lambda: _signs("task:matching.tasks.sweep", "sweep"),
    "owed work": owed,
    "parked work": parked,
    "market": market,
    "runs": runs,
    "mail": mail,
    "policies": policies,
    "settings": deployment,
}
