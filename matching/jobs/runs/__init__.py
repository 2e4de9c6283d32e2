"""Compute everything anew: freeze, price, rank in parts, publish by moving one pointer.

Every step commits only where the run still waits for it, so a step may run twice, late, or beside
itself; and each holds an advisory lock while it works, so that the sweep sees what nobody does.
"""

from matching.jobs.runs.entering import introduce_part, waiting_introductions
from matching.jobs.runs.freezing import freeze
from matching.jobs.runs.pricing import price
from matching.jobs.runs.publishing import publish, tidy
from matching.jobs.runs.ranking import rank_part
from matching.jobs.runs.steps import (
    NotNow,
    advance,
    cancel,
    request_run,
    waiting_parts,
    waiting_runs,
)

__all__ = [
    "NotNow",
    "advance",
    "cancel",
    "freeze",
    "introduce_part",
    "price",
    "publish",
    "rank_part",
    "request_run",
    "tidy",
    "waiting_introductions",
    "waiting_parts",
    "waiting_runs",
]
