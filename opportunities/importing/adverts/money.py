"""What an advert says it pays: never what it raised, spends on lunch or pays for the bus."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from opportunities.importing.adverts.advert import Span
from opportunities.importing.adverts.reading import Labelled, Reading
from opportunities.importing.adverts.rows import MONEY, TIME, is_by_day
from opportunities.importing.parsing import Payment, parse_payment
from opportunities.importing.parsing.languages import in_english

_I: Final = re.IGNORECASE

_NOT_PAY_BEFORE: Final = re.compile(
    r"\b(?:rais\w+|revenue\w*|turnover|fund\w*|grants?|worth|priz\w+|voucher\w*|expenses|travel"
    r"|deposit|invoices?|sales|sav\w+|budgets?|spend\w*|donat\w+|costs?|umsatz|spenden|fahrt\w*"
    r"|subvention|dons|frais|chiffre|ticket\w*|transport|bonus|lunch|allowance|collect\w*|fees for"
    r"|remboursement\w*|remboursés?|zuschuss|prix|levé|aid|discount|reimburs\w+|erstatt\w+)"
    r"\W(?:[^.;,]{0,20})$",
    _I,
)
_NOT_PAY_AFTER: Final = re.compile(
    r"\s*(?:(?:a|per|pro|par) (?:day|tag|jour) )?(?:for|towards?|of|in|für|de|pour|an)?\s*(?:your "
    r"|the |les )?(?:lunch|travel|expenses|donations?|food|transport|vouchers?|funding|turnover"
    r"|revenue|grants?|allowance|tickets?|fahrt\w*|frais|spenden|dons|million|m\b|bn\b|budget|sales"
    r"|raised|prize|customers|users|laptop|equipment|verpflegung|repas)",
    _I,
)
_UNPAID: Final = re.compile(
    r"\b(?:unpaid|unbezahlt(?:es|e|er)?|unvergütet(?:es|e)?|unentgeltlich(?:es|e)?|ehrenamtlich(?:e"
    r"|es)?|no (?:pay|stipend|salary)|non[- ]rémunérée?s?|bénévole|bénévolat|sans rémunération"
    r"|keine vergütung|ohne vergütung|nicht vergütet|not paid|voluntary (?:role|position|placement"
    r"|internship|work)|volunteer (?:role|position|placement|internship))\b",
    _I,
)
_NOT_UNPAID: Final = re.compile(
    r"\b(?:not|never|no|nor|don't|isn't|against|nicht|nie|kein\w*|jamais|pas de"
    r"|pas)\s+(?:\w+\s+){0,2}$|\b(?:not|never|don't|jamais|nie)\b[^.]*$",
    _I,
)
_NOT_UNPAID_AFTER: Final = re.compile(
    r"\s*(?:invoices?|leave|bills?|debts?|overtime|rechnungen|urlaub|factures?|internships\b|work\b"
    r"|trial|breaks?|lunch|hours)(?! shadowing| experience| placement)",
    _I,
)


class _Offer(NamedTuple):
    payment: Payment
    span: Span


def read_pay(reading: Reading, lists: list[list[Span]]) -> None:
    """Fill how it is paid, the amount or range and the currency; all from the same words."""
    offers = [offer for line in reading.of("pay") for offer in _labelled_pay(reading, line)]
    if not offers and not reading.of("pay"):
        offers = list(_pay_in_sentences(reading, lists))
    if not offers:
        return
    first = offers[0]
    kinds = {(offer.payment.kind, offer.payment.amount, offer.payment.most) for offer in offers}
    if len(kinds) > 1:
        reading.leave("pay", *(offer.span for offer in offers), why="contradicts")
        return
    spans = [offer.span for offer in offers]
    payment = first.payment
    reading.add("pay_kind", str(payment.kind), spans)
    if payment.amount is None:
        return
    reading.add("pay_amount", payment.amount, spans)
    if payment.most is not None:
        reading.add("pay_max", payment.most, spans)
    reading.add("pay_currency", payment.currency, spans)
    if payment.weeks is not None and not reading.has("weeks"):
        reading.add("weeks", payment.weeks, spans)


def _paid(reading: Reading, words: str, kind: str = "") -> Payment:
    plain = in_english(words, reading.language)
    if reading.language == "fr":
        plain = re.sub(r"(?<=\d)\s(?=\d{3}\b)", "", plain)
    plain = re.sub(r"\b(?:gross|gratification|about|beträgt|liegt bei)\b", " ", plain, flags=_I)
    return parse_payment(
        " ".join(plain.split()), currency=reading.currency, country=reading.country, kind=kind
    )


def _labelled_pay(reading: Reading, line: Labelled) -> Iterator[_Offer]:
    kind = "hour" if re.search(r"hour|stunde|heure|horaire", line.label) else ""
    kind = "fixed" if line.label == "fixed price" else kind
    words = reading.words(line.value)
    if is_by_day(line.label):
        words = f"{words} per day"
    payment = _paid(reading, words, kind)
    if payment.kind is not None:
        yield _Offer(payment, line.value)
        return
    found = _UNPAID.search(words)
    if found and not _NOT_UNPAID.search(words[: found.start()]) and not MONEY.search(words):
        start = line.value.start + found.start()
        yield _Offer(Payment("unpaid"), Span(start, start + len(found[0])))
        return
    any_read = False
    for match in MONEY.finditer(reading.plain, line.value.start, line.value.end):
        if _is_other_money(reading, match):
            continue
        payment = _paid(reading, match[0], kind)
        if payment.kind is not None:
            any_read = True
            yield _Offer(payment, Span.of(match))
        else:
            _leave(reading, Span.of(match), line.label)
    if not any_read:
        _leave(reading, line.value, line.label)


def _leave(reading: Reading, span: Span, label: str = "") -> None:
    by_day = is_by_day(f"{label} {reading.words(span)}")
    reading.leave("pay", span, why="by_the_day" if by_day else "unclear")


def _is_other_money(reading: Reading, match: re.Match[str]) -> bool:
    return bool(
        _NOT_PAY_BEFORE.search(reading.before(match.start()))
        or _NOT_PAY_AFTER.match(reading.after(match.end()))
    )


def paid_by_day(reading: Reading) -> list[Span]:
    """Return where an advert states pay by the day, with the days or hours that it is for."""
    return [
        Span.of(match)
        for match in reading.matches(MONEY)
        if is_by_day(match[0]) and not _is_other_money(reading, match)
    ]


def _is_for_all(reading: Reading) -> bool:
    """Say whether an amount alone is for all of it: an advert of one line that states no rate."""
    said = [match["per"] for match in reading.matches(TIME)]
    return "\n" not in reading.plain.strip() and bool(said) and not any(said)


def _pay_in_sentences(reading: Reading, lists: list[list[Span]]) -> Iterator[_Offer]:
    listed = [part for parts in lists for part in parts]
    for match in reading.matches(MONEY):
        span = Span.of(match)
        if _is_other_money(reading, match):
            continue
        in_list = next((part for part in listed if part.holds(span)), None)
        if in_list is not None:
            span = in_list if MONEY.fullmatch(reading.words(in_list)) else span
        payment = _paid(reading, reading.words(span))
        if payment.kind is None and in_list == span and not match["lead"] and _is_for_all(reading):
            payment = _paid(reading, f"{reading.words(span)} fixed")
        if payment.kind is None:
            _leave(reading, span)
            continue
        yield _Offer(payment, span)
    for found in reading.matches(_UNPAID):
        if _NOT_UNPAID.search(reading.before(found.start())) or _NOT_UNPAID_AFTER.match(
            reading.after(found.end())
        ):
            continue
        yield _Offer(Payment("unpaid"), Span.of(found))
