"""Figures of an employer that follow from the work done for it."""

from collections.abc import Collection
from typing import Final, NamedTuple

from opportunities.core.providers import Provider
from opportunities.employers.models import Employer


class HourlyPay(NamedTuple):
    """What an employer really paid an hour, over its signed completions."""

    hourly_minor: int
    currency: str
    completions: int


realised_hourly_pays: Final[Provider[[Collection[Employer]], dict[int, HourlyPay]]] = Provider(
    "what employers really paid an hour"
)
"""Returns the pay of each of these employers by its key, where it is known."""
