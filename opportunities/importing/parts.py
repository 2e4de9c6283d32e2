"""Read the lists of a role: skills, deliverables, questions, selection steps, evidence."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from opportunities.core.validation import Flag, Number, Parts, Text
from opportunities.importing import markup
from opportunities.importing.parsing.choices import NAMED, truth, words_of
from opportunities.importing.values import Reader
from opportunities.roles.fields import PARTS

TOO_MANY: Final = gettext_noop("has %(entries)s entries; at most %(most)s.")


def _items(read: Reader, name: str, part: Parts) -> list[dict[str, Any]]:
    """Return a list of objects, each with only known keys; texts stand for the required one."""
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
    if len(value) > part.most:
        read.fault(name, _(TOO_MANY), "too_many", entries=len(value), most=part.most)
        return []
    keys = part.fields.keys() | ({"skill"} if name == "skills" else set())
    items: list[dict[str, Any]] = []
    for number, entry in enumerate(value, 1):
        if isinstance(entry, str):
            items.append({part.required: entry})
        elif isinstance(entry, Mapping) and entry.keys() <= keys:
            items.append({part.required: entry.get("skill"), **entry})
            level = entry.get("level")
            if isinstance(level, str) and (known := NAMED["levels"].get(level.casefold())):
                items[-1]["level"] = int(known)
        else:
            reason = _("entry %(number)s is no text and no object of %(known)s.")
            known = ", ".join(sorted(keys))
            read.fault(name, reason, "not_an_object", number=number, known=known)
    return items


def _line(read: Reader, name: str, value: Any, kind: Text, *, required: bool) -> str:
    if not isinstance(value, str) or (required and not value.strip()):
        if value not in (None, "") or required:
            read.fault(name, _("holds an entry that is not a text."), "not_text")
        return ""
    if len(value) > kind.most:
        reason = _("holds an entry of %(number)s characters; at most %(most)s.")
        read.fault(name, reason, "too_long", number=f"{len(value):,}", most=kind.most)
        return ""
    if reason := markup.fault_of(value, one_line=True):
        read.fault(name, reason, "unsafe_text")
        return ""
    return markup.one_line(value)


def _whole(read: Reader, name: str, value: Any, kind: Number, *, required: bool) -> Any:
    if value is None:
        return kind.empty
    if isinstance(value, bool) or not isinstance(value, int) or not kind.low <= value <= kind.high:
        reason = _("%(value)s is no whole number from %(low)s to %(high)s.")
        told = {"value": str(value)[:40], "low": kind.low, "high": kind.high}
        read.fault(name, reason, "out_of_range", **told)
        return kind.empty
    return value


def _truth(read: Reader, name: str, value: Any, kind: Flag, *, required: bool) -> bool:
    if value is None or isinstance(value, bool):
        return bool(value)
    told = truth(value) if isinstance(value, str) else None
    if told is None:
        reason = _("%(value)s is neither yes nor no.")
        read.fault(name, reason, "not_a_flag", value=str(value)[:40])
    return bool(told)


_READERS: Final[Mapping[type, Callable[..., Any]]] = {Text: _line, Number: _whole, Flag: _truth}


def read_part(read: Reader, name: str) -> list[dict[str, Any]]:
    """Return the entries of one of ``PARTS``, each with all its fields; a skill is named once.

    A mere count of results names none and is kept as words.
    """
    part, value = PARTS[name], read.values.get(name)
    is_figures = isinstance(value, str) and value.strip().isdigit()
    if name == "deliverables" and (is_figures or isinstance(value, int | float)):
        read.keep(name, value)
        return []
    entries: dict[object, dict[str, Any]] = {}
    for place, item in enumerate(_items(read, name, part)):
        entry = {
            field: _READERS[type(kind)](
                read, name, item.get(field), kind, required=field == part.required
            )
            for field, kind in part.fields.items()
        }
        if told := entry[part.required]:
            entries.setdefault(told.casefold() if name == "skills" else place, entry)
    return list(entries.values())


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
