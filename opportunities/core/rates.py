"""The site's currency, and what one major unit of the others is worth in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from django.db import connection

from opportunities.core import pay
from opportunities.core.models import ExchangeRate, Site

KEPT: Final = f"""
    (SELECT currency FROM {Site._meta.db_table} WHERE id = 1),
    (SELECT json_object_agg(currency, rate::text) FROM {ExchangeRate._meta.db_table})
"""  # noqa: S608
"""The SQL of what the administrator keeps; ``Rates.of_row`` reads it."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Amounts of other currencies become amounts of the site's, where a rate is known."""

    currency: str
    of: Mapping[str, Decimal]

    @classmethod
    def load(cls) -> Self:
        """Read what the administrator keeps."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {KEPT}")
            return cls.of_row(*cursor.fetchone())

    @classmethod
    def of_row(cls, currency: str | None, rates: Mapping[str, str] | None) -> Self:
        """Return what a row of ``KEPT`` says; without a site's row its default holds."""
        known = {name: Decimal(rate) for name, rate in (rates or {}).items()}
        return cls(currency or Site._meta.get_field("currency").get_default(), known)

    def known(self, currency: str) -> bool:
        """Say whether amounts of this currency can be compared."""
        return currency == self.currency or currency in self.of

    def major(self, minor: int, currency: str) -> float:
        """Return an amount in majors of the site's currency; the currency must be known."""
        amount = pay.to_major(minor, currency)
        return float(amount if currency == self.currency else amount * self.of[currency])

    def convert(self, minor: int | None, currency: str) -> int | None:
        """Return an amount in minors of the site's currency, or None where no rate is known."""
        if minor is None or currency == self.currency or minor == 0:
            return minor
        if (rate := self.of.get(currency)) is None:
            return None
        return pay.convert(minor, rate=rate, source=currency, target=self.currency)

    def back(self, minor: int, currency: str) -> int:
        """Return an amount of the site's currency in minors of another, which must be known."""
        if currency == self.currency:
            return minor
        rate = 1 / self.of[currency]
        return pay.convert(minor, rate=rate, source=self.currency, target=currency)
