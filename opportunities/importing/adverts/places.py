"""Where the work is done: the way of working, the place and its country."""

import re
from collections import defaultdict
from itertools import pairwise
from typing import Final

from opportunities.importing.adverts.advert import Span
from opportunities.importing.adverts.reading import Labelled, Reading
from opportunities.importing.adverts.rows import MODE_WORDS, is_town
from opportunities.importing.parsing import parse_place
from opportunities.importing.parsing.languages import MONTH

_I: Final = re.IGNORECASE

_MODES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("hybrid", re.compile(
        r"\bhybrid(?:e|es)?\b(?! (?:model|vehicle|car|cloud|app|battery|materials?|polymer|event"
        r"|seed))",
        _I)),
    ("remote", re.compile(
        r"(?<!non-)(?<!not )(?<!no )\b(?:remote(?:ly)?\b(?! (?:sensing|control|monitoring|area"
        r"|communit|possible|option|access|region|desktop|server|island|villages?|teams?\b"
        r"|sensors?)|-sensing)|work(?:ing)? from home\b(?! (?:policy|if|sometimes|is possible"
        r"|days?))|work(?:ed)? from anywhere\b|(?:entirely|done|all) from home\b|home-based\b"
        r"|(?:komplett |vollständig |ganz )?(?:im home-?office\b|ortsunabhängig\b|von zu ?hause\b)"
        r"|(?:en |100 ?% )télétravail\b(?! partiel)|(?:entièrement "
        r"|100 ?% )?à distance\b(?! possible))", _I)),
    ("onsite", re.compile(
        r"(?<!not )\b(?:on-?site\b|on site\b|in[- ]person\b(?! interview)|vor ort\b|in präsenz\b"
        r"|sur place\b|sur site\b|en présentiel\b)", _I)),
)  # fmt: skip
_MAYBE: Final = re.compile(
    r"\b(?:remote|work(?:ing)? from home|from home|home-?office|télétravail|à distance"
    r"|hybrid)(?: (?:work|arbeiten))?\s+(?:is |ist |est )?(?:also )?(?:possible|negotiable|optional"
    r"|möglich|option|partiel|if you|days?|an option)|\b(?:partly|partially|teilweise|partiellement"
    r"|occasional(?:ly)?|sometimes|gelegentlich|optional(?:ly)?|mostly|mainly|largely|usually"
    r"|überwiegend|größtenteils|meistens|vorwiegend|zum (?:großen )?teil|principalement"
    r"|en grande partie|some|possibly|part)\s+(?:done |worked )?(?:remote|work from home|from home"
    r"|home-?office|im home-?office|von zu ?hause|en télétravail|à distance|hybrid)|\b(?:remote"
    r"|from home|home-?office|télétravail),? (?:with|except for|apart from) (?:an?|one|two|some"
    r"|occasional|regular) (?:visits?|days?|meetings?|trips?)\b|\b(?:days?|tagen?"
    r"|jours?)\b[^.!?\n]{0,40}\b(?:remote|from home|home-?office|télétravail)|\b(?:remote"
    r"|home-?office|télétravail|from home)\s*(?:/|\bor\b|\boder\b|\bou\b)\s*(?:on-?site|vor ort|in"
    r"|im|at|sur|en|hybrid|office)|\b(?:on-?site|vor ort|sur place|office|in person)\s*(?:/|\bor\b"
    r"|\boder\b|\bou\b)\s*(?:remote|home|from|télétravail|à distance)",
    _I,
)
_NAME: Final = (
    r"(?P<place>(?:[A-ZÀ-Ý][\w'-]+)(?:(?: |-)(?:upon|am|an der|sur|de|la|le|les|der|im|on|of)(?= "
    r"|-))?(?:[ -][A-ZÀ-Ý][\w'-]+){0,2}(?:, (?:[A-ZÀ-Ý][\w'-]+|UK|USA)(?: [A-ZÀ-Ý][\w'-]+)?)?)"
)
_OFFICE: Final = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Tt]o|[Ff]rom|[Aa]us)\s+(?:our|the|unserem?"
    r"|unserer)\s+(?P<place>[A-ZÀ-Ý][\w'-]+(?: [A-ZÀ-Ý][\w'-]+)?)"
    r"(?:er)?\s+(?:office|studio|lab(?:oratory)?|warehouse|site|branch|shop|campus|Büro)\b"
)
_AT: Final = re.compile(
    r"\b(?:[Oo]n[- ]?site|[Ii]n[- ]person|[Hh]ybrid|[Vv]or [Oo]rt|[Ss]ur place|[Ee]n présentiel"
    r"|[Hh]ybride|[Pp]résentiel|at our offices?|in our offices?|at our (?:lab|studio|site|workshop"
    r"|shop)|in unserem (?:Büro|Labor|Laden)|in unserer (?:Geschäftsstelle|Redaktion|Werkstatt"
    r"|Praxis)|dans (?:nos (?:bureaux|locaux)|notre (?:atelier|bureau|agence|laboratoire|boutique))"
    r"|[Tt]he (?:role|internship|placement|work|position|job) is based|[Yy]ou(?:'ll| will)? (?:be"
    r"|work) (?:based|on site)|[Yy]ou(?:'ll| will) work)"
    rf",?\s*\(?(?:based in|in|at|à|im|,)\s*{_NAME}"
)
_BESIDE: Final = re.compile(
    rf"\b(?:[Ii]n|[Aa]t|à) {_NAME},? \(?(?i:vor ort|on[- ]?site|in[- ]person|hybride?|sur (?:place"
    r"|site)|en présentiel|in präsenz)\b"
)
_PLACE_STOP: Final = frozenset([
    "monday", "tuesday", "wednesday", "thursday", "friday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december",
    "excel", "python", "we", "the", "our", "your", "you", "english", "german", "french", "german",
    "deutsch", "türkisch",
])  # fmt: skip


