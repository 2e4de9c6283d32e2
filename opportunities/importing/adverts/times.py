"""How long and how much work an advert states.

A labelled line says it outright. In a sentence a number counts only with words around it that say
what it is for; two places that contradict leave the field unread.
"""

import re
from itertools import islice
from typing import Final, NamedTuple

from opportunities.core.ranges import ranges_of
from opportunities.importing.adverts.advert import Span
from opportunities.importing.adverts.money import paid_by_day
from opportunities.importing.adverts.reading import MOST, Labelled, Reading
from opportunities.importing.adverts.rows import PER, TIME, is_fact
from opportunities.importing.adverts.words import COUNTED, MONTH, in_english
from opportunities.importing.parsing import Duration, parse_duration
from opportunities.roles.models import Opportunity

_I: Final = re.IGNORECASE
_RANGES: Final = ranges_of(Opportunity)

_NOT_BEFORE: Final = re.compile(
    r"(?:\bwithin|\bin|\bafter|\bevery|\blast|\bpast|\bfirst|\bsince|\bunder|\bnext|\bprevious"
    r"|\bbefore|\bby|\binnerhalb(?: von)?|\bbinnen|\bnach|\balle|\bseit|\bvor|\bersten|\bletzten"
    r"|\bnächsten|\bdans|\baprès|\bsous|\bdepuis|\btoutes|\bpremières|\bdernières|\bprochaines"
    r"|\btous|\bcurrently|\bafter about|\bfortnightly|\bd'ici|\bau bout de|\bnotice(?: of)?)"
    r"\s+(?:the |der |die |den |les |of |about |full )*$",
    _I,
)
_HOURS_WITHIN: Final = re.compile(
    r"(?:hours|hrs\.?|stunden|std\.?|heures)(?: of (?:work|your time))?,?"
    r" (?:within|in|innerhalb von|binnen|en) (?:about |etwa |environ )?$",
    _I,
)
_DONE_WITHIN: Final = re.compile(
    r"\b(?:finished|done|completed|fertig|erledigt|terminée?s?) (?:within|in|innerhalb von|en) $",
    _I,
)
"""Hours within some weeks: how long they may take, and no term for something else."""
_NOT_AFTER: Final = re.compile(
    r"\s*(?:ago\b|notice\b|'s? (?:notice|experience)|of (?:holiday|leave|training|experience|paid)"
    r"|before\b|after\b|later\b|prior\b|old\b|experience\b|vor\b|nach\b|urlaub|berufserfahrung"
    r"|d'expérience|avant\b|après\b|de congés|from now|paid holiday|break\b|holiday|leave\b"
    r"|of feedback|of university|kündigungsfrist|\w+ (?:notice|holiday|experience))",
    _I,
)
_MEETINGS: Final = re.compile(
    r"mentor|supervis|betreu|encadr|tut(?:eur|rice|or)|meeting|\bcall\b|1:1|1-1|one-to-one"
    r"|one to one"
    r"|\btraining\b|check-in|feedback|lecture|course|seminar|point hebdo|réunion|gespräch"
    r"|accompagn",
    _I,
)
_PAST: Final = re.compile(r"\b(?:been|existed|founded|running since|we have run|has run)\b", _I)
_LASTS: Final = re.compile(
    r"(?:\bfor|\bover|\blasts?|\blasting|\bruns?|\brunning|\btakes?|\bspans?|\bduration(?: is| of)?"
    r"|\bperiod of|\bacross|\bfür|\büber|\bdauer[tn](?: jeweils| je)?|\bdauer(?: von| beträgt)?"
    r"|\bumfasst|\bpendant"
    r"|\bdurée(?: de| est de)?|\bsur|\bpour|\bverteilt auf|\bréparties? sur|\bdure|\bstage de"
    r"|\bstage d'|\bmission de|\bmission d'"
    r"|\b(?:stage|mission|contrat|projet)(?: [\w']+){1,4} de|\bcontrat de|\bprojets? de"
    r"|\bprojekt von|\bproject of|\bcourse of|\bpraktikum von|\bspread)"
    r"\s*(?:over |the |a |about |around |total |of |period |etwa |ca\. |environ |une |période "
    r"|de )*$",
    _I,
)
_NOUN: Final = (
    r"(?:internship|micro-internship|placement|project|programme|program|role|position|contract"
    r"|assignment|stint|gig|task|engagement|sprint|opportunity|traineeship|praktikum\w*|projekt"
    r"|stelle|einsatz|stage|mission|cdd|auftrag|mikropraktikum|job)\b"
)
_OF_WORK: Final = re.compile(rf"[\s,-]*(?:[\w-]+[\s,]+){{0,3}}?{_NOUN}", _I)
_IN_ALL: Final = re.compile(
    r"\s*,?\s*(?:in total|in all|in it\b|all in\b|altogether|of work|of (?:your|somebody's"
    r"|someone's) time"
    r"|total\b|overall|insgesamt|gesamt|au total"
    r"|en tout|de travail|arbeit\b|over\b|across\b|spread|verteilt|über\b|réparti|sur\b|auf\b"
    r"|within [\w.]+ (?:weeks?|months?)\b|innerhalb (?:von )?\w+ (?:wochen?|monaten?)\b)",
    _I,
)
_TOTAL: Final = re.compile(
    r"(?:\btotal(?:s|ling)?(?: of| is)?|\baltogether|\binsgesamt|\bgesamt|\btakes?|\bshould take"
    r"|\bumfang von|\bzeitaufwand(?: von)?|\bau total|\btotal de|\bvolume(?: total)? de"
    r"|\bestimated at|\babout|\bin all|\bmission d['e]|\bprojet d['e]|\b(?:project"
    r"|task) of|\bsay)\s*[:,]?\s*(?:about |around |etwa |ca\. |environ )*$",
    _I,
)

