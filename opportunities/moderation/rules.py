"""The numbered rules that every posting keeps, and the ladder of sanctions.

They are public at ``/rules/``; every check, decision and refusal cites their numbers. What they say
stands in ``rule_texts.toml``.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

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


_SAID: Final[Mapping[str, Any]] = tomllib.loads(
    Path(__file__).with_name("rule_texts.toml").read_text(encoding="utf-8")
)
CHAPTERS: Final[Mapping[str, Translatable]] = {
    number: _(title) for number, title in _SAID["chapters"].items()
}
RULES: Final[Mapping[str, Rule]] = {
    number: Rule(number, _(said["title"]), _(said["text"]))
    for number, said in _SAID["rules"].items()
}

NEVER_OVERRULED: Final = frozenset({"3.1", "4.1", "4.2"})
"""Rules whose stops no moderator can overrule: pay below the floor, money, bank and identity."""

SUSPENSION_DAYS: Final = 30
APPEAL_DAYS: Final = 30
"""A decision may be appealed once, within this time; somebody else decides."""

LADDER: Final = tuple(
    Rung(level, _(said["title"]), format_lazy(_(said["text"]), days=SUSPENSION_DAYS))
    for level, said in _SAID["ladder"].items()
)
