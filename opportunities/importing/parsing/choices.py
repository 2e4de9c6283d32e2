"""Words that stand for one of our own: formats, fields of work, schedules, yes and no."""

import re
from typing import Final

from django.db.models import TextChoices

from opportunities.core.data import read_beside
from opportunities.core.fields_of_work import Field
from opportunities.roles.formats import FormatName

NAMED: Final[dict[str, dict[str, str]]] = {
    kind: {word: name for name, words in names.items() for word in words}
    for kind, names in read_beside(__file__).items()
}
"""What words of boards are our own names: of formats, fields of work, schedules, steps …"""


def _said_for(choices: type[TextChoices], kind: str) -> dict[str, str]:
    """Return our names, our labels and the words of boards, each to the name that it means."""
    own = {said: name for name, label in choices.choices for said in (name, str(label).casefold())}
    return own | NAMED[kind]


_FORMATS: Final = _said_for(FormatName, "formats")
_FIELDS: Final = _said_for(Field, "fields")
_SHADOWING: Final = re.compile(
    r"(?:(?:work|job|virtual|online|remote) )*shadowing(?: (?:day|week|placement|opportunity)s?)?"
    r"|insight (?:day|week|visit|event|programme|program)s?"
)


def format_named(text: str) -> str:
    """Return the format that a text names, or the empty text."""
    plain = " ".join(text.casefold().split())
    return _FORMATS.get(plain) or _FORMATS.get(plain.replace("-", " "), "")


def is_shadowing(text: str) -> bool:
    """Say whether a text names work that is watched; only remote shadowing is a format of ours."""
    plain = " ".join(text.casefold().replace("-", " ").split())
    return bool(_SHADOWING.fullmatch(plain))


def field_of_work(text: str) -> str:
    """Return the field of work that a text names, or the empty text."""
    return _FIELDS.get(" ".join(text.casefold().split()), "")


def schedule(text: str) -> str:
    """Return the kind of schedule that a text names, or the empty text."""
    return NAMED["schedules"].get(" ".join(text.casefold().replace("-", " ").split()), "")


def truth(text: str) -> bool | None:
    """Return what a yes or no says, or None where the text is neither."""
    told = NAMED["truths"].get(text.strip().casefold())
    return None if told is None else told == "yes"


def words_of(text: str) -> list[str]:
    """Split a list written as text at commas, semicolons, bars and line ends."""
    parts = re.split(r"[;|\n\u2022]|,(?![^()]*\))", text)
    return [part for part in (" ".join(part.split()) for part in parts) if part]
