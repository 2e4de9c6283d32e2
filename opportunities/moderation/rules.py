"""The numbered rules that every posting keeps, and the ladder of sanctions, as data.

They are public at ``/rules/``; every check, decision and refusal cites their numbers.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

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


CHAPTERS: Final[Mapping[str, Translatable]] = {
    "1": _("Identity"),
    "2": _("Wording"),
    "3": _("Pay"),
    "4": _("Safety"),
    "5": _("Truth"),
    "6": _("Answers"),
}

RULES: Final[Mapping[str, Rule]] = {
    rule.number: rule
    for rule in (
        Rule("1.1", _("The employer is known"), _(
            "Before an employer's first role opens, somebody has confirmed an email address at its"
            " domain, or a moderator has checked who it is.")),
        Rule("2.1", _("The title is a job title"), _(
            "It names the work. It holds no pay, no address, no shouting and no promise.")),
        Rule("2.2", _("Nobody is shut out"), _(
            "Nothing excludes people by age, gender, origin, disability or family.")),
        Rule("3.1", _("Pay is never below the floor"), _(
            "What an hour effectively pays, however it is paid, is at least the floor of the"
            " country.")),
        Rule("3.2", _("Pay is stated"), _(
            "Every role says what it pays. Unpaid is allowed for observing only, or where academic"
            " credit is given and this site permits it.")),
        Rule("3.3", _("The hour is shown"), _(
            "Beside every way of paying stands what it comes to an hour.")),
        Rule("4.1", _("Candidates never pay"), _(
            "No fee, deposit, purchase or training is asked of anybody who applies or works.")),
        Rule("4.2", _("No bank or identity data before an offer"), _(
            "Account numbers, identity papers and dates of birth are not asked of applicants.")),
        Rule("4.3", _("Applications stay here"), _(
            "People apply on this site or on the employer's own verified domain, not by private"
            " message, telephone or a stranger's form.")),
        Rule("5.1", _("The facts agree"), _(
            "Hours in all are weeks times hours a week, within a tenth, and the text says the same"
            " as the figures.")),
        Rule("5.2", _("The format's own rules hold"), _(
            "A role called by the name of a format is what that format means, and asks what"
            " somebody at the start of a career can bring.")),
        Rule("5.3", _("The vacancy exists now"), _(
            "The role is real, is open at present and is posted once.")),
        Rule("6.1", _("Applicants are answered"), _(
            "The employer declares by when it answers and keeps to it.")),
    )
}  # fmt: skip

NEVER_OVERRULED: Final = frozenset({"3.1", "4.1", "4.2"})
"""Rules whose stops no moderator can overrule: pay below the floor, money, bank and identity."""

SUSPENSION_DAYS: Final = 30
APPEAL_DAYS: Final = 30
"""A decision may be appealed once, within this time; somebody else decides."""

LADDER: Final = (
    Rung(
        "warning",
        _("Warning"),
        _("A moderator says what was wrong. Nothing else changes."),
    ),
    Rung(
        "suspension",
        _("Suspension"),
        format_lazy(
            _(
                "For {days} days an employer's roles are not shown and nothing new is posted; a"
                " person cannot post, apply or write."
            ),
            days=SUSPENSION_DAYS,
        ),
    ),
    Rung(
        "block",
        _("Block"),
        _(
            "One moderator proposes it and another one confirms it. An employer's roles close; a"
            " person can only read and appeal."
        ),
    ),
)
