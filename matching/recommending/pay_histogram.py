"""The distribution of hourly pay over some roles, ready to be drawn."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from opportunities.core import languages
from opportunities.core.rates import Rates
from opportunities.roles.models import Opportunity

BARS: Final = 7
STEP: Final = 14.3
"""Percent of the width from one bar to the next."""
FLOOR: Final = 90
HEIGHT: Final = 70
MOST: Final = 500
FRESH: Final = 300


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it stands, how high it is, and the same in words."""

    x: float
    y: float
    height: float
    count: int
    words: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of equal width from the lowest pay to the highest."""

    bars: tuple[Bar, ...]
    count: int
    middle_at: float
    middle_words: str
    low_words: str
    high_words: str

    @property
    def label_at(self) -> float:
        """Where the label of the middle stands: left of it in the right half."""
        return self.middle_at - 2 if self.middle_at > 60 else self.middle_at + 2


def of_pay(hourly: Iterable[int | None], *, currency: str) -> Histogram | None:
    """Return the histogram of what roles pay an hour, in minor units.

    None if fewer than three pay and say how much, or if all of these pay the same.
    """
    rates = sorted(filter(None, hourly))
    if len(rates) < 3 or rates[0] == rates[-1]:
        return None
    low, high = rates[0], rates[-1]
    width = (high - low) / BARS
    counts = [0] * BARS
    for rate in rates:
        counts[min(BARS - 1, int((rate - low) / width))] += 1
    tallest = max(counts)
    middle = statistics.median_low(rates)
    return Histogram(
        bars=tuple(
            Bar(
                x=round(1 + STEP * place, 1),
                y=round(FLOOR - HEIGHT * count / tallest, 1),
                height=round(HEIGHT * count / tallest, 1),
                count=count,
                words=_("%(low)s to %(high)s")
                % {
                    "low": _words(low + place * width, currency),
                    "high": _words(low + (place + 1) * width, currency),
                },
            )
            for place, count in enumerate(counts)
        ),
        count=len(rates),
        middle_at=round(1 + 97 * (middle - low) / (high - low), 1),
        middle_words=languages.money(middle, currency),
        low_words=languages.money(low, currency),
        high_words=languages.money(high, currency),
    )


def of_open(kind: str, *, currency: str, at: datetime) -> Histogram | None:
    """Return the histogram of the newest open roles of a kind, at most ``FRESH`` seconds old.

    Amounts stand in the currency given; None if no rate of it is known.
    """

    def draw() -> Histogram | None:
        rates = Rates.load()
        if not rates.known(currency):
            return None
        newest = Opportunity.objects.listed(at=at).filter(kind=kind, hourly_minor__gt=0)
        paid = newest.order_by("-opened_at", "-id").values_list("hourly_minor", flat=True)
        hourly = [rates.back(minor, currency) for minor in paid[:MOST] if minor]
        return of_pay(hourly, currency=currency)

    key = f"pay-of-open:{kind}:{currency}:{get_language()}"
    return cast("Histogram | None", cache.get_or_set(key, draw, FRESH))


def _words(minor: float, currency: str) -> str:
    return languages.money(round(minor), currency)
