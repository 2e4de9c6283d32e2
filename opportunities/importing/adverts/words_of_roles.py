"""Schedule, places, mentor, least age and what people leave with, by the words for them."""

import re
from collections import defaultdict
from itertools import chain
from typing import Final

from opportunities.importing.adverts.advert import Span
from opportunities.importing.adverts.reading import NEGATED, Reading
from opportunities.importing.adverts.words import PATTERNS
from opportunities.importing.parsing import field_of_work, schedule
from opportunities.importing.parsing.languages import COUNTED, NUMBER_WORDS

_I: Final = re.IGNORECASE

_AGE: Final = re.compile(
    r"\b(?:(?:must be|aged?|you are|be) (?:at least )?(?P<a>1[4-9]|2[01])(?: years)?(?: or (?:over"
    r"|older|above)|\+| and over| years old or over)|at least (?P<b>1[4-9]|2[01]) years (?:old"
    r"|of age)|minimum age:? (?P<c>1[4-9]|2[01])|over (?P<d>18)s only|mindestens (?P<e>1[4-9]"
    r"|2[01]) jahre(?: alt)?|ab (?P<f>1[4-9]|2[01]) jahren?|mindestalter:? (?P<g>1[4-9]|2[01])"
    r"|avoir (?:au moins )?(?P<h>1[4-9]|2[01]) ans(?: révolus)?|âge minimum:? (?P<i>1[4-9]|2[01]))",
    _I,
)
_GIVEN: Final = re.compile(
    r"\b(?:you(?:'ll| will)? (?:get|receive|leave|finish|have)|leave with|we(?:'ll| will)? (?:give"
    r"|write|provide|offer|issue)|you get|receive|at the end|on completion|upon completion"
    r"|afterwards|in return|wir (?:bieten|stellen|schreiben|geben)|du (?:bekommst|erhältst)"
    r"|sie (?:bekommen|erhalten)|am ende|nous (?:offrons|remettons|délivrons|rédigeons)"
    r"|vous (?:recevez|recevrez|repartez|repartirez)|à la fin|perks|certificate|en fin)",
    _I,
)  # fmt: skip


def read_words(reading: Reading) -> None:
    """Fill schedule, field of work, flags and what people leave with."""
    _read_schedule(reading)
    for line in reading.of("field"):
        if value := field_of_work(reading.words(line.value)):
            reading.add("field", value, [line.value])
    for name, pattern in PATTERNS["flags"].items():
        if spans := _plainly(reading, pattern):
            reading.add(name, value=True, spans=spans)
    evidence = {
        name: [span for span in _plainly(reading, pattern) if _GIVEN.search(reading.sentence(span))]
        for name, pattern in PATTERNS["evidence"].items()
    }
    if kept := [name for name, spans in evidence.items() if spans]:
        reading.add("evidence", kept, [span for name in kept for span in evidence[name]])


def _plainly(reading: Reading, pattern: re.Pattern[str], most: int = 60) -> list[Span]:
    """Return where a pattern stands without a word before it that turns it around."""
    spans = map(Span.of, reading.matches(pattern))
    return [span for span in spans if not NEGATED.search(reading.before(span.start, most))]


def _read_schedule(reading: Reading) -> None:
    lines = reading.of("schedule")
    for line in lines:
        if value := schedule(reading.english(line.value)):
            reading.add("schedule", value, [line.value])
    if reading.has("schedule"):
        return
    told = {name: _plainly(reading, pattern, 25) for name, pattern in PATTERNS["schedules"].items()}
    told = {name: spans for name, spans in told.items() if spans}
    if "core_hours" in told:
        told.pop("flexible", None)  # flexible hours around core hours are core hours
    reading.settle("schedule", told)
    if reading.has("schedule"):
        return
    read = [span for one in reading.found for span in one.spans]
    for line in lines:
        if not any(map(line.value.holds, read)):
            reading.leave("schedule", line.value)


