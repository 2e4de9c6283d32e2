"""Traces of requests and tasks for OpenTelemetry, sent as OTLP over HTTP, without personal data.

Used where ``OTEL_EXPORTER_OTLP_ENDPOINT`` is set; needs the extra ``otel``. Of the other variables
of OpenTelemetry the library reads what its documentation says, such as ``OTEL_TRACES_SAMPLER``.
"""

import os
import re
from collections.abc import Sequence
from typing import Final

from celery.signals import worker_process_shutdown
from django.conf import settings
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.instrumentation.redis import RedisInstrumentor
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

KEPT: Final = frozenset(
    {
        "http.method", "http.request.method", "http.route",
        "http.status_code", "http.response.status_code",
        "db.system", "db.system.name", "db.name", "db.namespace",
        "celery.action", "celery.task_name", "celery.state", "celery.retries", "celery.hostname",
        "messaging.destination", "messaging.message.id",
    }
)  # fmt: skip
"""Attributes that leave the site; the address of a request, for one, holds secret keys."""
STATEMENTS: Final = frozenset({"db.statement", "db.query.text"})
LITERAL: Final = re.compile(r"'(?:[^']|'')*'|(\$\w*\$).*?\1", re.DOTALL)
"""What is left out of a statement."""
AFTER: Final = "config.overload.Gate"
"""Probes are answered there, whatever host they name; the instrumentation would refuse it."""


class Scrubbing(SpanExporter):
    """Hands on spans built anew from what is named here."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send the spans without personal data."""
        return self._exporter.export([without_personal_data(span) for span in spans])

    def shutdown(self) -> None:
        """End the exporter behind."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what waits in the exporter behind."""
        return self._exporter.force_flush(timeout_millis)


def without_personal_data(span: ReadableSpan) -> ReadableSpan:
    """Return a span without addresses, parameters, keys and the messages of exceptions."""
    attributes = span.attributes or {}
    kept = {name: value for name, value in attributes.items() if name in KEPT}
    # A key of Valkey may name a person or a machine; a statement of SQL has its parameters apart.
    if "postgresql" in (attributes.get("db.system"), attributes.get("db.system.name")):
        stated = STATEMENTS & attributes.keys()
        kept |= {name: LITERAL.sub("?", str(attributes[name])) for name in stated}
    faults = [
        Event(event.name, {"exception.type": said}, event.timestamp)
        for event in span.events
        if (said := (event.attributes or {}).get("exception.type"))
    ]
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=kept,
        events=faults,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def start() -> None:
    """Trace requests, tasks, statements and commands to Valkey from now on."""
    os.environ.setdefault("OTEL_SERVICE_NAME", "foothold")
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(Scrubbing(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)
    # A helper of a worker ends without the functions of `atexit`.
    worker_process_shutdown.connect(lambda **_: provider.shutdown(), weak=False)
    # Not what clients send as "baggage": it would travel on with every task.
    propagate.set_global_textmap(TraceContextTextMapPropagator())
    DjangoInstrumentor().instrument(middleware_position=settings.MIDDLEWARE.index(AFTER) + 1)
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]
    PsycopgInstrumentor().instrument()
    RedisInstrumentor().instrument()
