"""Schedule, places, mentor, least age and what people leave with, by the words for them."""

import re
from collections import defaultdict
from itertools import chain
from typing import Final

from opportunities.importing.adverts.advert import Advert, Span
from opportunities.importing.adverts.words import CUES, PATTERNS
from opportunities.importing.parsing.choices import field_of_work, schedule
from opportunities.importing.parsing.languages import NUMBER_WORDS
from opportunities.importing.parsing.places import country_code

_I: Final = re.IGNORECASE


def read_words(advert: Advert) -> None:
    """Fill schedule, field of work, flags and what people leave with."""
    _read_schedule(advert)
    for line in advert.of("field"):
        if value := field_of_work(advert.at(line.value)):
            advert.add("field", value, [line.value])
    for name, pattern in PATTERNS["flags"].items():
        if spans := _plainly(advert, pattern):
            advert.add(name, value=True, spans=spans)
    given = CUES["given"].search
    evidence = {
        name: [one for one in _plainly(advert, pattern) if given(advert.sentence(one))]
        for name, pattern in PATTERNS["evidence"].items()
    }
    if kept := [name for name, spans in evidence.items() if spans]:
        advert.add("evidence", kept, [span for name in kept for span in evidence[name]])


def _plainly(advert: Advert, pattern: re.Pattern[str], most: int = 60) -> list[Span]:
    """Return where a pattern stands without a word before it that turns it around."""
    spans = map(Span.of, advert.matches(pattern))
    return [span for span in spans if not advert.is_negated(span.start, most)]


def _read_schedule(advert: Advert) -> None:
    lines = advert.of("schedule")
    for line in lines:
        if value := schedule(advert.english(line.value)):
            advert.add("schedule", value, [line.value])
    if advert.find("schedule"):
        return
    told = {name: _plainly(advert, pattern, 25) for name, pattern in PATTERNS["schedules"].items()}
    told = {name: spans for name, spans in told.items() if spans}
    if "core_hours" in told:
        told.pop("flexible", None)  # flexible hours around core hours are core hours
    advert.settle("schedule", told)
    if advert.find("schedule"):
        return
    read = [span for one in advert.fields for span in one.spans]
    for line in lines:
        if not any(map(line.value.holds, read)):
            advert.leave("schedule", line.value)


def _count(words: str, language: str) -> int | None:
    if words.isdigit():
        return int(words)
    plain = words.casefold()
    known = (NUMBER_WORDS[name].get(plain) for name in (language, "en"))
    return next(filter(None, known), None)


def read_numbers(advert: Advert) -> None:
    """Fill places, least age, mentor and the mentor's minutes a week."""
    _read_capacity(advert)
    for line in advert.of("min_age"):
        if match := re.fullmatch(
            r"(1[4-9]|2[01])(?: years| jahre| ans)?", advert.at(line.value), _I
        ):
            advert.add("min_age", int(match[1]), [line.value])
    ages: defaultdict[int, list[Span]] = defaultdict(list)
    for match in advert.matches(CUES["age"]):
        ages[int(next(filter(None, match.groups())))].append(Span.of(match))
    advert.settle("min_age", ages)
    _read_mentor(advert)


def read_rights(advert: Advert) -> None:
    """Fill the country whose right to work is needed."""
    said: defaultdict[str, list[Span]] = defaultdict(list)
    for match in advert.matches(CUES["right_to_work"]):
        span = Span.of(match)
        sentence = advert.sentence(span)
        if (
            CUES["sponsored"].search(sentence)
            or advert.is_negated(span.start)
            or CUES["not_needed"].match(advert.after(span.end))
        ):
            continue
        code = country_code(match["country"])
        if code and not CUES["or_that"].match(advert.after(span.end)):
            said[code].append(span)
        else:
            advert.leave("work_rights", span)
    advert.settle("work_rights", said)


def _read_mentor(advert: Advert) -> None:
    names: defaultdict[str, list[Span]] = defaultdict(list)
    lines = advert.of("mentor_name")
    labelled = [match for line in lines if (match := CUES["named"].match(
        advert.plain, line.value.start, line.value.end))]  # fmt: skip
    for line in advert.of("mentoring"):
        found = CUES["named_with"].search(advert.plain, line.value.start, line.value.end)
        labelled += [found] if found else []
    told = map(advert.matches, (CUES["mentored"], CUES["who_mentors"]))
    for match in [*labelled, *chain.from_iterable(told)]:
        span = Span(match.start("name"), match.start("name") + len(match["name"].rstrip(".")))
        names[advert.text[span.start : span.end]].append(span)
    advert.settle("mentor_name", names)
    said: defaultdict[int, list[Span]] = defaultdict(list)
    for match in advert.matches(CUES["with_mentor"]):
        minutes = _minutes(advert, match)
        if minutes is not None:
            weekly = CUES["weekly"].search(match["mid"])
            end = match.end("unit") + (weekly.end() if weekly else 0)
            said[minutes].append(Span(match.start(), end))
    advert.settle("mentor_minutes_per_week", said)


def _minutes(advert: Advert, match: re.Match[str]) -> int | None:
    """Return the minutes a week with a mentor that a time states, or None if it is of another."""
    span = Span(match.start(), match.end("unit"))
    sentence = advert.sentence(span)
    lines = advert.of("mentor_name", "mentoring")
    is_labelled = any(line.value.holds(span) for line in lines)
    if not is_labelled and not CUES["mentor"].search(sentence):
        return None
    is_weekly = CUES["weekly"].search(sentence if is_labelled else match["mid"])
    if not is_weekly and not CUES["weekly_before"].search(advert.before(span.start)):
        return None
    words = match["n"].casefold()
    count = {"half an": 0.5, "an": 1}.get(words) or _count(words, advert.language)
    if count is None:
        return None
    minutes = round(count * (60 if match["unit"].casefold()[0] in "hs" else 1))
    return minutes if minutes <= MOST_MINUTES else None


MOST_PLACES: Final = 500
MOST_MINUTES: Final = 300
"""Minutes a week that are a mentor's; more are hours of work."""


def _read_capacity(advert: Advert) -> None:
    said: defaultdict[int, list[Span]] = defaultdict(list)
    for line in advert.of("capacity"):
        words = advert.at(line.value)
        match = CUES["capacity"].fullmatch(words)
        count = _count(match[1], advert.language) if match else None
        if count is None:
            advert.leave("capacity", line.value)
        else:
            said[count].append(line.value)
    if not said:
        for match in CUES["places"].finditer(advert.plain):
            is_article = re.match(r"(?:an?|ein\w*|une?)$", match["n"], _I)
            count = None if is_article else _count(match["n"], advert.language)
            before, after = advert.before(match.start()), advert.after(match.end())
            is_alone = not before.strip() and not after.strip()
            if count and (match["after"] or is_alone or CUES["taken"].search(before)):
                said[count].append(Span.of(match))
    if all(1 <= places <= MOST_PLACES for places in said):
        advert.settle("capacity", said)
