"""Facts in a row: "Leeds · 6 weeks · £300 in total", "two weeks, 20 hours, 300 pounds"."""

import re
from typing import Final

from opportunities.importing.adverts.advert import Span
from opportunities.importing.adverts.reading import LINE, MOST, Reading, trimmed
from opportunities.importing.parsing.languages import COUNTED
from opportunities.places.folding import fold
from opportunities.places.gazetteer import named

_I: Final = re.IGNORECASE

_UNITS: Final = (
    r"(?:working days|business days|hours?|hrs?\b\.?|h\b|weeks?|wks?\b|months?|mths?\b|days?"
    r"|stunden?|std\b\.?|wochenstunden|wochen?|monaten?|arbeitstagen?|werktagen?|tagen?"
    r"|heures?|semaines?|mois|jours? ouvrés|jours?|wöchig\w*|monatig\w*)"
)
PER: Final = (
    r"(?:\s*(?:/|\bper\b|\ba\b|\beach\b|\bevery\b|\bpro\b|\bje\b|\bdie\b|\bin der\b|\bpar\b|\bam\b"
    r"|\bim\b)\s*(?:weeks?|wk|day|month|woche|tag|monat|semaine|jour|mois|w)\b"
    r"|\s+(?:weekly|daily|wöchentlich|täglich|hebdomadaires?|hebdo))"
)
TIME: Final = re.compile(
    r"(?<![\w.,/£$€+-])(?:(?:up to|no more than|at most|bis zu|maximal|jusqu'à|about|around"
    r"|approximately|approx\.?|roughly|circa|ca\.?|etwa|rund|environ|at least|mindestens|au moins"
    r"|minimum)\s+)?"
    rf"(?P<low>{COUNTED})(?:\s*(?:-|\bto\b|\bbis\b|\bà\b|\bor\b|\boder\b"
    rf"|\bou\b)\s*(?P<high>{COUNTED}))?[\s-]*(?P<unit>{_UNITS})(?!\w)(?P<per>{PER})?",
    _I,
)
_SIGN: Final = (
    r"(?<![A-Za-z])(?:US\$|C\$|CA\$|A\$|AU\$|S\$|[£€$₹¥]|Rs\.?|(?:GBP|EUR|USD|INR|CHF|CAD|AUD|PLN"
    r"|SEK|NOK|DKK)\b)"
)
_SIGN_AFTER: Final = (
    r"(?:[£€$₹]|pounds?\b|euros?\b|dollars?\b|rupees\b|(?:GBP|EUR|USD|INR|CHF|CAD|AUD|PLN|SEK|NOK"
    r"|DKK)\b)"
)
_NUM: Final = r"\d[\d.,']*(?:(?<=\d) \d{3}(?!\d))*(?<![.,])"
_MONEY_UNIT: Final = (
    r"(?:\s*(?:/|\bper\b|\ban?\b|\beach\b|\bpro\b|\bje\b|\bim\b|\bam\b|\bdie\b|\bpar\b|\bde l'"
    r"|\bl')\s*(?:hour|hr|h|month|mth|week|wk|day|year|annum|project|task|stunde|std\.?|monat|woche"
    r"|tag|jahr|projekt|auftrag|heure|mois|semaine|jour|an|mission|projet)\b\.?|\s+(?:hourly"
    r"|monthly|weekly|monatlich|mensuels?|mensuelle|p\.?m\.?|pcm|p/?h)\b\.?|\s*(?:for|für|pour"
    r"|over)\s+(?:the|all|das|die|den|la|le|this|these|tout)?\s*(?:(?:whole|entire|full|gesamte"
    r"|ganze)\s+)?"
    rf"(?:(?:{COUNTED})\s+(?:weeks?|months?|wochen?|monate|semaines?|mois)|project|task|internship"
    r"|assignment|engagement|month|summer|term|projekt|aufgabe|auftrag|monat|mission|projet|mois"
    r"|tout)\b)"
)
_DAYS_PAID: Final = (
    rf"(?:,?\s*(?:\b(?:for|over|für|pour|pendant|sur)\b|[x\u00d7])\s*(?:{COUNTED})\s+(?:working )?"
    r"(?:days|tage|jours)\b|\s*\(\d{1,2}(?:[.,]\d)?[ -]?(?:hours?|hrs?|h|stunden|std\.?|heures?)\))"
)
"""Behind pay by the day: how many days are paid, or how many hours a day has."""
MONEY: Final = re.compile(
    r"(?P<lead>\b(?:up to|from|at least|minimum|bis zu|ab|mindestens|jusqu'à|à partir de|au moins"
    r"|about|around|approx\.?|ca\.?|etwa|environ|between)\s+)?(?P<rate>\b(?:stundenlohn|hourly rate"
    r"|taux horaire|day rate|tagessatz|tarif journalier)(?: von| of| de| is| beträgt| liegt bei"
    r"| est de)?:?\s+)?(?P<flat>\b(?:fixed(?: fee| stipend| payment| price)?|flat(?: fee| rate)?"
    r"|lump sum|one-off|pauschal(?:e|honorar)?|festhonorar|forfait(?:aire)?|a total|in total|total"
    r"|insgesamt)(?:\s+(?:of|payment of|fee of|stipend of|von|de))?:?\s+)?"
    rf"(?:{_SIGN}\s?(?P<before>{_NUM})k?\b|(?P<after>{_NUM})\s?k?\s?{_SIGN_AFTER})(?:\s*(?:-|\bto\b"
    rf"|\bbis\b|\bà\b|\band\b|\bund\b|\bet\b)\s*(?:{_SIGN}\s?)?{_NUM}k?(?:\s?{_SIGN_AFTER})?)?"
    r"(?P<gross>\s*\(?\b(?:gross|brutto|brute?s?)\b\)?)?"
    rf"(?P<unit>{_MONEY_UNIT}{_DAYS_PAID}?)?"
    r"(?P<whole>\s*\(?(?:fixed(?: fee)?|flat(?: fee)?|in total|in all|all in\b|total|lump sum"
    r"|au total|au forfait|en tout|insgesamt|pauschal|forfaitaires?|stipend for (?:\d+|\w+) weeks"
    r"|gross|brutto|bruts?)\b\)?)?",
    _I,
)
MODE_WORDS: Final = re.compile(
    r"(?:fully |100 ?% |completely |entirely )?remote(?:ly)?(?: (?:work|working|role|internship"
    r"|position|job|project|only))?|work(?:ing)? from home|wfh|home-?based|from home"
    r"|hybrid(?: working)?|on[- ]?site|in person|in-person|(?:im )?home-?office"
    r"|(?:100 ?% )?télétravail|(?:entièrement )?à distance|vor ort|hybride?|sur (?:place|site)"
    r"|(?:en )?présentiel|in präsenz|(?:komplett |vollständig )?remote",
    _I,
)


