"""What a monitoring system reads of matching, in Prometheus' format, behind a token."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from matching.jobs import latency
from matching.jobs.owed_work import OWED
from matching.models import Market, Run, Subject
from opportunities.core import heartbeats

QUEUES: Final = ("interactive", "bulk")


class MatchingCollector(Collector):
    """Reads everything at the moment it is asked: there is no state to lose."""

    def collect(self) -> Iterable[Metric]:
        """Yield the metrics of the database, then those of the broker."""
        yield from self._owed()
        yield from self._runs()
        yield from self._broker()

    def _owed(self) -> Iterable[Metric]:
        now = timezone.now()
        waiting = OWED.rows().values_list("kind")
        rows, ages = dict.fromkeys(Subject.values, 0), dict.fromkeys(Subject.values, 0.0)
        for kind, count, oldest in waiting.annotate(Count("id"), Min("raised_at")):
            rows[kind], ages[kind] = count, max(0.0, (now - oldest).total_seconds())
        about = "Changes that ranking does not know yet."
        yield _by("kind", rows, "matching_owed_rows", about)
        yield _by("kind", ages, "matching_owed_age_seconds", "Age of the oldest of them.")
        parked = OWED.buried_rows().count()
        yield GaugeMetricFamily(
            "matching_parked_rows", "Work that failed too often and waits for a person.", parked
        )

    def _runs(self) -> Iterable[Metric]:
        market = Market.load()
        yield GaugeMetricFamily(
            "matching_runs_unfinished", "Full computations under way.",
            Run.objects.unfinished().count(),
        )  # fmt: skip
        if market.run is not None and market.run.finished_at is not None:
            age = (timezone.now() - market.run.finished_at).total_seconds()
            yield GaugeMetricFamily(
                "matching_run_age_seconds", "Time since the last full computation.", age
            )

    def _broker(self) -> Iterable[Metric]:
        up, asked = "matching_broker_up", "Whether the broker answers."
        try:
            lengths = {queue: float(str(heartbeats.broker().llen(queue))) for queue in QUEUES}
            workers = heartbeats.ages("worker")
            sweeps = heartbeats.ages("task:matching.tasks.sweep")
            buckets, total = latency.read()
        except RedisError:
            yield GaugeMetricFamily(up, asked, 0)
            return
        yield GaugeMetricFamily(up, asked, 1)
        about = "Messages that no worker has taken."
        yield _by("queue", lengths, "matching_queued_messages", about)
        about = "Since each worker's last sign."
        yield _by("worker", workers, "matching_worker_heartbeat_seconds", about)
        if sweeps:
            yield GaugeMetricFamily(
                "matching_sweep_age_seconds", "Since the last sweep ended.", min(sweeps.values())
            )
        yield HistogramMetricFamily(
            "matching_refresh_latency_seconds",
            "From a change's commit until every ranking knows it.",
            buckets=buckets,
            sum_value=total,
        )


def _by(label: str, values: Mapping[str, float], name: str, about: str) -> GaugeMetricFamily:
    """Return a gauge with a value for each of its labels."""
    gauge = GaugeMetricFamily(name, about, labels=[label])
    for of, value in values.items():
        gauge.add_metric([of], value)
    return gauge


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Show the metrics to who bears the token; without a token set there is no such page."""
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    registry.register(MatchingCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
