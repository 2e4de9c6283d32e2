"""True pay: any way of paying, as an hourly rate. Money is integer minor units of one currency.

Cards, filters, the floor, the model and the API all take their figure from here (rule 3.3).
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PayKind(TextChoices):
    HOURLY = "hourly", _("Hourly")
    FIXED_FEE = "fixed_fee", _("Fixed fee")
    STIPEND_MONTH = "stipend_month", _("Monthly stipend")
    UNPAID = "unpaid", _("Unpaid")


EXPONENT: Final[Mapping[str, int]] = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip
"""Decimal places of the currencies that do not have two (ISO 4217)."""

CURRENCIES: Final = (
    "AED", "ARS", "AUD", "BDT", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK",
    "EGP", "EUR", "GBP", "GHS", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KES", "KRW",
    "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PKR", "PLN", "RON", "RWF", "SEK",
    "SGD", "THB", "TND", "TRY", "TWD", "TZS", "UAH", "UGX", "USD", "VND", "XAF", "XOF", "ZAR",
)  # fmt: skip
"""ISO 4217 codes that the site knows."""

MONTHS_PER_WEEK: Final = Fraction(12, 52)


def to_minor(amount: Decimal, currency: str) -> int:
    """Turn a major-unit amount into minor units; raise ``ValueError`` if it has finer parts."""
    scaled = amount.scaleb(EXPONENT.get(currency, 2))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more decimals than {currency} has.")
    return int(scaled)


def to_major(minor: int, currency: str) -> Decimal:
    """Turn minor units into a decimal amount with the currency's own number of places."""
    return Decimal(minor).scaleb(-EXPONENT.get(currency, 2))


def major_text(minor: int | None, currency: str) -> str | None:
    """Return an amount in majors as the API writes it, or None where it is not stated."""
    return None if minor is None else str(to_major(minor, currency))


def amount_json(minor: int | None, currency: str) -> dict[str, str] | None:
    """Return an amount with its currency as the API has it, or None where it is not stated."""
    if minor is None:
        return None
    return {"amount": str(to_major(minor, currency)), "currency": currency}


def income(
    kind: str, amount_minor: int, *, hours: float | Decimal, weeks: float | Decimal
) -> Fraction:
    """Return what the whole engagement pays, in minor units (model.md section 2, ``income``)."""
    amount = Fraction(amount_minor)
    match kind:
        case PayKind.HOURLY:
            return amount * Fraction(hours)
        case PayKind.FIXED_FEE:
            return amount
        case PayKind.STIPEND_MONTH:
            return amount * Fraction(weeks) * MONTHS_PER_WEEK
        case PayKind.UNPAID:
            return Fraction(0)
    raise ValueError(f"{kind!r} is no way of paying.")


def hourly_minor(
    kind: str | None,
    amount_minor: int | None,
    *,
    hours: float | Decimal | None,
    weeks: float | Decimal | None,
) -> int | None:
    """Return the effective pay of one hour in minor units, or None where it cannot be known.

    Rounded half up: a minor unit more an hour is never rounded away. Hourly pay needs no duration;
    a fee needs the hours; a stipend both.
    """
    if kind is None:
        return None
    if kind == PayKind.UNPAID:
        return 0
    if amount_minor is None:
        return None
    if kind == PayKind.HOURLY:
        return amount_minor
    if not hours or (kind == PayKind.STIPEND_MONTH and not weeks):
        return None
    total = income(kind, amount_minor, hours=hours, weeks=weeks or 0)
    return floor(total / Fraction(hours) + Fraction(1, 2))


def convert(minor: int, *, rate: Decimal, source: str, target: str) -> int:
    """Turn minor units of one currency into another; ``rate`` is target majors a source major."""
    major = to_major(minor, source) * rate
    return round(major.scaleb(EXPONENT.get(target, 2)))
