"""What an advert says it pays: never what it raised, spends on lunch or pays for the bus."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from opportunities.importing.adverts.advert import Advert, Labelled, Span
from opportunities.importing.adverts.rows import MONEY, TIME, is_by_day
from opportunities.importing.adverts.words import CUES
from opportunities.importing.parsing.languages import in_english
from opportunities.importing.parsing.payments import Payment, parse_payment

_I: Final = re.IGNORECASE


class _Offer(NamedTuple):
    payment: Payment
    span: Span


def read_pay(advert: Advert, lists: list[list[Span]]) -> None:
    """Fill how it is paid, the amount or range and the currency; all from the same words."""
    offers = [offer for line in advert.of("pay") for offer in _labelled_pay(advert, line)]
    if not offers and not advert.of("pay"):
        offers = list(_pay_in_sentences(advert, lists))
    if not offers:
        return
    first = offers[0]
    kinds = {(offer.payment.kind, offer.payment.amount, offer.payment.most) for offer in offers}
    if len(kinds) > 1:
        advert.leave("pay", *(offer.span for offer in offers), why="contradicts")
        return
    spans = [offer.span for offer in offers]
    payment = first.payment
    advert.add("pay_kind", str(payment.kind), spans)
    if payment.amount is None:
        return
    advert.add("pay_amount", payment.amount, spans)
    if payment.most is not None:
        advert.add("pay_max", payment.most, spans)
    advert.add("pay_currency", payment.currency, spans)
    if payment.weeks is not None and not advert.find("weeks"):
        advert.add("weeks", payment.weeks, spans)


def _paid(advert: Advert, words: str, kind: str = "") -> Payment:
    plain = in_english(words, advert.language)
    if advert.language == "fr":
        plain = re.sub(r"(?<=\d)\s(?=\d{3}\b)", "", plain)
    plain = re.sub(r"\b(?:gross|gratification|about|beträgt|liegt bei)\b", " ", plain, flags=_I)
    return parse_payment(
        " ".join(plain.split()), currency=advert.currency, country=advert.country, kind=kind
    )


def _labelled_pay(advert: Advert, line: Labelled) -> Iterator[_Offer]:
    kind = "hour" if re.search(r"hour|stunde|heure|horaire", line.label) else ""
    kind = "fixed" if line.label == "fixed price" else kind
    words = advert.at(line.value)
    if is_by_day(line.label):
        words = f"{words} per day"
    payment = _paid(advert, words, kind)
    if payment.kind is not None:
        yield _Offer(payment, line.value)
        return
    found = CUES["unpaid"].search(words)
    if found and not CUES["not_unpaid"].search(words[: found.start()]) and not MONEY.search(words):
        start = line.value.start + found.start()
        yield _Offer(Payment("unpaid"), Span(start, start + len(found[0])))
        return
    any_told = False
    for match in MONEY.finditer(advert.plain, line.value.start, line.value.end):
        if _is_other_money(advert, match):
            continue
        any_told = True
        payment = _paid(advert, match[0], kind)
        if payment.kind is not None and not _is_of_full_time(advert, Span.of(match)):
            yield _Offer(payment, Span.of(match))
        else:
            _leave(advert, Span.of(match), line.label)
    if not any_told:
        _leave(advert, line.value, line.label)


def _leave(advert: Advert, span: Span, label: str = "") -> None:
    why = "unclear"
    if is_by_day(f"{label} {advert.at(span)}"):
        why = "by_the_day"
    elif _is_of_full_time(advert, span):
        why = "pro_rata"
    advert.leave("pay", span, why=why)


def _is_of_full_time(advert: Advert, span: Span) -> bool:
    """Say whether an amount is what full-time work would be paid."""
    return bool(
        CUES["pro_rata"].match(advert.after(span.end))
        or CUES["pro_rata_before"].search(advert.before(span.start))
    )


def _is_other_money(advert: Advert, match: re.Match[str]) -> bool:
    return bool(
        CUES["not_pay_before"].search(advert.before(match.start()))
        or CUES["not_pay_after"].match(advert.after(match.end()))
    )


def paid_by_day(advert: Advert) -> list[Span]:
    """Return where an advert states pay by the day, with the days or hours that it is for."""
    return [
        Span.of(match)
        for match in advert.matches(MONEY)
        if is_by_day(match[0]) and not _is_other_money(advert, match)
    ]


def _is_for_all(advert: Advert) -> bool:
    """Say whether an amount alone is for all of it: an advert of one line that states no rate."""
    said = [match["per"] for match in advert.matches(TIME)]
    return "\n" not in advert.plain.strip() and bool(said) and not any(said)


def _pay_in_sentences(advert: Advert, lists: list[list[Span]]) -> Iterator[_Offer]:
    listed = [part for parts in lists for part in parts]
    for match in advert.matches(MONEY):
        span = Span.of(match)
        if _is_other_money(advert, match):
            continue
        in_list = next((part for part in listed if part.holds(span)), None)
        if in_list is not None:
            span = in_list if MONEY.fullmatch(advert.at(in_list)) else span
        payment = _paid(advert, advert.at(span))
        if _is_of_full_time(advert, span):
            _leave(advert, span)
            continue
        if payment.kind is None and in_list == span and not match["lead"] and _is_for_all(advert):
            payment = _paid(advert, f"{advert.at(span)} fixed")
        if payment.kind is None:
            _leave(advert, span)
            continue
        yield _Offer(payment, span)
    for found in advert.matches(CUES["unpaid"]):
        before, after = advert.before(found.start()), advert.after(found.end())
        if not CUES["not_unpaid"].search(before) and not CUES["not_unpaid_after"].match(after):
            yield _Offer(Payment("unpaid"), Span.of(found))
