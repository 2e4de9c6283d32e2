"""Where the work is done: the way of working, the place and its country."""

import re
from collections import defaultdict
from itertools import pairwise
from typing import Final

from opportunities.importing.adverts.advert import TIMES, Advert, Labelled, Span
from opportunities.importing.adverts.rows import MODE_WORDS, is_town
from opportunities.importing.adverts.words import CUES
from opportunities.importing.parsing.languages import MONTH
from opportunities.importing.parsing.places import Place, parse_place

_I: Final = re.IGNORECASE

_MODES: Final = tuple((mode, CUES[mode]) for mode in ("hybrid", "remote", "onsite"))

type _Modes = defaultdict[str, list[Span]]
type _Places = dict[str, tuple[list[Span], str]]
"""A place to where it stands, and its country."""


def read_place(advert: Advert, lists: list[list[Span]]) -> None:
    """Fill the way of working, the place and its country."""
    modes: _Modes = defaultdict(list)
    places: _Places = {}
    for line in advert.of("location", "mode"):
        _labelled_place(advert, line, modes, places)
    for parts in lists:
        for part in parts:
            _listed_place(advert, part, modes, places)
        _towns_beside_modes(advert, parts, places)
    _modes_in_sentences(advert, modes)
    if not places:
        for pattern in (CUES["office"], CUES["at"], CUES["beside"]):
            for match in advert.matches(pattern):
                span = Span.of(match, "place")
                _keep_place(advert, span, places)
    if not places:
        _town_of_title(advert, places)
    mode = _settle_mode(advert, modes)
    _settle_place(advert, mode, places, is_open=bool(modes))


def _town_of_title(advert: Advert, places: _Places) -> None:
    """Keep the town of "intern in Leeds (m/f/d)" or "Intern - Leeds, hybrid"."""
    title = advert.find("title")
    if title is None:
        return
    start, end = title.spans[0]
    match = CUES["in_title"].search(advert.plain, start, end) or CUES["behind_title"].match(
        advert.plain, end
    )
    if match and is_town(match["place"]):
        _keep_place(advert, Span.of(match, "place"), places)


def _modes_in_sentences(advert: Advert, modes: _Modes) -> None:
    """Add what sentences say of the way of working, where no label does; "?" is either way."""
    patterns = [] if modes else list(_MODES)
    for mode, pattern in [*patterns, ("?", CUES["maybe"])]:
        for match in advert.matches(pattern):
            span = Span.of(match)
            if advert.is_labelled(span, besides=TIMES) or (mode == "?" and "hybrid" in modes):
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


def _settle_mode(advert: Advert, modes: _Modes) -> str:
    """Keep the one way of working that is told, and return it; hybrid is both of the others."""
    told = set(modes)
    if "?" not in told and (len(told) == 1 or "hybrid" in told):
        mode = "hybrid" if "hybrid" in told else told.pop()
        advert.add("mode", mode, modes[mode])
        return mode
    for spans in modes.values():
        advert.leave("mode", *spans)
    return ""


def _settle_place(advert: Advert, mode: str, places: _Places, *, is_open: bool) -> None:
    """Keep the one place that is told; several are left, and so is one beside remote work.

    Where work is remote, a place is that of the employer, or a condition that nobody can read. A
    place alone means that the work is done there, unless something speaks of remote work.
    """
    if len(places) != 1 or mode == "remote":
        why = "contradicts" if len(places) > 1 else "unclear"
        for spans, _ in places.values():
            advert.leave("place", *spans, why=why)
        return
    [(name, (spans, country))] = places.items()
    if name:
        advert.add("place", name, spans)
    if country:
        advert.add("country", country, spans)
    if not is_open and name and not CUES["remote_at_all"].search(advert.plain):
        advert.add("mode", "onsite", spans)


