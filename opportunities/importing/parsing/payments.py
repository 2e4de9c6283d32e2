"""Pay in words: "₹ 5,000-10,000 /month", "300 fixed", "$20/hr", "Unpaid".

Amounts are kept as they are written, in major units. Weekly and yearly pay becomes a monthly
stipend (52 weeks and 12 months to a year). Pay by the day is read where the words say how many
days are paid, or how many hours a day has. An amount that does not say what it is paid for, or
only its upper end, states no pay.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from opportunities.core.iso_names import CURRENCY_SIGNS, DOLLARS, KRONER, YEN_OR_YUAN, currency_in
from opportunities.core.patterns import Patterns
from opportunities.core.pay import CURRENCIES, EXPONENT, PayKind
from opportunities.importing.parsing.numerals import NUMBER, parse_number, spell_out

_SIGNS: Final[Mapping[str, str]] = {
    **CURRENCY_SIGNS,
    "rs.": "INR", "rs": "INR", "rupees": "INR", "pounds": "GBP", "euros": "EUR", "euro": "EUR",
}  # fmt: skip
_SHARED_SIGNS: Final[Mapping[str, tuple[str, ...]]] = {
    "$": (*DOLLARS, "MXN", "ARS", "CLP", "COP", "TWD"),
    "dollars": (*DOLLARS, "TWD"),
    "¥": YEN_OR_YUAN,
    "kr": KRONER,
}
"""Signs of several currencies; the first is meant unless the file or the country says another."""

_SURE_FIRST: Final = frozenset({"$", "dollars"})

_SIGN: Final = (
    "(?:"
    + "|".join(
        re.escape(sign) if not sign[-1].isalpha() else rf"\b{re.escape(sign)}(?![a-z])"
        for sign in sorted(
            [*_SIGNS, *_SHARED_SIGNS, *(code.lower() for code in CURRENCIES)],
            key=lambda sign: (-len(sign), sign),
        )
    )
    + ")"
)
_TIMES: Final[Mapping[str, int]] = {"k": 1_000, "lakh": 100_000, "lac": 100_000, "l": 100_000}
_TIMES_PATTERN: Final = r"(?:lakhs?|lacs?|k|l)\b"
_AMOUNT: Final = re.compile(
    rf"(?:(?P<low_sign>{_SIGN})\s*)?(?P<low>{NUMBER})\s*(?P<low_times>{_TIMES_PATTERN})?"
    rf"(?:/-)?\s*(?P<low_after>{_SIGN})?"
    r"(?:\s*(?P<unit>(?:/|per)\s*[a-z]+)?\s*(?:-|to|and)\s*"
    rf"(?:(?P<high_sign>{_SIGN})\s*)?(?P<high>{NUMBER})\s*(?P<high_times>{_TIMES_PATTERN})?"
    rf"(?:/-)?\s*(?P<high_after>{_SIGN})?)?"
)

_SAID: Final = Patterns(Path(__file__).with_suffix(".toml"), number=NUMBER, sign=_SIGN)
_CUES: Final = _SAID.compiled("cues")
_UNITS: Final = [(unit, _CUES[unit]) for unit in ("hour", "month", "week", "year", "fixed")]
_WEEKS_IN: Final = {"week": Decimal(1), "month": Decimal(52) / 12}
_FILLER: Final = frozenset(_SAID.said["words"]["filler"].split())
_VAGUE: Final = frozenset(_SAID.said["words"]["vague"].split())


@dataclass(frozen=True, slots=True)
class Payment:
    """What a text says of pay, in major units; ``whole`` unless it says more than that."""

    kind: str | None = None
    amount: Decimal | None = None
    most: Decimal | None = None
    currency: str = ""
    whole: bool = True
    weeks: float | None = None
    """The weeks that the amount is for, where the words say so."""


NOTHING: Final = Payment(whole=False)


def parse_payment(text: str, *, currency: str = "", country: str = "", kind: str = "") -> Payment:
    """Return kind, amount or range, and currency; nothing where the words are not sure.

    ``currency`` is the file's, for amounts without a sign and to tell dollars apart; ``country``
    is the role's; ``kind`` is what the file says elsewhere of how the amount is paid.
    """
    line = spell_out(text).strip(" .;,")
    if len(line) > 200:
        return NOTHING
    if _CUES["unpaid"].fullmatch(line):
        return Payment(PayKind.UNPAID)
    beside = _CUES["beside_unpaid"].search(line)
    if beside and _CUES["unpaid"].fullmatch(line, endpos=beside.start()):
        return Payment(PayKind.UNPAID, whole=False)
    line = re.sub(r"\blpa\b", "lakh inr per year", line)
    line = re.sub(r"(?<=\d)\s*\+(?=\s*(?:/|per\b|an?\b|$))", " from ", line)
    line = re.sub(r"\b1[ -](?:time|off)\b", "fixed", line)
    line = _CUES["inclusive"].sub(r"\g<rate>", line)
    line, times = _by_day(line)
    line, weeks = _for_weeks(line)
    rest, extras = _CUES["extra"].subn(" ", line)
    if _CUES["never"].search(rest):
        return NOTHING
    found = [match for match in _AMOUNT.finditer(rest) if match["low"]]
    if len(found) != 1:
        return NOTHING
    read = _payment(found[0], rest, currency=currency, country=country, kind=kind, extras=extras)
    if times and read.kind and read.amount:
        read = _multiplied(read, times)
    return replace(read, weeks=weeks) if read.kind else read


def _by_day(line: str) -> tuple[str, Decimal | None]:
    """Take out what pay by the day is for, and return by what the amount is multiplied.

    "£120 a day for 5 days" is 600 in all, "£120 a day (8 hours)" is 15 an hour; a day alone has no
    length.
    """
    for cue, unit, most in (("hours_of_day", "hourly", 12), ("days_paid", "fixed", 260)):
        found = list(_CUES[cue].finditer(line))
        if len(found) != 1:
            continue
        count = next(filter(None, map(parse_number, filter(None, found[0].groups()))), None)
        around = f"{line[: found[0].start()]} ; {line[found[0].end() :]}"
        rest, rates = _CUES["per_day"].subn(f" {unit} ", around)
        if count and count <= most and rates == 1:
            return rest, count if unit == "fixed" else 1 / count
    return line, None


def _for_weeks(line: str) -> tuple[str, float | None]:
    """Take out the time that an amount is for; without a unit of its own it pays for all of it."""
    found = list(_CUES["for_time"].finditer(line))
    if len(found) != 1:
        return line, None
    one = found[0]
    rest = f"{line[: one.start()]} {line[one.end() :]}"
    count = parse_number(one["count"])
    if count is None:
        return line, None
    if not any(pattern.search(rest) for _, pattern in _UNITS):
        rest += " fixed"
    return rest, float(round(count * _WEEKS_IN[one["unit"]], 2))


def _payment(
    found: re.Match[str], line: str, *, currency: str, country: str, kind: str, extras: int
) -> Payment:
    low, high = _ends(found)
    named = {_currency(found[name], currency, country) for name in _SIGN_PLACES if found[name]}
    rest = f"{line[: found.start()]} ; {found['unit'] or ''} {line[found.end() :]}"
    units = []
    for unit, pattern in _UNITS:
        rest, count = pattern.subn(" ", rest)
        if count:
            units.append(unit)
    after = re.search(rf"{_SIGN}", rest)
    if after and not named:
        named = {_currency(after[0], currency, country)}
        rest = rest.replace(after[0], " ", 1)
    lower_only = bool(_CUES["open_above"].search(rest)) and high is None
    rest = _CUES["open_above"].sub(" ", rest)
    words = re.findall(r"[^\s;:,.()\[\]~/|*-]+", rest)
    code = named.pop() if named else currency
    if (
        low is None
        or (high is not None and high < low)
        or named
        or not code
        or len(units) > 1
        or _CUES["open_below"].search(rest)
        or any(word not in _FILLER for word in words)
    ):
        return NOTHING
    vague = bool(extras) or lower_only or "~" in rest or any(word in _VAGUE for word in words)
    unit = units[0] if units else kind
    if not low and not high:
        return Payment(PayKind.UNPAID, whole=not vague)
    return _of_unit(unit, low, high, code, whole=not vague)


_SIGN_PLACES: Final = ("low_sign", "low_after", "high_sign", "high_after")


def _ends(found: re.Match[str]) -> tuple[Decimal | None, Decimal | None]:
    low, high = parse_number(found["low"]), None
    low_times, high_times = _times(found["low_times"]), _times(found["high_times"])
    if found["high"]:
        high = parse_number(found["high"])
        if high is None or low is None:
            return None, None
        # "5-10k" is 5,000 to 10,000: nobody offers a range from 5.
        if high_times > 1 and low_times == 1 and low < high:
            low_times = high_times
        high *= high_times
    return None if low is None else low * low_times, high


def _multiplied(read: Payment, times: Decimal) -> Payment:
    finest = Decimal(1).scaleb(-EXPONENT.get(read.currency, 2))
    amount, most = (
        None if each is None else (each * times).quantize(finest)
        for each in (read.amount, read.most)
    )
    return replace(read, amount=amount, most=most, whole=False)


def _times(word: str | None) -> int:
    return _TIMES[word.removesuffix("s")] if word else 1


def _currency(sign: str, file_currency: str, country: str) -> str:
    """Return the currency of a sign, or the empty text where it may be several."""
    if sign in _SIGNS:
        return _SIGNS[sign]
    if sign in _SHARED_SIGNS:
        shared = _SHARED_SIGNS[sign]
        if (local := currency_in(country)) in shared:
            return local
        if file_currency in shared:
            return file_currency
        return shared[0] if sign in _SURE_FIRST else ""
    return sign.upper()


def _of_unit(
    unit: str, low: Decimal, high: Decimal | None, currency: str, *, whole: bool
) -> Payment:
    kinds = {
        "hour": PayKind.HOURLY,
        "month": PayKind.STIPEND_MONTH,
        "fixed": PayKind.FIXED_FEE,
        **{kind.value: kind for kind in PayKind},
    }
    if unit in kinds:
        return Payment(kinds[unit], low, high, currency, whole)
    share = {"week": Decimal(52) / 12, "year": Decimal(1) / 12}.get(unit)
    if share is None:
        return NOTHING
    return _multiplied(Payment(PayKind.STIPEND_MONTH, low, high, currency), share)
