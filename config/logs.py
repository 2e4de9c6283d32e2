"""Logs are events with fields: JSON lines in production, readable lines on one's own machine.

An event carries the id of its request or task, and never personal data.
"""

from typing import Any, Final

import structlog
from celery.signals import before_task_publish, task_postrun, task_prerun
from structlog.typing import EventDict, Processor

# Frames without their variables: what people typed has no place in a log.
TRACEBACKS: Final = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
TASKS: Final = "celery.app.trace"
FACTS_OF_TASKS: Final = frozenset({"name", "id", "description", "runtime", "hostname"})
"""What Celery's lines about tasks may say."""


def without_addresses(_logger: object, _name: str, event: EventDict) -> EventDict:
    """Drop the request and its address from Django's own lines: addresses hold secret keys.

    Another handler that wrote the line before has left it whole under ``message``.
    """
    event.pop("message", None)
    if event.pop("request", None) is not None:
        event["event"] = str(event["event"]).split(": ", 1)[0]
    return event


def without_arguments(_logger: object, _name: str, event: EventDict) -> EventDict:
    """Drop what a task was called with, what it returned, and what its exceptions say.

    Celery writes all of them into its line about a task that failed or is tried again. The kinds of
    the exceptions stay, with the lines of code where they were raised.
    """
    given, record = event.pop("positional_args", None), event.get("_record")
    if record is None or record.name != TASKS:
        return event
    event.pop("data", None)
    if isinstance(given, dict):
        facts = {key: said for key, said in given.items() if key in FACTS_OF_TASKS}
        form = str(record.msg).split(": %(", 1)[0]
        event["event"] = form % (dict.fromkeys(given, "") | facts)
    if isinstance(raised := event.get("exc_info"), tuple) and raised[1] is not None:
        kind, exception, traceback = raised
        event["exc_info"] = (kind, _silent(exception), traceback)
    return event


def _silent(exception: BaseException) -> BaseException:
    """Return an exception of the same kind and from the same place, with its causes, wordless."""
    kind = type(exception)
    told: BaseException = type(kind.__name__, (Exception,), {"__module__": kind.__module__})()
    told.__traceback__ = exception.__traceback__
    told.__cause__ = _silent(exception.__cause__) if exception.__cause__ else None
    told.__context__ = _silent(exception.__context__) if exception.__context__ else None
    told.__suppress_context__ = exception.__suppress_context__
    return told


def configuration(*, level: str, as_json: bool) -> dict[str, Any]:
    """Return Django's LOGGING, and point structlog at the same handler."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        without_addresses,
        without_arguments,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = (
        [TRACEBACKS, structlog.processors.JSONRenderer()]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "events": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "pass_foreign_args": True,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    *last,
                ],
            },
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "celery": {"level": level},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }


@before_task_publish.connect
def send_request_id(headers: dict[str, Any] | None = None, **_: object) -> None:
    """Let a task know the request that caused it."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if headers is not None and request_id:
        headers["request_id"] = request_id


@task_prerun.connect
def bind_task(task_id: str, task: Any, **_: object) -> None:
    """Name the task, and the request that caused it, on every event."""
    structlog.contextvars.bind_contextvars(task_id=task_id, task=task.name)
    if request_id := getattr(task.request, "request_id", None):
        structlog.contextvars.bind_contextvars(request_id=request_id)


@task_postrun.connect
def unbind_task(**_: object) -> None:
    """Forget the task."""
    structlog.contextvars.unbind_contextvars("task_id", "task", "request_id")