_BARE_HOURS: Final = re.compile(
    r"\b(\d+(?:\.\d+)?)\s*(?=(?:/ ?|(?:per|a|each|every) )week\b|(?:in )?total\b)", _I
)
"""A number behind a label of hours, without its unit: "14 per week", "30 in total"."""


class _Mention(NamedTuple):
    value: float
    span: Span
    sure: int


def read_durations(reading: Reading, lists: list[list[Span]]) -> None:
    """Fill the hours, the weeks and the hours a week."""
    said: dict[str, list[_Mention]] = {"hours_total": [], "weeks": [], "hours_per_week": []}
    daily: list[_Mention] = []
    days: list[_Mention] = []
    for line in reading.of("duration", "commitment", "hours_total", "weeks", "hours_per_week"):
        _labelled_time(reading, line, said, daily, days)
    _times_of_periods(reading, said, daily, days)
    listed = [part for parts in lists for part in parts]
    paid = paid_by_day(reading)
    read = [*paid, *_weeks_of_hours(reading, said)]
    for match in islice(TIME.finditer(reading.plain), MOST):
        span = Span(*match.span())
        if any(one.start <= span.start < one.end for one in read):
            continue
        if paid and _has_many_days(reading, match):
            reading.leave("duration", span)
        elif not reading.is_labelled(span, besides=_HOURS_TOO if match["per"] else {"schedule"}):
            _time_in_sentence(reading, match, listed, said, daily, days)
    _hours_of_days(reading, said, daily, days)
    for name, mentions in said.items():
        _settle(reading, name, mentions)


def _times_of_periods(
    reading: Reading,
    said: dict[str, list[_Mention]],
    daily: list[_Mention],
    days: list[_Mention],
) -> None:
    """Keep the times behind "Dates:", where days stand as well."""
    for line in reading.of("period"):
        for match in TIME.finditer(reading.plain, line.value.start, line.value.end):
            if _kept(reading, match):
                _note(reading, match, 3, said, daily, days)


def _hours_of_days(
    reading: Reading,
    said: dict[str, list[_Mention]],
    daily: list[_Mention],
    days: list[_Mention],
) -> None:
    """Keep the hours a week that the hours of a day and the days of a week give together."""
    if not said["hours_per_week"] and len(_distinct(daily)) == 1 and len(_distinct(days)) == 1:
        one, other = daily[0], days[0]
        said["hours_per_week"].append(_Mention(one.value * other.value, one.span, one.sure))
        said["hours_per_week"].append(_Mention(one.value * other.value, other.span, other.sure))
    else:
        for mention in (*daily, *days):
            reading.leave("hours_per_week", mention.span)


