"""Checks that read the words of a title and of demands; those of safety stand in ``safety``.

Patterns meet folded text: lower case, plain letters.
"""

import re
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_noop

from opportunities.moderation.models import Verdict
from opportunities.roles.checks.grammar import clause_of, found, is_denied
from opportunities.roles.checks.grammar import phrase as _phrase
from opportunities.roles.checks.posting import Posting
from opportunities.roles.checks.results import Flag

STOP, LOOK = Verdict.STOP, Verdict.LOOK

ASKS_FOR_A_HIGHER_DEGREE: Final = gettext_noop("It asks for a higher degree.")
ASKS_FOR_MORE_THAN_A_BEGINNER_HAS: Final = gettext_noop("It asks for more than a beginner has.")
NAMES_A_SENIOR_ROLE: Final = gettext_noop("It names a senior role.")
TITLE_ADVERTISES: Final = gettext_noop("The title advertises instead of naming the work.")
TITLE_HOLDS_AN_ADDRESS: Final = gettext_noop("The title holds an address.")
TITLE_HOLDS_PAY: Final = gettext_noop("The title holds pay.")
TITLE_IS_NO_JOB_TITLE: Final = gettext_noop("The title is no job title.")
TITLE_SHOUTS: Final = gettext_noop("The title shouts.")
TITLE: Final = (
    _phrase(r"(https?://|www\.)\S+", STOP, TITLE_HOLDS_AN_ADDRESS, unless=()),
    _phrase(r"[£$€₹]\s?\d|\b\d+\s?(gbp|usd|eur|inr|per hour|an hour|/ ?h(ou)?r?\b)", LOOK,
            TITLE_HOLDS_PAY, unless=()),
    _phrase(r"[!?]{2,}|\*{2,}|!\s*$", LOOK, TITLE_SHOUTS, unless=()),
    _phrase(r"\b(urgent(ly)?|hiring|earn|easy money|quick cash|make money|apply now|opportunity of"
            r"|guaranteed|immediate start|work from home)\b", LOOK,
            TITLE_ADVERTISES, unless=()),
    _phrase(r"\b(rock ?star|ninja|guru|wizard|hero|unicorn|superstar)\b", LOOK,
            TITLE_IS_NO_JOB_TITLE, unless=()),
)  # fmt: skip


def job_title(posting: Posting) -> Iterator[Flag]:
    """Look at titles that are no job title (rule 2.1)."""
    for text in posting.named("title"):
        yield from found(text, TITLE)
        original = posting.texts["title"]
        letters = [sign for sign in original if sign.isalpha()]
        if len(letters) >= 8 and sum(sign.isupper() for sign in letters) > 0.7 * len(letters):
            detail = gettext_noop("The title is in capitals.")
            yield Flag(LOOK, detail, (text.span(0, len(text.text)),))


DEMANDS: Final = (
    _phrase(r"\b(senior|principal|head of|director of)\b", LOOK, NAMES_A_SENIOR_ROLE),
    _phrase(r"\b(proven track record|extensive experience|expert (level|knowledge)"
            r"|industry veteran)",
            LOOK, ASKS_FOR_MORE_THAN_A_BEGINNER_HAS),
    _phrase(r"\b(master's( degree)?|msc|mba|ph\.?d|doctorate)( degree)? (is )?(required|needed"
            r"|mandatory|a must)\b", LOOK, ASKS_FOR_A_HIGHER_DEGREE),
)  # fmt: skip
YEARS: Final = re.compile(
    r"\b(\d{1,2}|one|two|three|four|five|six|seven|eight|ten)\+?( ?(-|to) ?\d{1,2})?"
    r"( or more|\+)? years?'?( of)?( \w+){0,3} experience\b"
)


def excessive_requirements(posting: Posting) -> Iterator[Flag]:
    """Look at roles for beginners that ask for what only others have (rule 5.2)."""
    for text in posting.named():
        yield from found(text, DEMANDS if text.field != "mentor_name" else ())
        for match in YEARS.finditer(text.text):
            if match[1] not in {"1", "one", "0"} and not is_denied(
                clause_of(text.text, *match.span())
            ):
                detail = gettext_noop("It asks a beginner for years of experience.")
                yield Flag(LOOK, detail, (text.span(*match.span()),))
    musts = [level for level, must in posting.skills if must]
    if len(musts) > 8:
        detail = gettext_noop("It makes %(number)s skills a must.")
        yield Flag(LOOK, detail % {"number": len(musts)})
    if any(level >= 4 for level in musts):
        yield Flag(LOOK, gettext_noop("It makes a skill at the highest level a must."))


def reserved_words(posting: Posting) -> Iterator[tuple[str, Flag]]:
    """Iterate over the site's own reserved words, each with the rule it concerns."""
    for word in posting.words:
        pattern = re.compile(rf"\b{re.escape(word.text.casefold())}\b")
        for text in posting.named():
            for match in pattern.finditer(text.text):
                verdict = STOP if word.stops else LOOK
                detail = gettext_noop("It says “%(words)s”.") % {"words": word.text}
                yield word.rule, Flag(verdict, detail, (text.span(*match.span()),))