_PLACES: Final = re.compile(
    rf"\b(?P<n>{COUNTED})\s+(?:(?:paid|student|remote|summer|open|available|freie|bezahlte"
    rf"|offene)\s+){{0,2}}"
    r"(?:places?|openings?|vacancies|positions?|spots|interns|internships|students|plätze"
    r"|praktikumsplätze|praktikant(?:en|innen|\*innen|:innen)|stellen|places|postes|stagiaires"
    r"|spaces)\b(?P<after> (?:available|open|frei|zu vergeben|disponibles|à pourvoir))?",
    _I,
)
_TAKEN: Final = re.compile(
    r"(?:\bwe (?:have|offer|can take|are taking|take)|\bthere are|\blooking for|\bhiring|\boffering"
    r"|\brecruiting|\bseeking|\b(?:wir (?:haben|bieten|vergeben|suchen)|vergibt"
    r"|vergeben)(?: im \w+)?|\bsuchen(?: wir)?|\bgibt|\bnous (?:proposons|offrons|avons|recrutons"
    r"|recherchons|cherchons)|\bup to|\bavailable:?|\boffers?|\bhas|\btakes?|\bbietet|\bsucht"
    r"|\bpropose|\brecrute)\s*$",
    _I,
)
_WITH_MENTOR: Final = re.compile(
    rf"(?P<n>\d+|half an|an|{COUNTED})\s*-?(?P<unit>hours?|minutes?|mins?\b|stunden?|minuten"
    rf"|heures?|minutes)"
    r"(?P<mid>[^.!?\n]{0,60})",
    _I,
)
_MENTOR: Final = re.compile(
    r"mentor|supervis|betreu|encadr|tut(?:eur|rice)|1:1|one-to-one|one to one|maître de stage", _I
)
_WEEKLY: Final = re.compile(
    r"\b(?:(?:a|per|each|every|pro|jede|die|par|chaque) (?:week|woche|semaine)|weekly"
    r"|wöchentlich\w*|hebdomadaires?)\b",
    _I,
)
_PERSON: Final = (
    r"(?P<name>(?:(?:Dr|Prof|Professor|Mr|Ms|Mrs|Mme|M|Frau|Herr|Doctor)\.? ){0,2}[A-ZÀ-Ý][\w'-]+"
    r"(?: (?:van|de|von|der|al|le|la|da|du))*(?: [A-ZÀ-Ý][\w'-]+){1,2})"
)
_MENTORED: Final = re.compile(
    r"(?:[Yy]our (?:mentor|supervisor)(?: is| will be|,)|[Mm]entored by|[Ss]upervised by"
    r"|[Mm]entor(?:in)? (?:is|ist)|[Bb]etreut (?:dich |Sie |wirst du )?(?:von|durch)"
    r"|[Ww]irst du von|[Ee]ncadrée? par|[Vv]otre (?:tuteur|tutrice|encadrante?) (?:est|sera,?)"
    r"|[Dd]eine? (?:Mentor(?:in)?|Betreuer(?:in)?) ist|[Ww]ith mentoring from"
    r"|[Uu]nder (?:the supervision of)?)"
    rf",? {_PERSON}"
)
_WHO_MENTORS: Final = re.compile(
    rf"\b[Ww]ith {_PERSON},? (?:who (?:is|will be) )?(?:as )?your (?:mentor|supervisor)\b"
)


def _count(words: str, language: str) -> int | None:
    if words.isdigit():
        return int(words)
    plain = words.casefold()
    known = (NUMBER_WORDS[name].get(plain) for name in (language, "en"))
    return next(filter(None, known), None)


def read_numbers(reading: Reading) -> None:
    """Fill places, least age, mentor and the mentor's minutes a week."""
    _read_capacity(reading)
    for line in reading.of("min_age"):
        if match := re.fullmatch(
            r"(1[4-9]|2[01])(?: years| jahre| ans)?", reading.words(line.value), _I
        ):
            reading.add("min_age", int(match[1]), [line.value])
    ages: defaultdict[int, list[Span]] = defaultdict(list)
    for match in reading.matches(_AGE):
        ages[int(next(filter(None, match.groups())))].append(Span.of(match))
    reading.settle("min_age", ages)
    _read_mentor(reading)