_HOURS_TOO: Final = frozenset({"schedule", "pay"})
"""Labelled fields beside whose own facts the hours of a week may stand."""
_WORKING_WEEK: Final = 5


def _has_many_days(reading: Reading, match: re.Match[str]) -> bool:
    """Say whether these are more days than a week works: free ones may stand between them."""
    if match["per"] or not match["unit"].casefold().startswith(("day", "tag", "jour")):
        return False
    weeks = parse_duration(reading.english(Span(*match.span()))).weeks
    return weeks is not None and round(weeks * 7) > _WORKING_WEEK


_WEEKS_OF: Final = re.compile(
    rf"(?P<weeks>\b{COUNTED}[ -]?(?:weeks?|wochen?|semaines?))\s*"
    r"(?:of|at|à|zu je|zu|de|@|[x\u00d7])\s*"
    rf"(?P<hours>{COUNTED}[ -]?(?:hours?|hrs?\b\.?|h\b|stunden|std\b\.?|heures?))"
    rf"(?!{PER})(?!\w)",
    _I,
)


def _weeks_of_hours(reading: Reading, said: dict[str, list[_Mention]]) -> list[Span]:
    """Keep "6 weeks of 20 hours", which are hours a week, and return where that stands."""
    spans = []
    for match in islice(_WEEKS_OF.finditer(reading.plain), MOST):
        span = Span(*match.span())
        around = reading.before(span.start) + reading.after(span.end)
        read = [parse_duration(reading.english(Span(*match.span(part))))
                for part in ("weeks", "hours")]  # fmt: skip
        if _MEETINGS.search(around) or read[0].weeks is None or read[1].hours_total is None:
            continue
        said["weeks"].append(_Mention(read[0].weeks, span, 2))
        said["hours_per_week"].append(_Mention(read[1].hours_total, span, 2))
        spans.append(span)
    return spans


_WEEKLY: Final = re.compile(r"week|woche|hebdo|semaine")


def _labelled_time(
    reading: Reading,
    line: Labelled,
    said: dict[str, list[_Mention]],
    daily: list[_Mention],
    days: list[_Mention],
) -> None:
    words = reading.english(line.value)
    if line.name in {"commitment", "hours_per_week"}:
        words = _BARE_HOURS.sub(r"\1 hours ", words)
    read = parse_duration(words)
    weekly_label = line.name == "hours_per_week" or _WEEKLY.search(line.label)
    open_label = re.fullmatch(
        r"(?:working |work )?hours|arbeitszeit|temps de travail|time commitment"
        r"|workload",
        line.label,
    )
    if weekly_label and re.fullmatch(r"\d+(?:\.\d+)?", words):
        read = Duration(None, None, float(words))
    if read == Duration(whole=False):
        inner = list(TIME.finditer(reading.plain, line.value.start, line.value.end))
        kept = [match for match in inner if _kept(reading, match)]
        for match in kept:
            _note(reading, match, 3, said, daily, days)
        if not kept:
            reading.leave(line.name, line.value)
        return
    if read.hours_total is not None and read.hours_per_week is None and weekly_label:
        read = Duration(None, read.weeks, read.hours_total, read.whole)
    elif (
        open_label
        and read.hours_total is not None
        and (read.weeks, read.hours_per_week) == (None, None)
        and "total" not in words
    ):
        reading.leave(line.name, line.value)
        return
    for name, mentions in said.items():
        value = getattr(read, name)
        if value is not None:
            mentions.append(_Mention(value, line.value, 3))


_FROM_A_DAY: Final = re.compile(
    rf"\s*,?\s*(?:from|starting|beginning|ab|à partir du|dès le)\s+(?:the |dem )?(?:\d|{MONTH})", _I
)


def _is_beside_title(reading: Reading, span: Span) -> bool:
    """Say whether a time stands in brackets of its own in the first line."""
    first = reading.plain.lstrip().partition("\n")[0]
    return f"({reading.words(span)})" in first and span.start < len(first)


def _is_term_of_work(before: str) -> bool:
    return bool(_HOURS_WITHIN.search(before) or _DONE_WITHIN.search(before))


