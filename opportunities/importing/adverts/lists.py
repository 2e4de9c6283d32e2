"""The lists of an advert: what applicants go through, results and skills."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from opportunities.importing.adverts.advert import UNKNOWN_SKILL, Span
from opportunities.importing.adverts.reading import MOST, NEGATED, Reading
from opportunities.importing.adverts.words import PATTERNS
from opportunities.roles.fields import PARTS

type Skills = Callable[[Iterable[str]], Mapping[str, str]]
"""Returns the slug of each text that is exactly the name of a skill."""

_I: Final = re.IGNORECASE

_APPLY_CUE: Final = re.compile(
    r"\b(?:apply|applying|applications?|applicants?|send|submit|email|e-mail|selection"
    r"|hiring process|process|shortlist\w*|bewerb\w*|bewirb"
    r"|sende\w*|schick\w*|auswahl\w*|candidat\w*|postul\w*|envoye[rz]|sélection|recrutement"
    r"|répond\w*|joign\w+|joindre|mailen|adressez|adresser|write to)\b",
    _I,
)


def read_steps(reading: Reading) -> None:
    """Fill what applicants go through, in the order in which the advert names it."""
    places: list[tuple[int, str, Span]] = []
    for name, pattern in PATTERNS["steps"].items():
        for match in reading.matches(pattern):
            span = Span.of(match)
            in_label = any(line.value.holds(span) for line in reading.of("steps"))
            if not in_label and not _APPLY_CUE.search(reading.sentence(span)):
                continue
            if NEGATED.search(reading.before(span.start)) or re.match(
                r"\s*(?:is |are |ist |sind |est )?(?:not (?:needed|required)|optional"
                r"|nicht (?:nötig|erforderlich)|facultati)",
                reading.after(span.end), _I,
            ):  # fmt: skip
                continue
            if re.search(
                r"\b(?:or|oder|ou)\s+(?:an? |une? |ein(?:e|en)? |your )?$",
                reading.before(span.start),
                _I,
            ) or re.match(r"\s+(?:or|oder|ou)\b", reading.after(span.end), _I):
                reading.leave("steps", span)
                continue
            places.append((span.start, name, span))
    places.sort()
    if places:
        names = list(dict.fromkeys(name for _, name, _ in places))
        reading.add("steps", names, [span for _, _, span in places])


_ITEM: Final = re.compile(r"[^\n]+")
_MARK: Final = re.compile(r"^\s*(?:[-*•·\u2013‣○]|\d{1,2}[.)])\s*")


def _items(reading: Reading, value: Span) -> Iterator[Span]:
    """Yield the entries of a list: its lines, or what stands between semicolons."""
    words = reading.words(value)
    lines = [line for line in _ITEM.finditer(words) if line[0].strip()]
    if len(lines) == 1 and not _MARK.match(words):
        pattern = r"(?:[^;])+"
        pieces = list(re.finditer(pattern, words))
    else:
        pieces = lines
    for piece in pieces:
        mark = _MARK.match(piece[0])
        start = value.start + piece.start() + (mark.end() if mark else 0)
        end = value.start + piece.end()
        while start < end and reading.plain[start] in " \t*_":
            start += 1
        while start < end and reading.plain[end - 1] in " \t*_.;,":
            end -= 1
        if start < end:
            yield Span(start, end)


def read_deliverables(reading: Reading) -> None:
    """Fill the results from the list under their heading."""
    found: list[Span] = []
    most = PARTS["deliverables"].fields["title"].most  # type: ignore[attr-defined]
    for line in reading.of("deliverables"):
        for item in _items(reading, line.value):
            words = reading.words(item)
            if len(words) > most:
                reading.leave("deliverables", item, why="too_long")
            elif re.fullmatch(r"[\d\s]*|tbc|tbd|none|keine|aucun", words, _I):
                reading.leave("deliverables", item)
            else:
                found.append(item)
    if found and len(found) <= PARTS["deliverables"].most:
        entries = [{"title": " ".join(reading.text[s.start : s.end].split())} for s in found]
        reading.add("deliverables", entries, found)


_SKILL_CUE: Final = re.compile(
    r"\b(?P<cue>(?-i:(?:[Nn]eeds?|[Yy]ou (?:already )?know|[Dd]u (?:kennst|kannst"
    r"|beherrschst))(?= [A-Z]))|(?:experience|experienced|familiarity|familiar|comfortable"
    r"|confident|proficien(?:t|cy)|skilled|knowledge|skills?|fluen(?:t|cy)) (?:with|in|of|using)"
    r"|erfahrung(?:en)? (?:mit|in)|kenntnisse in|sicher (?:in|im umgang mit)|umgang mit"
    r"|vertraut mit|maîtrise (?:de|d'|du)|connaissances? (?:de|en|du|d')|à l'aise avec"
    r"|expérience (?:de|avec|en)|il faut (?:maîtriser|connaître)|vous (?:maîtrisez"
    r"|connaissez))\s*(?P<list>[^.;:\n(]{2,120})",
    _I,
)  # fmt: skip
_BETWEEN: Final = re.compile(r"[,;|•·\n/]|\s+(?:and|or|und|oder|et|ou)\s+|&", _I)
_LEVELS: Final = re.compile(
    r"^(?:(?:some|basic|good|strong|solid|excellent|working|prior|sound|a|the|of|in|with|using"
    r"|knowledge|experience|skills|level|very|gute|grundlegende|sehr|erste|solide|kenntnisse|bonne"
    r"|bonnes|très|maîtrise|de|d'|en|du|la|le|notions|connaissance|connaissances|at least|ideally"
    r"|intermediate|advanced|fluent|beginner|proficient|familiarity|proficiency|confident)[\s']+)+",
    _I,
)
_AFTER_SKILL: Final = re.compile(
    r"(?:\s*(?:\(.*|skills?|proficiency|kenntnisse|-kenntnisse|preferred|required|desirable"
    r"|essential|is a plus|a plus|(?:\s(?:helps?|is|are|would|wäre|ist|sind|est|sont|wünschenswert"
    r"|appréciée?s?|souhaitée?s?|useful|welcome|needed|von vorteil)\b.*)))+$",
    _I,
)


def read_skills(reading: Reading, lookup: Skills | None) -> None:
    """Fill the skills whose names stand in a list of skills or behind "experience with"."""
    if lookup is None:
        return
    candidates: list[tuple[Span, str, bool]] = []
    for line in reading.of("skills"):
        for item in _items(reading, line.value):
            candidates += [(span, words, True) for span, words in _names(reading, item)]
    for match in _SKILL_CUE.finditer(reading.plain):
        negated = NEGATED.search(reading.before(match.start())) or re.search(
            r"\b(?:not|nicht|n'est pas|no)\b", match["list"], _I
        )
        if not negated:
            span = Span.of(match, "list")
            candidates += [(span, words, False) for span, words in _names(reading, span)]
    candidates = candidates[:MOST]
    known = lookup([words for _, words, _ in candidates])
    found: dict[str, list[Span]] = {}
    for span, words, is_listed in candidates:
        if slug := known.get(words):
            found.setdefault(slug, []).append(span)
        elif is_listed:
            reading.leave("skills", span, why=UNKNOWN_SKILL)
    if found and len(found) <= PARTS["skills"].most:
        entries = [named_skill(slug) for slug in found]
        reading.add("skills", entries, [span for spans in found.values() for span in spans])


def named_skill(slug: str) -> dict[str, Any]:
    """Return a skill that an advert names: some of it, useful, not a must."""
    return {"name": slug, "level": 1, "importance": 1, "must": False}


def _names(reading: Reading, item: Span) -> Iterator[tuple[Span, str]]:
    words = reading.words(item)
    place = 0
    for cut in [*_BETWEEN.finditer(words), None]:
        end = cut.start() if cut else len(words)
        piece = words[place:end]
        lead = _LEVELS.match(piece.lstrip() + " ")
        start = (
            place
            + len(piece)
            - len(piece.lstrip())
            + (len(lead[0]) if lead and lead.end() < len(piece.strip()) else 0)
        )
        name = _AFTER_SKILL.sub("", words[start:end].strip(" .*_'\"-"))
        begin = words.find(name, start, end) if name else -1
        if begin >= 0 and len(name) <= 60:
            yield Span(item.start + begin, item.start + begin + len(name)), name
        place = cut.end() if cut else end
