"""How often an employer answers within its promise."""

import math
from typing import NamedTuple

from opportunities.employers.models import Employer

Z = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


class ReplyRate(NamedTuple):
    """Share of due applications that were answered: with its count and lower confidence bound."""

    answered: int
    due: int
    share: float | None
    lower: float | None


def wilson_lower(hits: int, tries: int) -> float:
    """Return the lower bound of the 95 % Wilson score interval (E. B. Wilson, 1927)."""
    share = hits / tries
    spread = Z * math.sqrt(share * (1 - share) / tries + Z * Z / (4 * tries * tries))
    return max(0.0, (share + Z * Z / (2 * tries) - spread) / (1 + Z * Z / tries))


def reply_rate(employer: Employer) -> ReplyRate:
    """Return how often this employer answers within its promise and grace."""
    answered, due = employer.answered_count, employer.due_count
    if due == 0:
        return ReplyRate(answered, due, None, None)
    return ReplyRate(answered, due, answered / due, wilson_lower(answered, due))