_PLACE_LABEL: Final = re.compile(r"(?:standort|location|lieu|ort|in|at|à)\s+", _I)
_THERE: Final = re.compile(
    r"hybrid|on[- ]?site|in[- ]person|vor ort|sur (?:place|site)|présentiel|in präsenz", _I
)


type _Modes = defaultdict[str, list[Span]]
type _Places = dict[str, tuple[list[Span], str]]
"""A place to where it stands, and its country."""


def read_place(reading: Reading, lists: list[list[Span]]) -> None:
    """Fill the way of working, the place and its country."""
    modes: _Modes = defaultdict(list)
    places: _Places = {}
    for line in reading.of("location", "mode"):
        _labelled_place(reading, line, modes, places)
    for parts in lists:
        for part in parts:
            _listed_place(reading, part, modes, places)
        _towns_beside_modes(reading, parts, places)
    _modes_in_sentences(reading, modes)
    if not places:
        for pattern in (_OFFICE, _AT, _BESIDE):
            for match in reading.matches(pattern):
                span = Span.of(match, "place")
                _keep_place(reading, span, places)
    mode = _settle_mode(reading, modes)
    _settle_place(reading, mode, places, is_open=bool(modes))


def _modes_in_sentences(reading: Reading, modes: _Modes) -> None:
    """Add what sentences say of the way of working, where no label does; "?" is either way."""
    patterns = [] if modes else list(_MODES)
    for mode, pattern in [*patterns, ("?", _MAYBE)]:
        for match in reading.matches(pattern):
            span = Span.of(match)
            if reading.is_labelled(span) or (mode == "?" and "hybrid" in modes):
                continue
            if mode == "?":
                _forget_within(modes, span)
            modes[mode].append(span)


def _forget_within(modes: _Modes, span: Span) -> None:
    """Take out the ways of working whose words are part of words that leave it open."""
    for mode in list(modes):
        modes[mode] = [one for one in modes[mode] if one.start < span.start or one.end > span.end]
        if not modes[mode]:
            del modes[mode]


_REMOTE_AT_ALL: Final = re.compile(
    r"\b(?:remote(?! sensing)|hybrid|from home|home-?office|télétravail|à distance|von zu ?hause)",
    _I,
)


def _settle_mode(reading: Reading, modes: _Modes) -> str:
    """Keep the one way of working that is told, and return it; hybrid is both of the others."""
    told = set(modes)
    if "?" not in told and (len(told) == 1 or "hybrid" in told):
        mode = "hybrid" if "hybrid" in told else told.pop()
        reading.add("mode", mode, modes[mode])
        return mode
    for spans in modes.values():
        reading.leave("mode", *spans)
    return ""


