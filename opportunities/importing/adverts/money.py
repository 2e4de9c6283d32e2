"""What an advert says it pays: never what it raised, spends on lunch or pays for the bus."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from opportunities.importing.adverts.advert import Span
from opportunities.importing.adverts.reading import Labelled, Reading
from opportunities.importing.adverts.rows import MONEY, TIME, is_by_day
from opportunities.importing.adverts.words import CUES
from opportunities.importing.parsing.languages import in_english
from opportunities.importing.parsing.payments import Payment, parse_payment

_I: Final = re.IGNORECASE


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
    found = CUES["unpaid"].search(words)
    if found and not CUES["not_unpaid"].search(words[: found.start()]) and not MONEY.search(words):
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
        CUES["not_pay_before"].search(reading.before(match.start()))
        or CUES["not_pay_after"].match(reading.after(match.end()))
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
    for found in reading.matches(CUES["unpaid"]):
        before, after = reading.before(found.start()), reading.after(found.end())
        if not CUES["not_unpaid"].search(before) and not CUES["not_unpaid_after"].match(after):
            yield _Offer(Payment("unpaid"), Span.of(found))
