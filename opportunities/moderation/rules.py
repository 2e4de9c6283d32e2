"""The numbered rules that every posting keeps, and the ladder of sanctions.

They are public at ``/rules/``; every check, decision and refusal cites their numbers. What they say
stands in ``rules.toml``.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from django.utils.text import format_lazy

from opportunities.core.data import read_beside
from opportunities.core.languages import Translatable


class Rule(NamedTuple):
    """One public rule."""

    number: str
    title: Translatable
    text: Translatable


class Rung(NamedTuple):
    """One step of the ladder of sanctions, the same for employers and for people."""

    level: str
    title: Translatable
    text: Translatable


_SAID: Final = read_beside(__file__)
CHAPTERS: Final[Mapping[str, Translatable]] = _SAID["chapters"]
RULES: Final = {number: Rule(number, **said) for number, said in _SAID["rules"].items()}

NEVER_OVERRULED: Final = frozenset({"3.1", "4.1", "4.2"})
"""Rules whose stops no moderator can overrule: pay below the floor, money, bank and identity."""

SUSPENSION_DAYS: Final = 30
APPEAL_DAYS: Final = 30
"""A decision may be appealed once, within this time; somebody else decides."""

LADDER: Final = tuple(
    Rung(level, said["title"], format_lazy(said["text"], days=SUSPENSION_DAYS))
    for level, said in _SAID["ladder"].items()
)
