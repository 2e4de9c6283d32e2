"""The last day to apply and the start; a day without a year counts if its weekday tells it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from opportunities.importing.adverts.advert import TIMES, Advert, Span
from opportunities.importing.adverts.words import CUES
from opportunities.importing.parsing.dates import parse_date, parse_start
from opportunities.importing.parsing.languages import MONTH, WEEKDAY, WEEKDAYS, in_english

_I: Final = re.IGNORECASE


def _day(advert: Advert, words: str) -> tuple[date | None, str]:
    """Return a day, or why it is none: the weekday tells the year where none is written."""
    plain = in_english(words.strip(" ."), advert.language)
    named = re.match(rf"({WEEKDAY}),?\s+(?:the |den |le )?", plain, _I)
    weekday = WEEKDAYS.get(named[1].casefold()) if named else None
    rest = plain[named.end() :] if named else plain
    rest = re.sub(r"(?<=\d)\.(?=\s+[^\W\d])", "", rest)
    order: Any = "day_first" if advert.language in {"de", "fr"} else ""
    day = parse_date(rest, order=order)
    if day is not None:
        agrees = weekday is None or day.weekday() == weekday
        return (day, "") if agrees else (None, "contradicts")
    if re.search(r"\d{4}", rest):
        return None, "unclear"
    if weekday is not None:
        for year in (advert.today.year, advert.today.year + 1):
            ahead = parse_date(f"{rest} {year}", order=order)
            if ahead and ahead >= advert.today:
                return (ahead, "") if ahead.weekday() == weekday else (None, "no_year")
    return None, "no_year"


def read_days(advert: Advert, lists: list[list[Span]]) -> None:
    """Fill the last day to apply and the window of the start."""
    _read_last_day(advert)
    _read_start(advert, [part for parts in lists for part in parts])


def _read_last_day(advert: Advert) -> None:
    said: dict[date, list[Span]] = {}
    for line in advert.of("apply_by"):
        days = list(CUES["day"].finditer(advert.at(line.value)))
        if len(days) != 1:
            advert.leave("apply_by", line.value)
            continue
        [found] = days
        start = line.value.start + found.start()
        _keep_day(advert, "apply_by", found[0], Span(start, start + len(found[0])), said)
    if not advert.of("apply_by"):
        for match in CUES["last_day"].finditer(advert.plain):
            span = Span.of(match, "date")
            if not advert.is_labelled(span) and CUES["applying"].search(advert.sentence(span)):
                _keep_day(advert, "apply_by", match["date"], span, said)
    advert.settle("apply_by", said)


def _keep_day(
    advert: Advert, name: str, words: str, span: Span, said: dict[date, list[Span]]
) -> None:
    day, why = _day(advert, words)
    if day is None:
        advert.leave(name, span, why=why)
    else:
        said.setdefault(day, []).append(span)


def _read_start(advert: Advert, listed: list[Span]) -> None:
    said: dict[tuple[date, date | None], list[Span]] = {}
    for span, words in _starts(advert, listed):
        if window := _window(advert, words):
            said.setdefault(window, []).append(span)
        elif not CUES["any_time"].search(words):
            has_year = re.search(r"\d{4}", words)
            advert.leave("start", span, why="unclear" if has_year else "no_year")
    if found := advert.agreed("start", said):
        (first, last), spans = found
        advert.add("start_earliest", first, spans)
        if last is not None:
            advert.add("start_latest", last, spans)


def _periods(advert: Advert, listed: list[Span]) -> Iterator[tuple[Span, date]]:
    """Yield the first day of periods, with where they stand.

    These stand behind a label or "from", or are a part of their own in a row of facts.
    """
    lines = advert.of("period", "duration", "commitment", "start")
    for match in advert.matches(CUES["period"]):
        span = Span.of(match)
        in_line = span in listed or any(line.value.holds(span) for line in lines)
        before = advert.before(span.start, 80)
        clause = re.split("[,;]", before)[-1]
        if not in_line and (
            not CUES["from"].search(before)
            or advert.is_labelled(span, besides=TIMES)
            or CUES["applying"].search(clause)
            or CUES["not_work"].search(clause)
        ):
            continue
        last, _ = _day(advert, match["last"])
        if match["last_month"] and (month := _window(advert, match["last_month"])):
            last = month[1]  # "until the end of August 2027"
        if last is not None and (first := _first_day(advert, match["first"], last)):
            yield span, first


def _first_day(advert: Advert, words: str, last: date) -> date | None:
    """Return the first day of a period whose year, and maybe month, only its last one says."""
    if re.search(r"\d{4}", words):
        first, _ = _day(advert, words)
        return first if first and first <= last else None
    plain = re.sub(r"(?<=\d)\.(?=\s|$)", "", in_english(f"{words} {last.year}", advert.language))
    number = re.fullmatch(r"(\d{1,2})\D* \d{4}", plain)
    if number and not re.search(MONTH, words, _I):
        return last.replace(day=int(number[1])) if 0 < int(number[1]) < last.day else None
    first = parse_date(plain)
    if first is not None and first > last:
        first = parse_date(plain.replace(str(last.year), str(last.year - 1)))
    return first


def _starts(advert: Advert, listed: list[Span]) -> Iterator[tuple[Span, str]]:
    """Yield where the start stands: behind a label, else in sentences that are not of applying."""
    periods = list(_periods(advert, listed))
    yield from ((span, first.isoformat()) for span, first in periods)
    lines = advert.of("start")
    lines = [line for line in lines if not _holds(line.value, periods)]
    yield from ((line.value, advert.at(line.value)) for line in lines)
    for line in advert.of("period"):
        words = advert.at(line.value)
        if _holds(line.value, periods):
            continue
        if months := CUES["months"].search(words):
            yield line.value, _first_month(advert, months)
        elif CUES["day_or_month"].search(words):
            yield line.value, words
    if periods or lines:
        return
    for match in advert.matches(CUES["starting"]):
        span = Span.of(match, "date")
        clause = re.split("[,;]", advert.before(match.start(), 80))[-1] + match[0]
        if (
            advert.is_labelled(span, besides=TIMES)
            or CUES["applying"].search(clause)
            or CUES["not_work"].search(clause)
        ):
            continue
        lead = match[0][: match.start("date") - match.start()]
        is_week = re.search(r"w/c|week (?:commencing|of)", lead, _I)
        yield span, f"w/c {match['date']}" if is_week else match["date"]
    for match in advert.matches(CUES["day_of_start"]):
        yield Span.of(match, "date"), match["date"]


def _first_month(advert: Advert, months: re.Match[str]) -> str:
    """Return the first of two months with its year: "November to March 2027" begins in 2026."""
    year = int(months["last"][-4:])
    first, last = (
        _window(advert, words) for words in (f"{months['first']} {year}", months["last"])
    )
    return f"{months['first']} {year - 1 if first and last and first > last else year}"


def _holds(value: Span, periods: list[tuple[Span, date]]) -> bool:
    return any(value.holds(span) for span, _ in periods)


def _window(advert: Advert, words: str) -> tuple[date, date | None] | None:
    plain = in_english(words.strip(" ."), advert.language)
    plain = CUES["about_flexible"].sub("", CUES["lead_of_start"].sub("", plain))
    if any(map(CUES["day"].fullmatch, (words.strip(" ."), plain))):
        day, _ = _day(advert, plain)
        return None if day is None else (day, None)
    order: Any = "day_first" if advert.language in {"de", "fr"} else ""
    found = parse_start(plain, order=order, today=advert.today)
    lead, _, rest = plain.partition(",")
    if not found.earliest and not CUES["day_or_month"].search(rest):
        found = parse_start(lead, order=order, today=advert.today)
    return (found.earliest, found.latest) if found.earliest else None
