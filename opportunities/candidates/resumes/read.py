"""Read a JSON Resume: what it says of a profile, what we have no place for, what we never keep."""

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from django.utils.translation import gettext as _

from opportunities.candidates.fields import FIELDS, MAX_SKILLS
from opportunities.candidates.resumes.mending import Mended, mend
from opportunities.candidates.resumes.schema import SECTIONS
from opportunities.core.errors import Fault, Invalid
from opportunities.core.text import is_readable
from opportunities.core.validation import Text
from opportunities.importing.parsing.choices import field_of_work
from opportunities.skills.lookup import Mentioned, skills_named

MAX_SIZE: Final = 256 * 1024
MAX_LISTED: Final = 200
MAX_POINTER: Final = 200

LEVELS: Final[Mapping[str, int]] = {
    "learning": 0, "beginner": 1, "basic": 1, "novice": 1, "elementary": 1, "intermediate": 2,
    "competent": 2, "advanced": 3, "proficient": 3, "professional": 3, "master": 4, "expert": 4,
}  # fmt: skip
"""Words for a level of skill; another word counts as a beginner's."""

NEVER_KEPT: Final = frozenset({"/references", "/basics/image", "/basics/email", "/basics/phone",
                               "/basics/location", "/basics/birth"})  # fmt: skip
"""What a profile has no place for on purpose: other people's words, looks, private addresses."""

_LENGTHS: Final = {row.name: row.kind.most for row in FIELDS.values() if isinstance(row.kind, Text)}


@dataclass(frozen=True, slots=True)
class Preview:
    """What keeping the resume would change; the lists hold JSON pointers into it.

    ``unread`` is what could not be read, and was left out.
    """

    name: str
    facts: Mapping[str, Any]
    skills: tuple[Mentioned, ...]
    unmapped: tuple[str, ...]
    never_kept: tuple[str, ...]
    unread: tuple[str, ...]


def preview(content: bytes) -> Preview:
    """Return what a resume says of a profile; raise ``Invalid`` for what is no JSON Resume."""
    resume, unread = _parsed(content)
    used: set[str] = set()
    basics = resume.get("basics", {})
    texts = {
        "headline": (basics.get("label", ""), "/basics/label"),
        "about": (basics.get("summary", ""), "/basics/summary"),
        "school": _school(resume.get("education", []), unread),
    }
    facts: dict[str, Any] = {}
    for fact, (text, pointer) in texts.items():
        if 0 < len(text.strip()) <= _LENGTHS[fact]:
            facts[fact] = text.strip()
            used.add(pointer)
    interests = {}
    for index, interest in enumerate(resume.get("interests", [])):
        if field := field_of_work(interest.get("name", "")):
            interests[field] = 1
            used |= {f"/interests/{index}/name", f"/interests/{index}"}
    if interests:
        facts["interests"] = interests
    skills = _skills(resume.get("skills", []), used)
    if name := basics.get("name", "").strip()[:120]:
        used.add("/basics/name")
    left = [p for p in _pointers(resume) if p not in used and p not in unread]
    return Preview(
        name=name,
        facts=facts,
        skills=tuple(skills),
        unmapped=tuple(p[:MAX_POINTER] for p in left if not _is_never_kept(p))[:MAX_LISTED],
        never_kept=tuple(p[:MAX_POINTER] for p in left if _is_never_kept(p))[:MAX_LISTED],
        unread=tuple(p[:MAX_POINTER] for p in unread if is_readable(p))[:MAX_LISTED],
    )


def is_json_resume(content: bytes) -> bool:
    """Say whether a file is to be read as a JSON Resume: JSON, unless it is plainly another kind.

    The JSON of a Europass CV has none of its sections, and is read for skills as any text.
    """
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in {b"{", b"["}:
        return False
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return True
    return not (isinstance(value, dict) and value and value.keys().isdisjoint(SECTIONS))


def _parsed(content: bytes) -> Mended:
    if len(content) > MAX_SIZE:
        raise Invalid(Fault("", "too_large", _("A JSON Resume has at most 256 kB.")))
    try:
        value = json.loads(
            content.decode("utf-8-sig"),
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_repetition,
        )
        if not isinstance(value, dict):
            raise Invalid(Fault("", "schema", _("This is not a JSON Resume: it is no object.")))
        return mend(value)
    except (ValueError, RecursionError) as error:
        raise Invalid(Fault("", "not_json", _("This is not JSON in UTF-8."))) from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member is named twice")
    return found


def _school(education: list[dict[str, Any]], unread: Container[str]) -> tuple[str, str]:
    """Return the school of the latest studies: those under way, else those that ended last.

    An end that could not be read is no sign that studies are under way.
    """
    if not education:
        return "", ""

    def lateness(index: int) -> tuple[bool, str]:
        entry = education[index]
        is_under_way = not entry.get("endDate") and f"/education/{index}/endDate" not in unread
        return is_under_way, entry.get("endDate") or entry.get("startDate", "")

    latest = max(range(len(education)), key=lateness)
    return education[latest].get("institution", ""), f"/education/{latest}/institution"


def _skills(sections: list[dict[str, Any]], used: set[str]) -> list[Mentioned]:
    """Return the skills that the vocabulary has by exactly these names, each at its best level."""
    named: list[tuple[str, str, int]] = []
    for index, section in enumerate(sections):
        level = LEVELS.get(section.get("level", "").strip().casefold(), 1)
        named.append((section.get("name", ""), f"/skills/{index}/name", level))
        named += [
            (keyword, f"/skills/{index}/keywords/{place}", level)
            for place, keyword in enumerate(section.get("keywords", []))
        ]
        if section.get("level", "").strip().casefold() in LEVELS:
            used.add(f"/skills/{index}/level")
    known = skills_named(texts={text for text, _, _ in named if text.strip()})
    best: dict[str, Mentioned] = {}
    for text, pointer, level in named:
        skill = known.get(text)
        if skill is None:
            continue
        held = best.get(skill.slug)
        if held is None and len(best) >= MAX_SKILLS:
            continue
        used.add(pointer)
        if held is None or held.level < level:
            best[skill.slug] = Mentioned(skill.slug, skill.name, text, level)
    return list(best.values())


def _pointers(resume: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the resume states: fields of basics and skills one by one, else whole entries."""
    for section, value in resume.items():
        pointer = "/" + section.replace("~", "~0").replace("/", "~1")
        if section in {"$schema", "meta"}:
            continue
        if section not in SECTIONS or not value:
            if value:
                yield pointer
        elif section == "basics":
            yield from (f"{pointer}/{name}" for name, inner in value.items() if inner)
        elif section in {"skills", "education"}:
            yield from _inside(pointer, value)
        elif section == "references":
            yield pointer
        else:
            yield from (f"{pointer}/{index}" for index in range(len(value)))


def _inside(pointer: str, entries: list[dict[str, Any]]) -> Iterator[str]:
    for index, entry in enumerate(entries):
        for name, value in entry.items():
            if isinstance(value, list):
                yield from (f"{pointer}/{index}/{name}/{place}" for place in range(len(value)))
            elif value:
                yield f"{pointer}/{index}/{name}"


def _is_never_kept(pointer: str) -> bool:
    return any(pointer == kept or pointer.startswith(f"{kept}/") for kept in NEVER_KEPT)
