"""Money as the engine sees it: major units of the site's currency, or nothing to compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from django.db import connection

from opportunities.core.models import ExchangeRate, Site
from opportunities.core.pay import to_major

KEPT: Final = f"""
    (SELECT currency FROM {Site._meta.db_table} WHERE id = 1),
    (SELECT json_object_agg(currency, rate::text) FROM {ExchangeRate._meta.db_table})
"""  # noqa: S608
"""The SQL of what the administrator keeps; ``SiteCurrency.of`` reads it."""


@dataclass(frozen=True, slots=True)
class SiteCurrency:
    """The site's currency and what one major unit of the others is worth in it."""

    currency: str
    rates: Mapping[str, Decimal]

    @classmethod
    def read(cls) -> Self:
        """Read what the administrator keeps."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {KEPT}")
            return cls.of(*cursor.fetchone())

    @classmethod
    def of(cls, currency: str | None, rates: Mapping[str, str] | None) -> Self:
        """Return what a row of ``KEPT`` says; without a site's row its default holds."""
        known = {name: Decimal(rate) for name, rate in (rates or {}).items()}
        return cls(currency or Site._meta.get_field("currency").get_default(), known)

    def known(self, currency: str) -> bool:
        """Say whether amounts of this currency can be compared."""
        return currency == self.currency or currency in self.rates

    def major(self, minor: int, currency: str) -> float:
        """Return an amount in majors of the site's currency; the currency must be known."""
        amount = to_major(minor, currency)
        return float(amount if currency == self.currency else amount * self.rates[currency])
