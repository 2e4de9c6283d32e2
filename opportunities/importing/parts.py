"""Read the lists of a role: skills, deliverables, questions, selection steps, evidence."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.importing import markup
from opportunities.importing.parsing.choices import truth, words_of
from opportunities.importing.values import Reader
from opportunities.roles.fields import PARTS

_LEVELS: Final = {
    "taught": 0, "none": 0, "beginner": 1, "basic": 1, "novice": 1, "intermediate": 2,
    "advanced": 3, "proficient": 3, "expert": 4, "master": 4,
}  # fmt: skip
TOO_MANY: Final = gettext_noop("has %(entries)s entries; at most %(most)s.")


class SkillLine(NamedTuple):
    """A skill by the name the file gives it."""

    name: str
    level: int = 1
    importance: int = 1
    must: bool = False


class DeliverableLine(NamedTuple):
    title: str
    done_means: str = ""
    publishable: bool = False


class QuestionLine(NamedTuple):
    text: str
    minutes: int = 5


def _items(read: Reader, name: str, *, most: int, keys: frozenset[str]) -> list[dict[str, Any]]:
    """Return a list of objects, each with only known keys; texts stand for their first key."""
    value = read.values.get(name)
    if value is None:
        return []
    if isinstance(value, str):
        if reason := markup.fault_of(value, one_line=False):
            read.fault(name, reason, "unsafe_text")
            return []
        value = words_of(value)
    if not isinstance(value, list):
        read.fault(name, _("is not a list."), "not_a_list")
        return []
    if len(value) > most:
        read.fault(name, _(TOO_MANY), "too_many", entries=len(value), most=most)
        return []
    items = []
    for number, entry in enumerate(value, 1):
        if isinstance(entry, str):
            items.append({"": entry})
        elif isinstance(entry, Mapping) and entry.keys() <= keys:
            items.append(dict(entry))
        else:
            reason = _("entry %(number)s is no text and no object of %(known)s.")
            known = ", ".join(sorted(keys))
            read.fault(name, reason, "not_an_object", number=number, known=known)
    return items


def _line(read: Reader, name: str, value: Any, *, longest: int, required: bool = True) -> str:
    if not isinstance(value, str) or (required and not value.strip()):
        if value not in (None, "") or required:
            read.fault(name, _("holds an entry that is not a text."), "not_text")
        return ""
    if len(value) > longest:
        reason = _("holds an entry of %(number)s characters; at most %(most)s.")
        read.fault(name, reason, "too_long", number=f"{len(value):,}", most=longest)
        return ""
    if reason := markup.fault_of(value, one_line=True):
        read.fault(name, reason, "unsafe_text")
        return ""
    return markup.one_line(value)


def _whole(read: Reader, name: str, value: Any, low: int, high: int, other: int) -> int:
    if value is None:
        return other
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        reason = _("%(value)s is no whole number from %(low)s to %(high)s.")
        read.fault(name, reason, "out_of_range", value=str(value)[:40], low=low, high=high)
        return other
    return value


def _truth(read: Reader, name: str, value: Any) -> bool:
    if value is None:
        return False
    if isinstance(value, bool):
        return value
    told = truth(value) if isinstance(value, str) else None
    if told is None:
        reason = _("%(value)s is neither yes nor no.")
        read.fault(name, reason, "not_a_flag", value=str(value)[:40])
    return bool(told)


def read_skills(read: Reader) -> list[SkillLine]:
    """Return the named skills, each once."""
    keys = frozenset({"name", "skill", "level", "importance", "must"})
    found: dict[str, SkillLine] = {}
    for item in _items(read, "skills", most=PARTS["skills"].most, keys=keys):
        name = item.get("", item.get("name", item.get("skill")))
        text = _line(read, "skills", name, longest=160)
        level = item.get("level")
        if isinstance(level, str):
            level = _LEVELS.get(level.casefold(), level)
        line = SkillLine(
            text,
            _whole(read, "skills", level, 0, 4, 1),
            _whole(read, "skills", item.get("importance"), 1, 3, 1),
            _truth(read, "skills", item.get("must")),
        )
        if text:
            found.setdefault(text.casefold(), line)
    return list(found.values())


def read_deliverables(read: Reader) -> list[DeliverableLine]:
    """Return the deliverables; a mere count names none and is kept as words."""
    value = read.values.get("deliverables")
    if isinstance(value, int | float) or (isinstance(value, str) and value.strip().isdigit()):
        read.keep("deliverables", value)
        return []
    keys = frozenset({"title", "done_means", "publishable"})
    lines = []
    for item in _items(read, "deliverables", most=PARTS["deliverables"].most, keys=keys):
        title = _line(read, "deliverables", item.get("", item.get("title")), longest=160)
        done = _line(read, "deliverables", item.get("done_means", ""), longest=500, required=False)
        lines.append(
            DeliverableLine(title, done, _truth(read, "deliverables", item.get("publishable")))
        )
    return [line for line in lines if line.title]


def read_questions(read: Reader) -> list[QuestionLine]:
    """Return the questions that applicants answer."""
    keys = frozenset({"text", "minutes"})
    lines = []
    for item in _items(read, "questions", most=PARTS["questions"].most, keys=keys):
        text = _line(read, "questions", item.get("", item.get("text")), longest=300)
        lines.append(QuestionLine(text, _whole(read, "questions", item.get("minutes"), 1, 120, 5)))
    return [line for line in lines if line.text]


def read_words(read: Reader, name: str, known: Mapping[str, str], *, most: int) -> list[str] | None:
    """Return words of a fixed list in their order; a list with an unknown word is kept as words."""
    if name not in read.values:
        return None
    value = read.values[name]
    words = words_of(value) if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        read.fault(name, _("is not a list of words."), "not_a_list")
        return None
    if len(words) > most:
        read.fault(name, _(TOO_MANY), "too_many", entries=len(words), most=most)
        return None
    read_as = [
        known.get(word.strip().casefold().replace(" ", "_").replace("-", "_")) for word in words
    ]
    if None in read_as:
        read.keep(name, ", ".join(words))
        return None
    return [word for word in read_as if word is not None]