def _settle_place(reading: Reading, mode: str, places: _Places, *, is_open: bool) -> None:
    """Keep the one place that is told; several are left, and so is one beside remote work.

    Where work is remote, a place is that of the employer, or a condition that nobody can read. A
    place alone means that the work is done there, unless something speaks of remote work.
    """
    if len(places) != 1 or mode == "remote":
        why = "contradicts" if len(places) > 1 else "unclear"
        for spans, _ in places.values():
            reading.leave("place", *spans, why=why)
        return
    [(name, (spans, country))] = places.items()
    if name:
        reading.add("place", name, spans)
    if country:
        reading.add("country", country, spans)
    if not is_open and name and not _REMOTE_AT_ALL.search(reading.plain):
        reading.add("mode", "onsite", spans)


def _labelled_place(reading: Reading, line: Labelled, modes: _Modes, places: _Places) -> None:
    english = re.sub(
        r"(?<!work )(?<!working )\bfrom home\b", "remote", reading.english(line.value), flags=_I
    )
    if line.label in {"remote"} and re.fullmatch(r"(?:yes|ja|oui)[.!]?", english, _I):
        modes["remote"].append(line.value)
        return
    if _MAYBE.search(reading.words(line.value)) or re.search(
        r"\bremote\s*(?:/|or)\s|/\s*remote|\bor remote",
                                                            english, _I):  # fmt: skip
        modes["?"].append(line.value)
        either = parse_place(english)
        if either.mode is None and either.name and line.name == "location":
            places[either.name] = ([_inside(reading, line.value, either.name)], either.country)
        return
    if re.search(r";|\band\b|\bor\b|/|\bmultiple\b| \+ ", re.sub(r"\([^)]*\)", "", english)):
        reading.leave("place" if line.name == "location" else "mode", line.value)
        return
    found = parse_place(english)
    explicit = {mode for mode, pattern in _MODES if pattern.search(english)}
    if (
        found.mode
        and (explicit or line.name == "mode")
        and found.mode in (explicit or {found.mode})
    ):
        if line.name == "mode" and found.name and not explicit:
            reading.leave("mode", line.value)
            return
        modes[str(found.mode)].append(line.value)
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
    if re.search(
        r"[.!?](?:\s|$)|\b(?:days?|week|tage|jours|you|we|our|office|or|team)\b", name, _I
    ):
        return ""
    return name if any(word[0].isupper() for word in words) else ""


def _listed_place(reading: Reading, part: Span, modes: _Modes, places: _Places) -> None:
    words = reading.words(part)
    if reading.is_labelled(part):
        return
    if not MODE_WORDS.search(words):
        found = parse_place(words)
        if found.country and found.name and len(words.split()) <= 4 and _plain_name(words):
            places[found.name] = ([part], found.country)
        return
    if _MAYBE.search(words):
        return
    found = parse_place(reading.english(part))
    if found.mode and not found.name:
        modes[str(found.mode)].append(part)
        return
    name = _plain_name(found.name)
    if found.mode and name and len(name.split()) <= 3:
        modes[str(found.mode)].append(part)
        places[name] = ([_inside(reading, part, name)], found.country)


def _towns_beside_modes(reading: Reading, parts: list[Span], places: _Places) -> None:
    """Keep a town that stands in a list beside "on site" or "hybrid"."""
    for before, after in pairwise(parts):
        for mode, town in ((before, after), (after, before)):
            words = reading.words(mode)
            is_there = MODE_WORDS.fullmatch(words) and _THERE.search(words)
            label = _PLACE_LABEL.match(reading.words(town))
            name = Span(town.start + (label.end() if label else 0), town.end)
            if is_there and not reading.is_labelled(town) and is_town(reading.words(name)):
                _keep_place(reading, name, places)


def _keep_place(reading: Reading, span: Span, places: _Places) -> None:
    words = reading.words(span).rstrip(".,")
    if words.split()[0].casefold().strip(",") in _PLACE_STOP or re.fullmatch(MONTH, words, _I):
        return
    if re.search(r"'s$|\d", words):
        return
    found = parse_place(words)
    if found.name:
        spans, country = places.get(found.name, ([], found.country))
        places[found.name] = ([*spans, Span(span.start, span.start + len(words))], country)