def _read_mentor(reading: Reading) -> None:
    names: defaultdict[str, list[Span]] = defaultdict(list)
    lines = reading.of("mentor_name")
    labelled = [match for line in lines if (match := _NAMED.match(
        reading.plain, line.value.start, line.value.end))]  # fmt: skip
    for line in reading.of("mentoring"):
        found = _NAMED_WITH.search(reading.plain, line.value.start, line.value.end)
        labelled += [found] if found else []
    told = map(reading.matches, (_MENTORED, _WHO_MENTORS))
    for match in [*labelled, *chain.from_iterable(told)]:
        span = Span(match.start("name"), match.start("name") + len(match["name"].rstrip(".")))
        names[reading.text[span.start : span.end]].append(span)
    reading.settle("mentor_name", names)
    said: defaultdict[int, list[Span]] = defaultdict(list)
    for match in reading.matches(_WITH_MENTOR):
        minutes = _minutes(reading, match)
        if minutes is not None:
            weekly = _WEEKLY.search(match["mid"])
            end = match.end("unit") + (weekly.end() if weekly else 0)
            said[minutes].append(Span(match.start(), end))
    reading.settle("mentor_minutes_per_week", said)


def _minutes(reading: Reading, match: re.Match[str]) -> int | None:
    """Return the minutes a week with a mentor that a time states, or None if it is of another."""
    span = Span(match.start(), match.end("unit"))
    sentence = reading.sentence(span)
    lines = reading.of("mentor_name", "mentoring")
    is_labelled = any(line.value.holds(span) for line in lines)
    if not is_labelled and not _MENTOR.search(sentence):
        return None
    is_weekly = _WEEKLY.search(sentence if is_labelled else match["mid"])
    if not is_weekly and not _WEEKLY_BEFORE.search(reading.before(span.start)):
        return None
    words = match["n"].casefold()
    count = {"half an": 0.5, "an": 1}.get(words) or _count(words, reading.language)
    if count is None:
        return None
    minutes = round(count * (60 if match["unit"].casefold()[0] in "hs" else 1))
    return minutes if minutes <= MOST_MINUTES else None


MOST_PLACES: Final = 500
MOST_MINUTES: Final = 300
"""Minutes a week that are a mentor's; more are hours of work."""
_WEEKLY_BEFORE: Final = re.compile(r"(?:weekly|wöchentlich\w*|hebdomadaire)\s*$", _I)
_NAMED: Final = re.compile(_PERSON)
_NAMED_WITH: Final = re.compile(rf"\b(?:with|by|mit|von|durch|avec|par) {_PERSON}")


def _read_capacity(reading: Reading) -> None:
    said: defaultdict[int, list[Span]] = defaultdict(list)
    for line in reading.of("capacity"):
        words = reading.words(line.value)
        match = re.fullmatch(
            rf"({COUNTED})(?: (?:places?|openings?|interns?|plätze|students?|positions?|postes?"
            rf"|stagiaires?))?",
            words,
            _I,
        )
        count = _count(match[1], reading.language) if match else None
        if count is None:
            reading.leave("capacity", line.value)
        else:
            said[count].append(line.value)
    if not said:
        for match in _PLACES.finditer(reading.plain):
            is_article = re.match(r"(?:an?|ein\w*|une?)$", match["n"], _I)
            count = None if is_article else _count(match["n"], reading.language)
            before, after = reading.before(match.start()), reading.after(match.end())
            is_alone = not before.strip() and not after.strip()
            if count and (match["after"] or is_alone or _TAKEN.search(before)):
                said[count].append(Span.of(match))
    if all(1 <= places <= MOST_PLACES for places in said):
        reading.settle("capacity", said)
