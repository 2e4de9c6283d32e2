"""Sweeps that keep the promises: each recomputes from the tables what is due at a moment.

Run twice, late, never for a day or three at once, they end in the same state: whatever was due
is found by its date, claimed with SKIP LOCKED and told under a unique key.
"""

from datetime import datetime
from typing import Final

from opportunities.promises.answers import (
    count_replies,
    lapse_offers,
    release,
    remind_employers,
    tell_overdue,
    warn_of_lapse,
)
from opportunities.promises.postings import (
    ask_outcomes,
    ask_to_confirm,
    close_ended,
    hide_silent,
    warn_silent,
)
from opportunities.promises.presence import climb_no_show_ladder
from opportunities.promises.reviews import show_reviews

ANSWER_SWEEPS: Final = (
    remind_employers,
    tell_overdue,
    release,
    warn_of_lapse,
    lapse_offers,
    count_replies,
)
POSTING_SWEEPS: Final = (close_ended, warn_silent, ask_to_confirm, hide_silent, ask_outcomes)
CONDUCT_SWEEPS: Final = (climb_no_show_ladder, show_reviews)


def keep_answers(*, at: datetime) -> dict[str, int]:
    """Run the clock of answers and offers; return how many rows each sweep acted on."""
    return {sweep.__name__: sweep(at=at) for sweep in ANSWER_SWEEPS}


def keep_postings(*, at: datetime) -> dict[str, int]:
    """Close, hide and ask about postings; return how many rows each sweep acted on."""
    return {sweep.__name__: sweep(at=at) for sweep in POSTING_SWEEPS}


def keep_conduct(*, at: datetime) -> dict[str, int]:
    """Climb the ladder of absence and open feedback; return the rows each sweep acted on."""
    return {sweep.__name__: sweep(at=at) for sweep in CONDUCT_SWEEPS}


__all__ = [
    "ANSWER_SWEEPS", "CONDUCT_SWEEPS", "POSTING_SWEEPS", "ask_outcomes", "ask_to_confirm",
    "climb_no_show_ladder", "close_ended", "count_replies", "hide_silent", "keep_answers",
    "keep_conduct", "keep_postings", "lapse_offers", "release", "remind_employers", "show_reviews",
    "tell_overdue", "warn_of_lapse", "warn_silent",
]  # fmt: skip