def _kept(reading: Reading, match: re.Match[str]) -> bool:
    before = reading.before(match.start())
    return not (
        (_NOT_BEFORE.search(before) and not _is_term_of_work(before))
        or _NOT_AFTER.match(reading.after(match.end()))
    )


def _time_in_sentence(
    reading: Reading,
    match: re.Match[str],
    listed: list[Span],
    said: dict[str, list[_Mention]],
    daily: list[_Mention],
    days: list[_Mention],
) -> None:
    part = next((one for one in listed if one.start <= match.start() < one.end), None)
    if re.search(r"(?:month|mois|monat)\b", match["per"] or "", _I):
        return
    sure = _sureness(reading, match, part)
    if sure:
        _note(reading, match, sure, said, daily, days)


def _sureness(reading: Reading, match: re.Match[str], part: Span | None) -> int:
    """Return how sure it is that a time in a sentence is that of the role: 2, or 0 for not.

    ``part`` is where it stands in a list of facts, if it does.
    """
    span = Span(*match.span())
    before, after = reading.before(span.start), reading.after(span.end)
    unit = match["unit"].casefold()
    if part is not None and is_fact(reading, part):
        return 2
    if not _kept(reading, match) or _PAST.search(before):
        return 0
    is_weekly = "wochenstunden" in unit or match["per"]
    near = reading.before(span.start, 40) + reading.after(span.end, 40)
    clause = before.rsplit(";", 1)[-1] + after.split(",", 1)[0]
    if _MEETINGS.search(near if is_weekly else clause):
        return 0
    if is_weekly:
        return 2
    is_whole = unit.startswith(("wöchig", "monatig"))
    is_told = (
        _LASTS.search(before)
        or _is_term_of_work(before)
        or _OF_WORK.match(after)
        or _FROM_A_DAY.match(after)
        or _is_beside_title(reading, span)
    )
    is_meant = is_whole or is_told
    if unit.startswith(("h", "std", "stunde")):
        is_one = re.fullmatch(r"one|an?|1|eine?|une?", match["low"], _I)
        is_all = _IN_ALL.match(after) or _TOTAL.search(before) or _OF_WORK.match(after)
        is_meant = is_all and not is_one
    return 2 if is_meant else 0


def _note(
    reading: Reading,
    match: re.Match[str],
    sure: int,
    said: dict[str, list[_Mention]],
    daily: list[_Mention],
    days: list[_Mention],
) -> None:
    """Keep what a time says under what it is a time of."""
    span = Span(*match.span())
    words = in_english(match[0].replace("-", " ") if not match["high"] else match[0],
                       reading.language)  # fmt: skip
    per_day = re.search(r"per day|a day|daily|each day|/ ?day", words, _I)
    number = re.search(r"\d+(?:[.,]\d+)?", in_english(match["low"], reading.language))
    if match["per"] and "day" in words.casefold() and not match["high"]:
        value = parse_duration(re.sub(r"\s*(?:/|per|a|each|every)\s*(?:day|week)\b.*", "", words,
                               flags=_I))  # fmt: skip
        if per_day and value.hours_total:
            daily.append(_Mention(value.hours_total, span, sure))
            return
        if value.weeks and number and re.search("week", words, _I):
            count = value.weeks * (5 if "working" in words.casefold() else 7)
            days.append(_Mention(round(count), span, sure))
            return
    read = parse_duration(words)
    any_read = False
    for name, mentions in said.items():
        if (value := getattr(read, name)) is not None:
            mentions.append(_Mention(value, span, sure))
            any_read = True
    if not any_read:
        reading.leave("duration", span)


def _distinct(mentions: list[_Mention]) -> list[float]:
    values: list[float] = []
    for mention in mentions:
        if all(abs(mention.value - value) > 0.1 * value for value in values):
            values.append(mention.value)
    return values


def _settle(reading: Reading, name: str, mentions: list[_Mention]) -> None:
    """Keep the one value that all mentions agree on; what contradicts stays unread."""
    if not mentions:
        return
    low, high = _RANGES[name]
    if len(_distinct(mentions)) > 1:
        for mention in mentions:
            reading.leave(name, mention.span, "contradicts")
        return
    best = max(mentions, key=lambda mention: mention.sure)
    if low <= best.value <= high:
        reading.add(name, best.value, [mention.span for mention in mentions])
    else:
        reading.leave(name, best.span)
