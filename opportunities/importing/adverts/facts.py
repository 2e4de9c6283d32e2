"""Find what an advert says of time, money, days and place: in labelled lines and in sentences.

A labelled line says it outright. In a sentence a number counts only with words around it that say
what it is for; two places that contradict leave the field unread.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from opportunities.core.ranges import ranges_of
from opportunities.importing.adverts.advert import Found, Span, Unread
from opportunities.importing.adverts.words import (
    COUNTED,
    DATE,
    MONTH_YEAR,
    MONTHS,
    WEEKDAY,
    WEEKDAYS,
    field_labelled,
    in_english,
)
from opportunities.importing.parsing import (
    Duration,
    Payment,
    parse_date,
    parse_duration,
    parse_payment,
    parse_start,
)
from opportunities.roles.models import Opportunity

_RANGES: Final = ranges_of(Opportunity)
_I: Final = re.IGNORECASE
_END: Final = re.compile(r"(?<!\b\d)(?<!\b\d\d)(?<!\bDr)(?<!\bProf)[.!?](?=\s|$)|\n")
"""The end of a sentence; a point behind one or two digits is that of a German day."""


class Labelled(NamedTuple):
    """A line such as "Duration: 6 weeks": the field, the line and its value."""

    name: str
    label: str
    line: Span
    value: Span


@dataclass(slots=True)
class Reading:
    """An advert while it is read; ``plain`` has one character for each of ``text``."""

    text: str
    plain: str
    language: str
    today: date
    currency: str
    country: str
    labelled: list[Labelled] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def of(self, *names: str) -> list[Labelled]:
        """Return the labelled lines of these fields."""
        return [line for line in self.labelled if line.name in names]

    def words(self, span: Span) -> str:
        return self.plain[span.start : span.end]

    def english(self, span: Span) -> str:
        return in_english(self.words(span), self.language)

    def add(self, name: str, value: Any, spans: Iterable[Span]) -> None:
        """Keep a value, unless the field has one."""
        if all(one.name != name for one in self.found):
            self.found.append(Found(name, value, tuple(dict.fromkeys(spans))))

    def has(self, name: str) -> bool:
        return any(one.name == name for one in self.found)

    def leave(self, name: str, span: Span, why: str = "unclear") -> None:
        """Keep words that were not understood."""
        if all(one.span != span for one in self.unread):
            self.unread.append(Unread(name, span, why))

    def before(self, place: int, most: int = 60) -> str:
        """Return what stands before a place in its own sentence."""
        return _END.split(self.plain[max(0, place - most) : place])[-1]

    def after(self, place: int, most: int = 60) -> str:
        """Return what stands behind a place in its own sentence."""
        return _END.split(self.plain[place : place + most])[0]

    def sentence(self, span: Span) -> str:
        """Return the sentence around a place."""
        return self.before(span.start, 240) + self.words(span) + self.after(span.end, 240)

    def is_labelled(self, span: Span) -> bool:
        """Say whether a place stands in the value of a labelled line that a reader reads."""
        return any(
            line.value.start <= span.start < line.value.end
            for line in self.labelled
            if line.name not in {"other", "title", "steps", "deliverables", "skills"}
        )


# Labelled lines.

_LINE: Final = re.compile(r"[^\n]*")
_COLON: Final = re.compile(
    r"(?:^|(?<=[|;•·])|(?<=[.,)] )|(?<=\t))[ \t>*_#•·-]*(?P<label>[^\W\d_][^:\n|;•·.!?\t]{0,46}?(?:\.[ ]?of openings)?"
    r"(?: ?\([^)\n:]{1,20}\))?)[ *_]*:[ *_]*(?=\S|$)"
)
_DASH: Final = re.compile(
    r"^[ >*_#•·]*(?P<label>[^\W\d_][^:\n|;•·.!?\t-]{1,40}?)[ *_]*(?:\t+|[ ]+[|-][ ]+)[*_]*(?=\S)"
)
_BY_DASH: Final = frozenset(
    {"duration", "commitment", "pay", "start", "apply_by", "location", "capacity", "skills",
     "hours_per_week"}
)  # fmt: skip
_BULLET: Final = re.compile(r"^\s*(?:[-*•·–‣○]|\d{1,2}[.)])\s+")
_LISTS: Final = frozenset({"skills", "deliverables", "steps", "other"})


def find_labels(plain: str) -> list[Labelled]:
    """Return the lines of the form "Label: value", and headings with their value below them."""
    lines = [(found.start(), found.end()) for found in _LINE.finditer(plain)]
    lines = [line for place, line in enumerate(lines) if line[0] < line[1] or place == 0
             or lines[place - 1][1] < line[0]]  # fmt: skip
    found: list[Labelled] = []
    for number, (start, end) in enumerate(lines):
        line = plain[start:end]
        here = [(m, field_labelled(m["label"])) for m in _COLON.finditer(line)]
        known = [(m, name) for m, name in here if name]
        if not known and (dash := _DASH.match(line)):
            name = field_labelled(dash["label"])
            known = [(dash, name)] if name in _BY_DASH else []
        if not known and (name := _heading(line)):
            value = _below(plain, lines, number, name)
            if value:
                found.append(Labelled(name, line.strip(" *_#:").casefold(), Span(start, value.end),
                                      value))  # fmt: skip
            continue
        for place, (match, name) in enumerate(known):
            stop = start + known[place + 1][0].start() if place + 1 < len(known) else end
            value = _trimmed(plain, start + match.end(), stop)
            if value.start >= value.end and place + 1 == len(known):
                below = _below(plain, lines, number, name)
                if below:
                    value = below
            if name not in _LISTS:
                value = _first_sentence(plain, value)
            if value.start < value.end:
                label = match["label"].strip(" *_").casefold()
                found.append(Labelled(name, label, Span(start + match.start(), value.end), value))
    return found


def _first_sentence(plain: str, value: Span) -> Span:
    """Cut a value in running text where its sentence ends."""
    ends = re.compile(r"(?<!\b\d)(?<!\b\d\d)(?<!\bDr)(?<!\bProf)(?<!\b[A-Z])[.!?](?=\s+[A-ZÀ-Ý])")
    found = ends.search(plain, value.start, value.end)
    return Span(value.start, found.start()) if found else value


def _heading(line: str) -> str:
    """Return the field that a line names which is nothing but a label."""
    plain = line.strip(" *_#:\t")
    if not plain or len(plain) > 48 or line.rstrip().endswith((".", ",", "!", "?")):
        return ""
    return field_labelled(plain)


def _below(plain: str, lines: list[tuple[int, int]], number: int, name: str) -> Span | None:
    """Return the value that stands under a heading: one line, or a list of lines."""
    first = last = None
    for start, end in lines[number + 1 : number + 14]:
        line = plain[start:end]
        if not line.strip():
            if first is not None:
                break
            continue
        if _heading(line) or any(field_labelled(m["label"]) for m in _COLON.finditer(line)):
            break
        if first is None:
            first = start
        elif name in _LISTS and not _BULLET.match(line) and _BULLET.match(plain[first:end]):
            break
        last = end
        if name not in _LISTS:
            break
    return None if first is None or last is None else _trimmed(plain, first, last)


def _trimmed(plain: str, start: int, end: int) -> Span:
    while start < end and plain[start] in " \t*_|;•·,\n":
        start += 1
    while start < end and plain[end - 1] in " \t*_|;•·,\n":
        end -= 1
    if start < end and plain[end - 1] == "." and plain[start:end].count(".") == 1:
        end -= 1
    return Span(start, end)


# Facts in a row: "Leeds · 6 weeks · £300 in total", "two weeks, 20 hours, 300 pounds".

_PART: Final = re.compile(
    r"(?:[^,;|•·\n.!?]|(?<=\d),(?=\d)|[.!?](?=\S)|(?<=\b\d)\.|(?<=\b\d\d)\.|(?<=Dr)\.)+"
)

_CELL: Final = re.compile(r"[^|·•\n]+")


def fact_lists(reading: Reading) -> list[list[Span]]:
    """Return the parts of each line in which at least two parts are a time or money and no more."""
    lists = []
    for match in _LINE.finditer(reading.plain):
        if not 0 < len(match[0]) <= 800:
            continue
        parts = [
            _trimmed(reading.plain, match.start() + part.start(), match.start() + part.end())
            for part in (_CELL if re.search(r"[|·•]", match[0]) else _PART).finditer(match[0])
        ]
        parts = [part for part in parts if part.start < part.end]
        if sum(_is_fact(reading, part) for part in parts) >= 2:
            lists.append(parts)
    return lists


_ABOUT: Final = re.compile(r"^(?:about|around|approx\.?|ca\.?|circa|etwa|rund|environ|for)\s+", _I)


def _is_fact(reading: Reading, part: Span) -> bool:
    words = _ABOUT.sub("", reading.words(part).strip())
    return bool(_TIME.fullmatch(words) or _MONEY.fullmatch(words) or _MODE_WORDS.fullmatch(words))


# Time.

_UNITS: Final = (
    r"(?:working days|business days|hours?|hrs?\b\.?|h\b|weeks?|wks?\b|months?|mths?\b|days?"
    r"|stunden?|std\b\.?|wochenstunden|wochen?|monaten?|arbeitstagen?|werktagen?|tagen?"
    r"|heures?|semaines?|mois|jours? ouvrés|jours?|wöchig\w*|monatig\w*)"
)
_PER: Final = (
    r"(?:\s*(?:/|\bper\b|\ba\b|\beach\b|\bevery\b|\bpro\b|\bje\b|\bdie\b|\bin der\b|\bpar\b|\bam\b"
    r"|\bim\b)\s*(?:weeks?|wk|day|month|woche|tag|monat|semaine|jour|mois|w)\b"
    r"|\s+(?:weekly|daily|wöchentlich|täglich|hebdomadaires?|hebdo))"
)
_TIME: Final = re.compile(
    r"(?<![\w.,/£$€+-])(?:(?:up to|no more than|at most|bis zu|maximal|jusqu'à|about|around"
    r"|approximately|approx\.?|roughly|circa|ca\.?|etwa|rund|environ|at least|mindestens|au moins"
    r"|minimum)\s+)?"
    rf"(?P<low>{COUNTED})(?:\s*(?:-|\bto\b|\bbis\b|\bà\b|\bor\b|\boder\b|\bou\b)\s*(?P<high>{COUNTED}))?"
    rf"[\s-]*(?P<unit>{_UNITS})(?!\w)(?P<per>{_PER})?",
    _I,
)
_NOT_BEFORE: Final = re.compile(
    r"(?:\bwithin|\bin|\bafter|\bevery|\blast|\bpast|\bfirst|\bsince|\bunder|\bnext|\bprevious"
    r"|\bbefore|\bby|\binnerhalb(?: von)?|\bbinnen|\bnach|\balle|\bseit|\bvor|\bersten|\bletzten"
    r"|\bnächsten|\bdans|\baprès|\bsous|\bdepuis|\btoutes|\bpremières|\bdernières|\bprochaines"
    r"|\btous|\bcurrently|\bafter about|\bfortnightly|\bd'ici|\bau bout de|\bnotice(?: of)?)"
    r"\s+(?:the |der |die |den |les |of |about |full )*$",
    _I,
)
_NOT_AFTER: Final = re.compile(
    r"\s*(?:ago\b|notice\b|'s? (?:notice|experience)|of (?:holiday|leave|training|experience|paid)"
    r"|before\b|after\b|later\b|prior\b|old\b|experience\b|vor\b|nach\b|urlaub|berufserfahrung"
    r"|d'expérience|avant\b|après\b|de congés|from now|paid holiday|break\b|holiday|leave\b"
    r"|of feedback|of university|kündigungsfrist|\w+ (?:notice|holiday|experience))",
    _I,
)
_MEETINGS: Final = re.compile(
    r"mentor|supervis|betreu|encadr|tut(?:eur|rice|or)|meeting|\bcall\b|1:1|1-1|one-to-one|one to one"
    r"|\btraining\b|check-in|feedback|lecture|course|seminar|point hebdo|réunion|gespräch|accompagn",
    _I,
)
_PAST: Final = re.compile(r"\b(?:been|existed|founded|running since|we have run|has run)\b", _I)
_LASTS: Final = re.compile(
    r"(?:\bfor|\bover|\blasts?|\blasting|\bruns?|\brunning|\btakes?|\bspans?|\bduration(?: is| of)?"
    r"|\bperiod of|\bacross|\bfür|\büber|\bdauert|\bdauer(?: von| beträgt)?|\bumfasst|\bpendant"
    r"|\bdurée(?: de| est de)?|\bsur|\bdure|\bstage de|\bstage d'|\bmission de|\bmission d'"
    r"|\bcontrat de|\bprojets? de|\bprojekt von|\bproject of|\bcourse of|\bpraktikum von|\bspread)"
    r"\s*(?:over |the |a |about |around |total |of |period |etwa |ca\. |environ |une |période |de )*$",
    _I,
)
_NOUN: Final = (
    r"(?:internship|micro-internship|placement|project|programme|program|role|position|contract"
    r"|assignment|stint|gig|task|engagement|sprint|opportunity|traineeship|praktikum\w*|projekt"
    r"|stelle|einsatz|stage|mission|cdd|auftrag|mikropraktikum|job)\b"
)
_OF_WORK: Final = re.compile(rf"[\s,-]*(?:[\w-]+[\s,]+){{0,3}}?{_NOUN}", _I)
_IN_ALL: Final = re.compile(
    r"\s*,?\s*(?:in total|in all|altogether|of work|total\b|overall|insgesamt|gesamt|au total"
    r"|en tout|de travail|arbeit\b|over\b|across\b|spread|verteilt|über\b|réparti|sur\b|auf\b)",
    _I,
)
_TOTAL: Final = re.compile(
    r"(?:\btotal(?:s|ling)?(?: of| is)?|\baltogether|\binsgesamt|\bgesamt|\btakes?|\bshould take"
    r"|\bumfang von|\bzeitaufwand(?: von)?|\bau total|\btotal de|\bvolume(?: total)? de"
    r"|\bestimated at|\babout|\bin all)\s*[:,]?\s*(?:about |around |etwa |ca\. |environ )*$",
    _I,
)


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
    listed = [part for parts in lists for part in parts]
    for match in _TIME.finditer(reading.plain):
        span = Span(*match.span())
        if not reading.is_labelled(span):
            _time_in_sentence(reading, match, listed, said, daily, days)
    if not said["hours_per_week"] and len(_distinct(daily)) == 1 and len(_distinct(days)) == 1:
        one, other = daily[0], days[0]
        said["hours_per_week"].append(_Mention(one.value * other.value, one.span, one.sure))
        said["hours_per_week"].append(_Mention(one.value * other.value, other.span, other.sure))
    else:
        for mention in (*daily, *days):
            reading.leave("hours_per_week", mention.span)
    for name, mentions in said.items():
        _settle(reading, name, mentions)


def _labelled_time(
    reading: Reading,
    line: Labelled,
    said: dict[str, list[_Mention]],
    daily: list[_Mention],
    days: list[_Mention],
) -> None:
    words = reading.english(line.value)
    read = parse_duration(words)
    weekly_label = line.name == "hours_per_week" or re.search(r"week|woche|hebdo", line.label)
    open_label = re.fullmatch(
        r"(?:working |work )?hours|arbeitszeit|temps de travail|time commitment|workload", line.label
    )
    if weekly_label and re.fullmatch(r"\d+(?:\.\d+)?", words):
        read = Duration(None, None, float(words))
    if read == Duration(whole=False):
        inner = list(_TIME.finditer(reading.plain, line.value.start, line.value.end))
        kept = [match for match in inner if _kept(reading, match)]
        for match in kept:
            _note(reading, match, 3, said, daily, days)
        if not kept:
            reading.leave(line.name, line.value)
        return
    if read.hours_total is not None and read.hours_per_week is None and weekly_label:
        read = Duration(None, read.weeks, read.hours_total, read.whole)
    elif read.hours_total is not None and open_label and read.weeks is None:
        reading.leave(line.name, line.value)
        return
    for name, mentions in said.items():
        value = getattr(read, name)
        if value is not None:
            mentions.append(_Mention(value, line.value, 3))


def _kept(reading: Reading, match: re.Match[str]) -> bool:
    return not (
        _NOT_BEFORE.search(reading.before(match.start()))
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
    span = Span(*match.span())
    before, after = reading.before(span.start), reading.after(span.end)
    if re.search(r"(?:month|mois|monat)\b", match["per"] or "", _I):
        return
    sure = 1
    part = next((each for each in listed if each.start <= span.start and span.end <= each.end), None)
    if part is not None and _is_fact(reading, part):
        sure = 2
    elif not _kept(reading, match) or _PAST.search(before):
        return
    unit = match["unit"].casefold()
    is_hours = unit.startswith(("h", "std", "stunde"))
    is_weekly = "wochenstunden" in unit or bool(match["per"])
    if is_weekly:
        if _MEETINGS.search(reading.sentence(span)):
            return
        sure = 2
    elif re.match(r"(?:one|a|an|1|ein|eine|un|une)$", match["low"], _I) and is_hours:
        return
    elif _LASTS.search(before) or _OF_WORK.match(after) or unit.startswith(("wöchig", "monatig")):
        sure = 2
    if is_hours and not is_weekly and (_IN_ALL.match(after) or _TOTAL.search(before)):
        sure = 2
    elif is_hours and not is_weekly and sure == 2 and not (
        _OF_WORK.match(after) or any(part.start <= span.start < part.end for part in listed)
    ):
        sure = 1
    if sure == 2 and not is_weekly and _MEETINGS.search(before + after):
        sure = 1
    if sure >= 2:
        _note(reading, match, sure, said, daily, days)


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


# Money.

_SIGN: Final = (
    r"(?<![A-Za-z])(?:US\$|C\$|CA\$|A\$|AU\$|S\$|[£€$₹¥]|Rs\.?|(?:GBP|EUR|USD|INR|CHF|CAD|AUD|PLN|SEK|NOK|DKK)\b)"
)
_SIGN_AFTER: Final = (
    r"(?:[£€$₹]|pounds?\b|euros?\b|dollars?\b|rupees\b|(?:GBP|EUR|USD|INR|CHF|CAD|AUD|PLN|SEK|NOK"
    r"|DKK)\b)"
)
_NUM: Final = r"\d[\d.,']*(?:(?<=\d) \d{3}(?!\d))*(?<![.,])"
_MONEY_UNIT: Final = (
    r"(?:\s*(?:/|\bper\b|\ban?\b|\beach\b|\bpro\b|\bje\b|\bim\b|\bdie\b|\bpar\b|\bde l'|\bl')\s*"
    r"(?:hour|hr|h|month|mth|week|wk|day|year|annum|project|task|stunde|std\.?|monat|woche|tag|jahr"
    r"|projekt|auftrag|heure|mois|semaine|jour|an|mission|projet)\b\.?"
    r"|\s+(?:hourly|monthly|weekly|monatlich|mensuels?|mensuelle|p\.?m\.?|pcm|p/?h)\b\.?"
    r"|\s*(?:for|für|pour|over)\s+(?:the|all|das|die|den|la|le|this|these|tout)?\s*"
    r"(?:(?:whole|entire|full|gesamte|ganze)\s+)?"
    rf"(?:(?:{COUNTED})\s+(?:weeks?|months?|wochen?|monate|semaines?|mois)|project|task|internship"
    r"|assignment|engagement|projekt|aufgabe|auftrag|mission|projet|tout)\b)"
)
_MONEY: Final = re.compile(
    r"(?P<lead>\b(?:up to|from|at least|minimum|bis zu|ab|mindestens|jusqu'à|à partir de|au moins"
    r"|about|around|approx\.?|ca\.?|etwa|environ|between)\s+)?"
    r"(?P<rate>\b(?:stundenlohn|hourly rate|taux horaire)(?: von| of| de)?:?\s+)?"
    r"(?P<flat>\b(?:fixed(?: fee| stipend| payment| price)?|flat(?: fee| rate)?|lump sum|one-off"
    r"|pauschal(?:e|honorar)?|festhonorar|forfait(?:aire)?|a total|in total|total|insgesamt)"
    r"(?:\s+(?:of|payment of|fee of|stipend of|von|de))?:?\s+)?"
    rf"(?:{_SIGN}\s?(?P<before>{_NUM})k?\b|(?P<after>{_NUM})\s?k?\s?{_SIGN_AFTER})"
    rf"(?:\s*(?:-|\bto\b|\bbis\b|\bà\b|\band\b|\bund\b|\bet\b)\s*(?:{_SIGN}\s?)?{_NUM}k?(?:\s?{_SIGN_AFTER})?)?"
    r"(?P<gross>\s*\(?\b(?:gross|brutto|brute?s?)\b\)?)?"
    rf"(?P<unit>{_MONEY_UNIT})?"
    r"(?P<whole>\s*\(?(?:fixed(?: fee)?|flat(?: fee)?|in total|in all|total|lump sum|au total"
    r"|en tout|insgesamt|pauschal|forfaitaires?|stipend for (?:\d+|\w+) weeks|gross|brutto|bruts?)\b\)?)?",
    _I,
)
_NOT_PAY_BEFORE: Final = re.compile(
    r"\b(?:rais\w+|revenue\w*|turnover|fund\w*|grants?|worth|priz\w+|voucher\w*|expenses|travel"
    r"|deposit|invoices?|sales|sav\w+|budgets?|spend\w*|donat\w+|costs?|umsatz|spenden|fahrt\w*"
    r"|subvention|dons|frais|chiffre|ticket\w*|transport|bonus|lunch|allowance|collect\w*|fees for"
    r"|remboursement\w*|remboursés?|zuschuss|prix|levé|aid|discount|reimburs\w+|erstatt\w+)"
    r"\W(?:[^.;,]{0,20})$",
    _I,
)
_NOT_PAY_AFTER: Final = re.compile(
    r"\s*(?:(?:a|per|pro|par) (?:day|tag|jour) )?(?:for|towards?|of|in|für|de|pour|an)?\s*(?:your |the |les )?"
    r"(?:lunch|travel|expenses|donations?|food|transport|vouchers?|funding|turnover|revenue|grants?"
    r"|allowance|tickets?|fahrt\w*|frais|spenden|dons|million|m\b|bn\b|budget|sales|raised|prize"
    r"|customers|users|laptop|equipment|verpflegung|repas)",
    _I,
)
_UNPAID: Final = re.compile(
    r"\b(?:unpaid|unbezahlt(?:es|e|er)?|unvergütet(?:es|e)?|ehrenamtlich(?:e|es)?|no (?:pay|stipend|salary)"
    r"|non[- ]rémunérée?s?|bénévole|bénévolat|sans rémunération|keine vergütung|ohne vergütung"
    r"|nicht vergütet|not paid|voluntary (?:role|position|placement|internship|work)"
    r"|volunteer (?:role|position|placement|internship))\b",
    _I,
)
_NOT_UNPAID: Final = re.compile(
    r"\b(?:not|never|no|nor|don't|isn't|against|nicht|nie|kein\w*|jamais|pas de|pas)\s+(?:\w+\s+){0,2}$"
    r"|\b(?:not|never|don't|jamais|nie)\b[^.]*$",
    _I,
)
_NOT_UNPAID_AFTER: Final = re.compile(
    r"\s*(?:invoices?|leave|bills?|debts?|overtime|rechnungen|urlaub|factures?|internships\b|work\b"
    r"|trial|breaks?|lunch|hours)",
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
        for offer in offers:
            reading.leave("pay", offer.span, "contradicts")
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
    plain = re.sub(r"\b(?:gross|gratification|about)\b", " ", plain, flags=_I)
    return parse_payment(
        " ".join(plain.split()), currency=reading.currency, country=reading.country, kind=kind
    )


def _labelled_pay(reading: Reading, line: Labelled) -> Iterator[_Offer]:
    kind = "hour" if re.search(r"hour|stunde|heure|horaire", line.label) else ""
    words = reading.words(line.value)
    payment = _paid(reading, words, kind)
    if payment.kind is not None:
        yield _Offer(payment, line.value)
        return
    if found := _UNPAID.search(words):
        if not _NOT_UNPAID.search(words[: found.start()]) and not _MONEY.search(words):
            start = line.value.start + found.start()
            yield _Offer(Payment("unpaid"), Span(start, start + len(found[0])))
            return
    any_read = False
    for match in _MONEY.finditer(reading.plain, line.value.start, line.value.end):
        if _is_other_money(reading, match):
            continue
        payment = _paid(reading, match[0], kind)
        if payment.kind is not None:
            any_read = True
            yield _Offer(payment, Span(*match.span()))
        else:
            reading.leave("pay", Span(*match.span()))
    if not any_read:
        reading.leave("pay", line.value)


def _is_other_money(reading: Reading, match: re.Match[str]) -> bool:
    return bool(
        _NOT_PAY_BEFORE.search(reading.before(match.start()))
        or _NOT_PAY_AFTER.match(reading.after(match.end()))
    )


def _is_for_all(reading: Reading) -> bool:
    """Say whether an amount alone is for all of it: an advert of one line that states no rate."""
    said = [match["per"] for match in _TIME.finditer(reading.plain)]
    return "\n" not in reading.plain.strip() and bool(said) and not any(said)


def _pay_in_sentences(reading: Reading, lists: list[list[Span]]) -> Iterator[_Offer]:
    listed = [part for parts in lists for part in parts]
    for match in _MONEY.finditer(reading.plain):
        span = Span(*match.span())
        if _is_other_money(reading, match):
            continue
        in_list = next((part for part in listed if part.start <= span.start < part.end), None)
        if in_list is not None:
            span = in_list if _MONEY.fullmatch(reading.words(in_list)) else span
        payment = _paid(reading, reading.words(span))
        if payment.kind is None and in_list == span and not match["lead"] and _is_for_all(reading):
            payment = _paid(reading, f"{reading.words(span)} fixed")
        if payment.kind is None:
            reading.leave("pay", span)
            continue
        yield _Offer(payment, span)
    for found in _UNPAID.finditer(reading.plain):
        if _NOT_UNPAID.search(reading.before(found.start())) or _NOT_UNPAID_AFTER.match(
            reading.after(found.end())
        ):
            continue
        yield _Offer(Payment("unpaid"), Span(*found.span()))


# Days.

_A_DATE: Final = rf"(?:{WEEKDAY},?\s+(?:the |den |le )?)?(?:{DATE})"
_LAST_DAY: Final = re.compile(
    r"(?:\b(?:apply|applications?|deadline|closing date|closes?|cvs?|send|submit|write|email|register"
    r"|bewerb\w*|bewirb|sende\w*|schick\w*|frist|candidat\w*|postul\w*|envoye[rz]|dossiers?|limite"
    r"|clôture)\b[^.!?\n]{0,90}?)?"
    r"(?P<cue>\b(?:by|before|until|till|deadline(?: is| for applications(?: is)?)?:?|closing date(?: is)?:?"
    r"|close(?:s)?(?: on)?|no later than|bis(?: spätestens)?(?: zum| am)?|bewerbungsschluss(?: ist| am)?(?: der)?:?"
    r"|bewerbungsfrist(?: ist| endet am)?(?: der)?:?|avant le|jusqu'au|d'ici(?: le| au)?"
    r"|date limite(?: :| le| est le)?|au plus tard le|clôture(?: le)?))\s+(?:the |den |der |le |on |midnight on )?"
    rf"(?P<date>{_A_DATE})",
    _I,
)
_APPLYING: Final = re.compile(
    r"appl(?:y|ication)|sign up|deadline|closing|closes|\bcvs?\b|\bsend\b|submit|write to|e-?mail us"
    r"|bewerb|bewirb|sende|schick|bewerbungsfrist|candidat|postul|envoye|dossier|limite|clôture"
    r"|lebenslauf|register",
    _I,
)
_STARTING: Final = re.compile(
    r"\b(?:start(?:s|ing)?(?: date)?(?: is| on| from| in| the)?(?: on)?|begin(?:s|ning)?(?: on| in)?|commenc(?:es|ing)(?: on)?"
    r"|from|beginn(?:t)?(?: ist)?(?: am| im| der)?|start ist(?: am| im| der)?|ab(?: dem)?|startet?(?: am| im)?|startet|à partir d[ue]|dès(?: le)?"
    r"|début(?: le| en)?|commence(?:ra)?(?: le| en)?|débute(?:ra)?(?: le| en)?|w/c|week commencing)"
    rf"\s*:?\s+(?:the |den |le |in |on |de |week of |week commencing |w/c )?(?P<date>(?:{_A_DATE})|{MONTH_YEAR})",
    _I,
)


def _day(reading: Reading, words: str) -> tuple[date | None, str]:
    """Return a day, or why it is none: the weekday tells the year where none is written."""
    plain = in_english(words.strip(" ."), reading.language)
    named = re.match(rf"({WEEKDAY}),?\s+(?:the |den |le )?", plain, _I)
    weekday = WEEKDAYS.get(named[1].casefold()) if named else None
    rest = plain[named.end() :] if named else plain
    rest = re.sub(r"(?<=\d)\.(?=\s+[^\W\d])", "", rest)
    order: Any = "day_first" if reading.language in {"de", "fr"} else ""
    day = parse_date(rest, order=order)
    if day is not None:
        agrees = weekday is None or day.weekday() == weekday
        return (day, "") if agrees else (None, "contradicts")
    if re.search(r"\d{4}", rest):
        return None, "unclear"
    if weekday is not None:
        for year in (reading.today.year, reading.today.year + 1):
            ahead = parse_date(f"{rest} {year}", order=order)
            if ahead and ahead >= reading.today:
                return (ahead, "") if ahead.weekday() == weekday else (None, "no_year")
    return None, "no_year"


def read_days(reading: Reading) -> None:
    """Fill the last day to apply and the window of the start."""
    _read_last_day(reading)
    _read_start(reading)


def _read_last_day(reading: Reading) -> None:
    said: dict[date, list[Span]] = {}
    for line in reading.of("apply_by"):
        found = re.search(_A_DATE, reading.words(line.value), _I)
        others = len(re.findall(_A_DATE, reading.words(line.value), _I))
        if found is None or others > 1:
            reading.leave("apply_by", line.value)
            continue
        start = line.value.start + found.start()
        _keep_day(reading, "apply_by", found[0], Span(start, start + len(found[0])), said)
    if not reading.of("apply_by"):
        for match in _LAST_DAY.finditer(reading.plain):
            span = Span(match.start("date"), match.end("date"))
            if not reading.is_labelled(span) and _APPLYING.search(reading.sentence(span)):
                _keep_day(reading, "apply_by", match["date"], span, said)
    _one_day(reading, "apply_by", said)


def _keep_day(
    reading: Reading, name: str, words: str, span: Span, said: dict[date, list[Span]]
) -> None:
    day, why = _day(reading, words)
    if day is None:
        reading.leave(name, span, why)
    else:
        said.setdefault(day, []).append(span)


def _one_day(reading: Reading, name: str, said: dict[date, list[Span]]) -> None:
    if len(said) == 1:
        [(day, spans)] = said.items()
        reading.add(name, day, spans)
    for day in said if len(said) > 1 else ():
        for span in said[day]:
            reading.leave(name, span, "contradicts")


def _read_start(reading: Reading) -> None:
    said: dict[tuple[date, date | None], list[Span]] = {}
    lines = reading.of("start")
    places = [(line.value, reading.words(line.value)) for line in lines]
    if not lines:
        for match in _STARTING.finditer(reading.plain):
            span = Span(match.start("date"), match.end("date"))
            lead = match[0][: match.start("date") - match.start()]
            if reading.is_labelled(span) or _APPLYING.search(reading.sentence(span)):
                continue
            is_week = re.search(r"w/c|week (?:commencing|of)", lead, _I)
            places.append((span, f"w/c {match['date']}" if is_week else match["date"]))
    for span, words in places:
        window = _window(reading, words)
        if window:
            said.setdefault(window, []).append(span)
        elif not re.search(r"sofort|immediate|asap|as soon as|dès que possible|flexible|any ?time|now"
                           r"|jederzeit|nach absprache|flexib|à convenir", words, _I):  # fmt: skip
            has_year = re.search(r"\d{4}", words)
            reading.leave("start", span, "unclear" if has_year else "no_year")
    if len(said) == 1:
        [((first, last), spans)] = said.items()
        reading.add("start_earliest", first, spans)
        if last is not None:
            reading.add("start_latest", last, spans)
    elif said:
        for window in said:
            for span in said[window]:
                reading.leave("start", span, "contradicts")


def _window(reading: Reading, words: str) -> tuple[date, date | None] | None:
    plain = in_english(words.strip(" ."), reading.language)
    plain = re.sub(
        r"^(?:ab(?: dem)?|from|starting|à partir d[ue]|dès(?: le)?|le|am|im|den|in|on|the)\s+", "",
        plain, flags=_I,
    )  # fmt: skip
    plain = re.sub(r"\s*\((?:flexible|negotiable|flexibel)\)$", "", plain, flags=_I)
    if re.fullmatch(_A_DATE, words.strip(" ."), _I) or re.fullmatch(_A_DATE, plain, _I):
        day, _ = _day(reading, plain)
        return None if day is None else (day, None)
    order: Any = "day_first" if reading.language in {"de", "fr"} else ""
    found = parse_start(plain, order=order, today=reading.today)
    return (found.earliest, found.latest) if found.earliest else None


def ahead(day: date, today: date) -> bool:
    """Say whether a day is not long past, as the days of an advert that is posted now are."""
    return day >= today - timedelta(days=1)


# Where it is done.

_MODE_WORDS: Final = re.compile(
    r"(?:fully |100 ?% |completely |entirely )?remote(?:ly)?(?: (?:work|working|role|internship|position"
    r"|job|project|only))?|work(?:ing)? from home|wfh|home-?based|from home|hybrid(?: working)?"
    r"|on-?site|in person|in-person|(?:im )?home-?office|(?:100 ?% )?télétravail|(?:entièrement )?à distance"
    r"|vor ort|hybride?|sur (?:place|site)|(?:en )?présentiel|in präsenz|(?:komplett |vollständig )?remote",
    _I,
)
_MODES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("hybrid", re.compile(
        r"\bhybrid(?:e|es)?\b(?! (?:model|vehicle|car|cloud|app|battery|materials?|polymer|event|seed))",
        _I)),
    ("remote", re.compile(
        r"(?<!non-)(?<!not )(?<!no )\b(?:remote(?:ly)?\b(?! (?:sensing|control|monitoring|area|communit"
        r"|possible|option|access|region|desktop|server|island|villages?|teams?\b|sensors?)|-sensing)"
        r"|work(?:ing)? from home\b(?! (?:policy|if|sometimes|is possible|days?))"
        r"|work(?:ed)? from anywhere\b|(?:entirely|done|all) from home\b|home-based\b"
        r"|(?:komplett |vollständig |ganz )?(?:im home-?office\b|ortsunabhängig\b|von zu ?hause\b)"
        r"|(?:en |100 ?% )télétravail\b(?! partiel)|(?:entièrement |100 ?% )?à distance\b"
        r"(?! possible))", _I)),
    ("onsite", re.compile(
        r"(?<!not )\b(?:on-?site\b|on site\b|in[- ]person\b(?! interview)|vor ort\b|in präsenz\b"
        r"|sur place\b|sur site\b|en présentiel\b)", _I)),
)  # fmt: skip
_MAYBE: Final = re.compile(
    r"\b(?:remote|work(?:ing)? from home|from home|home-?office|télétravail|à distance|hybrid)"
    r"(?: (?:work|arbeiten))?\s+(?:is |ist |est )?(?:also )?(?:possible|negotiable|optional|möglich|option|partiel|if you|days?|an option)"
    r"|\b(?:partly|partially|teilweise|partiellement|occasional(?:ly)?|sometimes|gelegentlich|optional(?:ly)?"
    r"|some|possibly|part)\s+(?:remote|work from home|from home|home-?office|im home-?office|en télétravail|hybrid)"
    r"|\b(?:remote|home-?office|télétravail|from home)\s*(?:/|\bor\b|\boder\b|\bou\b)\s*(?:on-?site|vor ort|in|im|at|sur|en|hybrid|office)"
    r"|\b(?:on-?site|vor ort|sur place|office|in person)\s*(?:/|\bor\b|\boder\b|\bou\b)\s*(?:remote|home|from|télétravail|à distance)",
    _I,
)
_NAME: Final = (
    r"(?P<place>(?:[A-ZÀ-Ý][\w'-]+)(?:(?: |-)(?:upon|am|an der|sur|de|la|le|les|der|im|on|of)(?= |-))?"
    r"(?:[ -][A-ZÀ-Ý][\w'-]+){0,2}(?:, (?:[A-ZÀ-Ý][\w'-]+|UK|USA)(?: [A-ZÀ-Ý][\w'-]+)?)?)"
)
_OFFICE: Final = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Tt]o|[Ff]rom|[Aa]us)\s+(?:our|the|unserem?|unserer)\s+(?P<place>[A-ZÀ-Ý][\w'-]+(?: [A-ZÀ-Ý][\w'-]+)?)"
    r"(?:er)?\s+(?:office|studio|lab(?:oratory)?|warehouse|site|branch|shop|campus|Büro)\b"
)
_AT: Final = re.compile(
    r"\b(?:[Oo]n[- ]?site|[Ii]n[- ]person|[Hh]ybrid|[Vv]or [Oo]rt|[Ss]ur place|[Ee]n présentiel|[Hh]ybride"
    r"|[Pp]résentiel|at our offices?|in our offices?|at our (?:lab|studio|site|workshop|shop)|in unserem (?:Büro|Labor|Laden)"
    r"|dans nos (?:bureaux|locaux)|[Tt]he (?:role|internship|placement|work|position|job) is based"
    r"|[Yy]ou(?:'ll| will)? (?:be|work) (?:based|on site)|[Yy]ou(?:'ll| will) work)"
    rf",?\s*\(?(?:in|at|à|im|,)\s*{_NAME}"
)
_PLACE_STOP: Final = frozenset(
    """monday tuesday wednesday thursday friday january february march april may june july august
    september october november december excel python we the our your you english german french
    german deutsch türkisch""".split()
)


def read_place(reading: Reading, lists: list[list[Span]], parse: Callable[[str], Any]) -> None:
    """Fill the way of working, the place and its country; ``parse`` reads the words of a place."""
    modes: dict[str, list[Span]] = {}
    places: dict[str, tuple[list[Span], str]] = {}
    for line in reading.of("location", "mode"):
        _labelled_place(reading, line, modes, places, parse)
    for parts in lists:
        for part in parts:
            _listed_place(reading, part, modes, places, parse)
    maybe = [match for match in _MAYBE.finditer(reading.plain)]
    if not modes:
        for mode, pattern in _MODES:
            for match in pattern.finditer(reading.plain):
                span = Span(*match.span())
                if not reading.is_labelled(span):
                    modes.setdefault(mode, []).append(span)
    for match in maybe:
        span = Span(*match.span())
        if not reading.is_labelled(span) and "hybrid" not in modes:
            modes.setdefault("?", []).append(span)
    if not places:
        for pattern in (_OFFICE, _AT):
            for match in pattern.finditer(reading.plain):
                span = Span(match.start("place"), match.end("place"))
                _keep_place(reading, span, places, parse)
    _settle_place(reading, modes, places)


def _settle_place(
    reading: Reading,
    modes: dict[str, list[Span]],
    places: dict[str, tuple[list[Span], str]],
) -> None:
    told = set(modes)
    mode = "hybrid" if "hybrid" in told and "?" not in told else ""
    if not mode and len(told) == 1 and "?" not in told:
        [mode] = told
    if mode:
        reading.add("mode", mode, modes[mode])
    elif told:
        for spans in modes.values():
            for span in spans:
                reading.leave("mode", span)
    if len(places) == 1:
        [(name, (spans, country))] = places.items()
        if mode == "remote":
            # Where work is remote, a place is that of the employer, or a condition nobody can read.
            for span in spans:
                reading.leave("place", span)
            return
        if name:
            reading.add("place", name, spans)
        if country:
            reading.add("country", country, spans)
        if not told and name:
            reading.add("mode", "onsite", spans)
    elif places:
        for spans, _ in places.values():
            for span in spans:
                reading.leave("place", span, "contradicts")


def _labelled_place(
    reading: Reading,
    line: Labelled,
    modes: dict[str, list[Span]],
    places: dict[str, tuple[list[Span], str]],
    parse: Callable[[str], Any],
) -> None:
    english = re.sub(
        r"(?<!work )(?<!working )\bfrom home\b", "remote", reading.english(line.value), flags=_I
    )
    if line.label in {"remote"} and re.fullmatch(r"(?:yes|ja|oui)[.!]?", english, _I):
        modes.setdefault("remote", []).append(line.value)
        return
    if _MAYBE.search(reading.words(line.value)) or re.search(r"\bremote\s*(?:/|or)\s|/\s*remote|\bor remote",
                                                            english, _I):  # fmt: skip
        modes.setdefault("?", []).append(line.value)
        name = parse(english)
        if name.mode is None and name.name and line.name == "location":
            places[name.name] = ([line.value], name.country)
        return
    if re.search(r";|\band\b|\bor\b|/|\bmultiple\b| \+ ", re.sub(r"\([^)]*\)", "", english)):
        reading.leave("place" if line.name == "location" else "mode", line.value)
        return
    found = parse(english)
    explicit = {mode for mode, pattern in _MODES if pattern.search(english)}
    if found.mode and (explicit or line.name == "mode") and found.mode in (explicit or {found.mode}):
        if line.name == "mode" and found.name and not explicit:
            reading.leave("mode", line.value)
            return
        modes.setdefault(str(found.mode), []).append(line.value)
    if line.name == "location" and (found.name or found.country):
        name = _plain_name(found.name)
        if name or (found.country and not found.name):
            places[name] = ([_inside(reading, line.value, name)], found.country)
        else:
            reading.leave("place", line.value)
    elif found.mode is None and not found.name:
        reading.leave("mode", line.value)


def _inside(reading: Reading, value: Span, name: str) -> Span:
    place = reading.plain.find(name, value.start, value.end) if name else -1
    return Span(place, place + len(name)) if place >= 0 else value


def _plain_name(name: str) -> str:
    """Return the name of a place, or nothing where the words are more than a name."""
    words = name.split()
    if not words or len(words) > 7 or len(name) > 80 or not re.match(r"[^\W\d_]|\d", name):
        return ""
    if re.search(r"[.!?](?:\s|$)|\b(?:days?|week|tage|jours|you|we|our|office|or|team)\b", name, _I):
        return ""
    return name if any(word[0].isupper() for word in words) else ""


def _listed_place(
    reading: Reading,
    part: Span,
    modes: dict[str, list[Span]],
    places: dict[str, tuple[list[Span], str]],
    parse: Callable[[str], Any],
) -> None:
    words = reading.words(part)
    if reading.is_labelled(part):
        return
    if not _MODE_WORDS.search(words):
        found = parse(words)
        if found.country and found.name and len(words.split()) <= 4 and _plain_name(words):
            places[found.name] = ([part], found.country)
        return
    if _MAYBE.search(words):
        return
    found = parse(reading.english(part))
    if found.mode and not found.name:
        modes.setdefault(str(found.mode), []).append(part)
    elif found.mode and (name := _plain_name(found.name)):
        if re.fullmatch(rf"(?:in )?{re.escape(name)}|.*", words) and len(name.split()) <= 3:
            modes.setdefault(str(found.mode), []).append(part)
            places[name] = ([_inside(reading, part, name)], found.country)


def _keep_place(
    reading: Reading,
    span: Span,
    places: dict[str, tuple[list[Span], str]],
    parse: Callable[[str], Any],
) -> None:
    words = reading.words(span).rstrip(".,")
    if words.split()[0].casefold().strip(",") in _PLACE_STOP or words.casefold() in MONTHS:
        return
    if re.search(r"'s$|\d", words):
        return
    found = parse(words)
    if found.name:
        spans, country = places.get(found.name, ([], found.country))
        places[found.name] = ([*spans, Span(span.start, span.start + len(words))], country)