def _labelled_place(advert: Advert, line: Labelled, modes: _Modes, places: _Places) -> None:
    english = CUES["from_home"].sub("remote", advert.english(line.value))
    if line.label == "remote" and re.fullmatch(r"(?:yes|ja|oui)[.!]?", english, _I):
        modes["remote"].append(line.value)
        return
    if CUES["maybe"].search(advert.at(line.value)) or CUES["or_remote"].search(english):
        modes["?"].append(line.value)
        either = parse_place(english)
        if either.mode is None and either.name and line.name == "location":
            places[either.name] = ([_inside(advert, line.value, either.name)], either.country)
        return
    if re.search(r";|\band\b|\bor\b|/|\bmultiple\b| \+ ", re.sub(r"\([^)]*\)", "", english)):
        advert.leave("place" if line.name == "location" else "mode", line.value)
        return
    found = parse_place(english)
    explicit = {mode for mode, pattern in _MODES if pattern.search(english)}
    if (
        found.mode
        and (explicit or line.name == "mode")
        and found.mode in (explicit or {found.mode})
    ):
        if line.name == "mode" and found.name and not explicit:
            advert.leave("mode", line.value)
            return
        modes[str(found.mode)].append(line.value)
    if line.name == "location" and (found.name or found.country):
        _named_place(advert, line.value, found, places)
    elif found.mode is None and not found.name:
        advert.leave("mode", line.value)


def _named_place(advert: Advert, value: Span, found: Place, places: _Places) -> None:
    """Keep what a label names as the place, or the town in words such as "our office in Leeds"."""
    name = _plain_name(found.name)
    if name or (found.country and not found.name):
        places[name] = ([_inside(advert, value, name)], found.country)
    elif office := CUES["office_in"].search(advert.plain, value.start, value.end):
        _keep_place(advert, Span.of(office, "place"), places)
    else:
        advert.leave("place", value)


def _inside(advert: Advert, value: Span, name: str) -> Span:
    place = advert.plain.find(name, value.start, value.end) if name else -1
    return Span(place, place + len(name)) if place >= 0 else value


def _plain_name(name: str) -> str:
    """Return the name of a place, or nothing where the words are more than a name."""
    words = name.split()
    if not words or len(words) > 7 or len(name) > 80 or not re.match(r"[^\W\d_]|\d", name):
        return ""
    if CUES["no_name"].search(name):
        return ""
    return name if any(word[0].isupper() for word in words) else ""


def _listed_place(advert: Advert, part: Span, modes: _Modes, places: _Places) -> None:
    words = advert.at(part)
    if advert.is_labelled(part):
        return
    if not MODE_WORDS.search(words):
        found = parse_place(words)
        if found.country and found.name and len(words.split()) <= 4 and _plain_name(words):
            places[found.name] = ([part], found.country)
        return
    if CUES["maybe"].search(words):
        return
    found = parse_place(advert.english(part))
    if found.mode and not found.name:
        modes[str(found.mode)].append(part)
        return
    name = _plain_name(found.name)
    if found.mode and name and len(name.split()) <= 3:
        modes[str(found.mode)].append(part)
        places[name] = ([_inside(advert, part, name)], found.country)


def _towns_beside_modes(advert: Advert, parts: list[Span], places: _Places) -> None:
    """Keep a town that stands in a list beside "on site" or "hybrid"."""
    for before, after in pairwise(parts):
        for mode, town in ((before, after), (after, before)):
            words = advert.at(mode)
            is_there = MODE_WORDS.fullmatch(words) and CUES["there"].search(words)
            label = CUES["place_label"].match(advert.at(town))
            name = Span(town.start + (label.end() if label else 0), town.end)
            if is_there and not advert.is_labelled(town) and is_town(advert.at(name)):
                _keep_place(advert, name, places)


def _keep_place(advert: Advert, span: Span, places: _Places) -> None:
    words = advert.at(span).rstrip(".,")
    if CUES["no_place"].fullmatch(words.split()[0].strip(",")) or re.fullmatch(MONTH, words, _I):
        return
    if re.search(r"'s$|\d", words):
        return
    found = parse_place(words)
    if found.name:
        spans, country = places.get(found.name, ([], found.country))
        places[found.name] = ([*spans, Span(span.start, span.start + len(words))], country)
