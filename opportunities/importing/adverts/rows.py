"""Facts in a row: "Leeds · 6 weeks · £300 in total", "two weeks, 20 hours, 300 pounds"."""

import re
from typing import Final

from opportunities.importing.adverts.advert import Span
from opportunities.importing.adverts.reading import LINE, MOST, Reading, trimmed
from opportunities.importing.adverts.words import COUNTED

_I: Final = re.IGNORECASE

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
TIME: Final = re.compile(
    r"(?<![\w.,/£$€+-])(?:(?:up to|no more than|at most|bis zu|maximal|jusqu'à|about|around"
    r"|approximately|approx\.?|roughly|circa|ca\.?|etwa|rund|environ|at least|mindestens|au moins"
    r"|minimum)\s+)?"
    rf"(?P<low>{COUNTED})(?:\s*(?:-|\bto\b|\bbis\b|\bà\b|\bor\b|\boder\b"
    rf"|\bou\b)\s*(?P<high>{COUNTED}))?"
    rf"[\s-]*(?P<unit>{_UNITS})(?!\w)(?P<per>{_PER})?",
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
    r"(?:\s*(?:/|\bper\b|\ban?\b|\beach\b|\bpro\b|\bje\b|\bim\b|\bdie\b|\bpar\b|\bde l'|\bl')\s*"
    r"(?:hour|hr|h|month|mth|week|wk|day|year|annum|project|task|stunde|std\.?|monat|woche|tag|jahr"
    r"|projekt|auftrag|heure|mois|semaine|jour|an|mission|projet)\b\.?"
    r"|\s+(?:hourly|monthly|weekly|monatlich|mensuels?|mensuelle|p\.?m\.?|pcm|p/?h)\b\.?"
    r"|\s*(?:for|für|pour|over)\s+(?:the|all|das|die|den|la|le|this|these|tout)?\s*"
    r"(?:(?:whole|entire|full|gesamte|ganze)\s+)?"
    rf"(?:(?:{COUNTED})\s+(?:weeks?|months?|wochen?|monate|semaines?|mois)|project|task|internship"
    r"|assignment|engagement|projekt|aufgabe|auftrag|mission|projet|tout)\b)"
)
MONEY: Final = re.compile(
    r"(?P<lead>\b(?:up to|from|at least|minimum|bis zu|ab|mindestens|jusqu'à|à partir de|au moins"
    r"|about|around|approx\.?|ca\.?|etwa|environ|between)\s+)?"
    r"(?P<rate>\b(?:stundenlohn|hourly rate|taux horaire)(?: von| of| de)?:?\s+)?"
    r"(?P<flat>\b(?:fixed(?: fee| stipend| payment| price)?|flat(?: fee| rate)?|lump sum|one-off"
    r"|pauschal(?:e|honorar)?|festhonorar|forfait(?:aire)?|a total|in total|total|insgesamt)"
    r"(?:\s+(?:of|payment of|fee of|stipend of|von|de))?:?\s+)?"
    rf"(?:{_SIGN}\s?(?P<before>{_NUM})k?\b|(?P<after>{_NUM})\s?k?\s?{_SIGN_AFTER})"
    rf"(?:\s*(?:-|\bto\b|\bbis\b|\bà\b|\band\b|\bund\b"
    rf"|\bet\b)\s*(?:{_SIGN}\s?)?{_NUM}k?(?:\s?{_SIGN_AFTER})?)?"
    r"(?P<gross>\s*\(?\b(?:gross|brutto|brute?s?)\b\)?)?"
    rf"(?P<unit>{_MONEY_UNIT})?"
    r"(?P<whole>\s*\(?(?:fixed(?: fee)?|flat(?: fee)?|in total|in all|total|lump sum|au total"
    r"|au forfait"
    r"|en tout|insgesamt|pauschal|forfaitaires?|stipend for (?:\d+|\w+) weeks|gross|brutto"
    r"|bruts?)\b\)?)?",
    _I,
)
MODE_WORDS: Final = re.compile(
    r"(?:fully |100 ?% |completely |entirely )?remote(?:ly)?(?: (?:work|working|role|internship"
    r"|position"
    r"|job|project|only))?|work(?:ing)? from home|wfh|home-?based|from home|hybrid(?: working)?"
    r"|on-?site|in person|in-person|(?:im )?home-?office|(?:100 ?% )?télétravail"
    r"|(?:entièrement )?à distance"
    r"|vor ort|hybride?|sur (?:place|site)|(?:en )?présentiel|in präsenz|(?:komplett "
    r"|vollständig )?remote",
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
        if sum(is_fact(reading, part) for part in parts) >= needed:
            lists.append(parts[:MOST])
    return lists[:MOST]


_ABOUT: Final = re.compile(r"^(?:about|around|approx\.?|ca\.?|circa|etwa|rund|environ|for)\s+", _I)


def is_fact(reading: Reading, part: Span) -> bool:
    """Say whether a part is a time, an amount or a way of working, and nothing more."""
    words = _ABOUT.sub("", reading.words(part).strip())
    return bool(TIME.fullmatch(words) or MONEY.fullmatch(words) or MODE_WORDS.fullmatch(words))