_PART: Final = re.compile(
    r"(?:[^,;|•·\n.!?]|(?<=\d),(?=\d)|[.!?](?=\S)|(?<=\b\d)\.|(?<=\b\d\d)\.|(?<=Dr)\.)+"
)

_CELLS: Final = re.compile(r"(?<=\S)\s*[|·•]|\s-\s")
_CELL: Final = re.compile(r"(?:(?!\s-\s)[^|·•\n])+")


def fact_lists(reading: Reading) -> list[list[Span]]:
    """Return the parts of each line in which at least two parts are a time or money and no more."""
    lists = []
    for match in LINE.finditer(reading.plain):
        if not 0 < len(match[0]) <= 800:
            continue
        parts = [
            trimmed(reading.plain, match.start() + part.start(), match.start() + part.end())
            for part in (_CELL if _CELLS.search(match[0]) else _PART).finditer(match[0])
        ]
        parts = [part for part in parts if part.start < part.end]
        needed = 1 if _CELLS.search(match[0]) and len(parts) > 1 else 2
        facts = [part for part in parts if is_fact(reading, part)]
        others = [part for part in parts if part not in facts]
        is_where = len(facts) == len(others) == 1 and is_town(reading.words(others[0]))
        if is_where or len(facts) >= needed:
            lists.append(parts[:MOST])
    return lists[:MOST]


def begins_with_fact(words: str) -> bool:
    """Say whether a text begins with a time in figures, an amount or a way of working."""
    time = TIME.match(words)
    is_time = time and not re.match(r"(?:an?|ein\w*|une?)\b", time["low"], _I)
    return bool(is_time or MONEY.match(words) or MODE_WORDS.match(words))


def is_by_day(words: str) -> bool:
    """Say whether an amount is paid by the day."""
    return bool(_BY_DAY.search(words))


_BY_DAY: Final = re.compile(
    r"(?:/|\b(?:per|an?|each|pro|je|am|par)) ?(?:day|tag|jour)\b|\b(?:day rate|tagessatz"
    r"|tarif journalier)\b",
    _I,
)
_LEAST_TOWN: Final = 10_000
_LEAST_KNOWN: Final = 100_000
"""People of a town that is known by its name alone; many a village is called as things are.

The second is for names in another language: "München" for Munich.
"""


def is_town(words: str) -> bool:
    """Say whether words are the name of a town, and nothing more."""
    return words[:1].isupper() and any(
        city.people >= (_LEAST_TOWN if is_own else _LEAST_KNOWN)
        for city, is_own in named(fold(words))
    )


_ABOUT: Final = re.compile(
    r"^(?:about|around|approx\.?|ca\.?|circa|etwa|rund|environ|for|fixed[- ]term"
    r"(?: contract)?,?|contract of|befristet(?: auf)?|cdd(?: de)?)\s+",
    _I,
)


def is_fact(reading: Reading, part: Span) -> bool:
    """Say whether a part is a time, an amount or a way of working, and nothing more."""
    words = _ABOUT.sub("", reading.words(part).strip())
    return bool(TIME.fullmatch(words) or MONEY.fullmatch(words) or MODE_WORDS.fullmatch(words))
