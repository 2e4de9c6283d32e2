"""How long and how much work an advert states.

A labelled line says it outright. In a sentence a number counts only with words around it that say
what it is for; two places that contradict leave the field unread.
"""

import re
from collections import defaultdict
from typing import Final, NamedTuple

from opportunities.core.ranges import ranges_of
from opportunities.importing.adverts.advert import Advert, Labelled, Span
from opportunities.importing.adverts.money import paid_by_day
from opportunities.importing.adverts.rows import MONEY, TIME, is_fact
from opportunities.importing.adverts.words import CUES
from opportunities.importing.parsing.durations import Duration, parse_duration
from opportunities.importing.parsing.languages import in_english
from opportunities.roles.formats import DURATIONS
from opportunities.roles.models import Opportunity

_I: Final = re.IGNORECASE
_RANGES: Final = ranges_of(Opportunity)


class _Mention(NamedTuple):
    value: float
    span: Span


type _Said = defaultdict[str, list[_Mention]]
"""What is said of each of ``DURATIONS``, of ``hours_per_day`` and of ``days_per_week``.

What labels say stands first.
"""


def read_durations(advert: Advert, lists: list[list[Span]]) -> None:
    """Fill the hours, the weeks and the hours a week."""
    said: _Said = defaultdict(list)
    for line in advert.of("duration", "commitment", "hours_total", "weeks", "hours_per_week"):
        _labelled_time(advert, line, said)
    weekly = _hours_of_working_days(advert, said)
    _times_of_periods(advert, said, weekly)
    listed = [part for parts in lists for part in parts]
    paid = paid_by_day(advert)
    read = [*paid, *weekly, *_weeks_of_hours(advert, said)]
    for match in advert.matches(TIME):
        span = Span.of(match)
        if any(one.holds(span) for one in read):
            continue
        if paid and _has_many_days(advert, match):
            advert.leave("duration", span)
        elif _MONTHLY.search(match["per"] or "") or advert.is_labelled(
            span, besides=_HOURS_TOO if match["per"] else {"schedule"}
        ):
            continue
        elif _is_of_role(advert, match, listed):
            _note(advert, match, said)
    _hours_of_days(advert, said)
    for name in DURATIONS:
        _settle(advert, name, said[name])


def _hours_of_working_days(advert: Advert, said: _Said) -> list[Span]:
    """Keep the 21 hours of "3 days a week (21 hours)", and return where that stands."""
    spans = []
    for match in advert.matches(CUES["hours_of_days"]):
        span = Span.of(match)
        hours = parse_duration(advert.english(Span.of(match, "hours"))).hours_total
        if hours is not None and not advert.is_labelled(span, besides=_HOURS_TOO | {"period"}):
            said["hours_per_week"].append(_Mention(hours, span))
            spans.append(span)
    return spans


def _times_of_periods(advert: Advert, said: _Said, read: list[Span]) -> None:
    """Keep the times behind "Dates:", where days stand as well."""
    for line in advert.of("period"):
        for match in TIME.finditer(advert.plain, line.value.start, line.value.end):
            if _kept(advert, match) and not any(one.holds(Span.of(match)) for one in read):
                _note(advert, match, said)


def _hours_of_days(advert: Advert, said: _Said) -> None:
    """Keep the hours a week that the hours of a day and the days of a week give together."""
    daily, days = said["hours_per_day"], said["days_per_week"]
    if not said["hours_per_week"] and len(_distinct(daily)) == 1 and len(_distinct(days)) == 1:
        hours = daily[0].value * days[0].value
        said["hours_per_week"] = [each._replace(value=hours) for each in (daily[0], days[0])]
    else:
        for mention in (*daily, *days):
            advert.leave("hours_per_week", mention.span)


_HOURS_TOO: Final = frozenset({"schedule", "pay"})
"""Labelled fields beside whose own facts the hours of a week may stand."""
_MONTHLY: Final = re.compile(r"(?:month|mois|monat)\b", _I)
_WORKING_WEEK: Final = 5


def _has_many_days(advert: Advert, match: re.Match[str]) -> bool:
    """Say whether these are more days than a week works: free ones may stand between them."""
    if match["per"] or not match["unit"].casefold().startswith(("day", "tag", "jour")):
        return False
    weeks = parse_duration(advert.english(Span.of(match))).weeks
    return weeks is not None and round(weeks * 7) > _WORKING_WEEK


def _weeks_of_hours(advert: Advert, said: _Said) -> list[Span]:
    """Keep "6 weeks of 20 hours", which are hours a week, and return where that stands."""
    spans = []
    for match in advert.matches(CUES["weeks_of"]):
        span = Span.of(match)
        around = advert.before(span.start) + advert.after(span.end)
        read = [parse_duration(advert.english(Span.of(match, part)))
                for part in ("weeks", "hours")]  # fmt: skip
        if CUES["meetings"].search(around) or read[0].weeks is None or read[1].hours_total is None:
            continue
        said["weeks"].append(_Mention(read[0].weeks, span))
        said["hours_per_week"].append(_Mention(read[1].hours_total, span))
        spans.append(span)
    return spans


_WEEKLY: Final = re.compile(r"week|woche|hebdo|semaine")


