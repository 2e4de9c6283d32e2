"""Money as the engine sees it: major units of the site's currency, or nothing to compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from opportunities.models import ExchangeRate, Site
from opportunities.pay import to_major


@dataclass(frozen=True, slots=True)
class Rates:
    """The site's currency and what one major unit of the others is worth in it."""

    currency: str
    rates: Mapping[str, Decimal]

    @classmethod
    def read(cls) -> Self:
        """Read what the administrator keeps."""
        return cls(Site.load().currency, dict(ExchangeRate.objects.values_list("currency", "rate")))

    def known(self, currency: str) -> bool:
        """Say whether amounts of this currency can be compared."""
        return currency == self.currency or currency in self.rates

    def major(self, minor: int, currency: str) -> float:
        """Return an amount in majors of the site's currency; the currency must be known."""
        amount = to_major(minor, currency)
        return float(amount if currency == self.currency else amount * self.rates[currency])