def _labelled_time(advert: Advert, line: Labelled, said: _Said) -> None:
    words = advert.english(line.value)
    if line.name in {"commitment", "hours_per_week"}:
        words = CUES["bare_hours"].sub(r"\1 hours ", words)
    read = parse_duration(words)
    weekly_label = line.name == "hours_per_week" or _WEEKLY.search(line.label)
    open_label = CUES["open_label"].fullmatch(line.label)
    if weekly_label and re.fullmatch(r"\d+(?:\.\d+)?", words):
        read = Duration(None, None, float(words))
    if read == Duration(whole=False):
        inner = list(TIME.finditer(advert.plain, line.value.start, line.value.end))
        kept = [match for match in inner if _kept(advert, match)]
        for match in kept:
            _note(advert, match, said)
        if not kept:
            advert.leave(line.name, line.value)
        return
    if read.hours_total is not None and read.hours_per_week is None and weekly_label:
        read = Duration(None, read.weeks, read.hours_total, read.whole)
    elif (
        open_label
        and read.hours_total is not None
        and (read.weeks, read.hours_per_week) == (None, None)
        and "total" not in words
    ):
        advert.leave(line.name, line.value)
        return
    _keep(read, line.value, said)


def _keep(read: Duration, span: Span, said: _Said) -> bool:
    """Keep each number of a duration; say whether there is one."""
    told = {name: value for name in DURATIONS if (value := getattr(read, name)) is not None}
    for name, value in told.items():
        said[name].append(_Mention(value, span))
    return bool(told)


def _is_beside_title(advert: Advert, span: Span) -> bool:
    """Say whether a time stands in brackets of its own in the first line."""
    first = advert.plain.lstrip().partition("\n")[0]
    return f"({advert.at(span)})" in first and span.start < len(first)


def _is_term_of_work(before: str) -> bool:
    return bool(CUES["hours_within"].search(before) or CUES["done_within"].search(before))


def _kept(advert: Advert, match: re.Match[str]) -> bool:
    before = advert.before(match.start())
    if _ARTICLE.fullmatch(match["low"]) and _RATED.search(before):
        return False  # "hours a week" is no week
    return not (
        (CUES["not_before"].search(before) and not _is_term_of_work(before))
        or CUES["not_after"].match(advert.after(match.end()))
    )


_ARTICLE: Final = re.compile(r"an?|eine?|une?|par", _I)
_RATED: Final = re.compile(
    r"\b(?:hours?|hrs?\.?|days?|times|once|twice|stunden|tage|heures|jours|fois)\s+$", _I
)


def _is_of_role(advert: Advert, match: re.Match[str], listed: list[Span]) -> bool:
    """Say whether a time in a sentence, or in a list of facts, is surely that of the role."""
    span = Span.of(match)
    before, after = advert.before(span.start), advert.after(span.end)
    unit = match["unit"].casefold()
    part = next((one for one in listed if one.holds(span)), None)
    if part is not None and is_fact(advert, part):
        return not MONEY.search(advert.at(part))
    if not _kept(advert, match) or CUES["past"].search(before):
        return False
    is_weekly = "wochenstunden" in unit or match["per"]
    near = advert.before(span.start, 40) + advert.after(span.end, 40)
    clause = before.rsplit(";", 1)[-1] + after.split(",", 1)[0]
    if CUES["meetings"].search(near if is_weekly else clause):
        return False
    if is_weekly:
        return True
    if unit.startswith(("h", "std", "stunde")):
        is_one = re.fullmatch(r"one|an?|1|eine?|une?", match["low"], _I)
        is_of_all = CUES["in_all"].match(after) or CUES["of_work"].match(after)
        return not is_one and bool(is_of_all or CUES["total"].search(before))
    return bool(
        unit.startswith(("wöchig", "monatig"))
        or CUES["lasts"].search(before)
        or _is_term_of_work(before)
        or CUES["of_work"].match(after)
        or CUES["from_a_day"].match(after)
        or _is_beside_title(advert, span)
    )


def _note(advert: Advert, match: re.Match[str], said: _Said) -> None:
    """Keep what a time says under what it is a time of."""
    span = Span.of(match)
    words = in_english(match[0].replace("-", " ") if not match["high"] else match[0],
                       advert.language)  # fmt: skip
    per_day = re.search(r"per day|a day|daily|each day|/ ?day", words, _I)
    number = re.search(r"\d+(?:[.,]\d+)?", in_english(match["low"], advert.language))
    if match["per"] and "day" in words.casefold() and not match["high"]:
        value = parse_duration(CUES["rate"].sub("", words))
        if per_day and value.hours_total:
            said["hours_per_day"].append(_Mention(value.hours_total, span))
            return
        if value.weeks and number and re.search("week", words, _I):
            count = value.weeks * (5 if "working" in words.casefold() else 7)
            said["days_per_week"].append(_Mention(round(count), span))
            return
    if not _keep(parse_duration(words), span, said):
        advert.leave("duration", span)


def _distinct(mentions: list[_Mention]) -> list[float]:
    values: list[float] = []
    for mention in mentions:
        if all(abs(mention.value - value) > 0.1 * value for value in values):
            values.append(mention.value)
    return values


def _settle(advert: Advert, name: str, mentions: list[_Mention]) -> None:
    """Keep the one value that all mentions agree on; what contradicts stays unread."""
    if not mentions:
        return
    low, high = _RANGES[name]
    if len(_distinct(mentions)) > 1:
        for mention in mentions:
            advert.leave(name, mention.span, why="contradicts")
        return
    best = mentions[0]
    if low <= best.value <= high:
        advert.add(name, best.value, [mention.span for mention in mentions])
    else:
        advert.leave(name, best.span)
