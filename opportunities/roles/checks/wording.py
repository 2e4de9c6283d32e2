"""Checks that read the words of a posting; the phrases that they look for are in ``phrases``."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop

from opportunities.moderation.models import Verdict
from opportunities.roles.checks.facts import is_part
from opportunities.roles.checks.grammar import CUES, SIGNS, clause_of, is_denied
from opportunities.roles.checks.phrases import found, found_in_all
from opportunities.roles.checks.posting import Posting
from opportunities.roles.checks.results import Flag

STOP, LOOK = Verdict.STOP, Verdict.LOOK


def job_title(posting: Posting) -> Iterator[Flag]:
    """Look at titles that are no job title (rule 2.1)."""
    for text in posting.named("title"):
        yield from found(text, "job_title")
        original = posting.texts["title"]
        letters = [sign for sign in original if sign.isalpha()]
        if len(letters) >= 8 and sum(sign.isupper() for sign in letters) > 0.7 * len(letters):
            detail = gettext_noop("The title is in capitals.")
            yield Flag(LOOK, detail, (text.span(0, len(text.text)),))


def excessive_requirements(posting: Posting) -> Iterator[Flag]:
    """Look at roles for beginners that ask for what only others have (rule 5.2)."""
    for text in posting.named():
        if text.field != "mentor_name":
            yield from found(text, "excessive_requirements")
        for match in CUES["years"].finditer(text.text):
            if match[1] not in {"1", "one", "0"} and not is_denied(
                clause_of(text.text, *match.span())
            ):
                detail = gettext_noop("It asks a beginner for years of experience.")
                yield Flag(LOOK, detail, (text.span(*match.span()),))
    skills = posting.parts.get("skills", ())
    musts = [part.get("level", 1) for part in skills if part.get("must")]
    if len(musts) > 8:
        detail = gettext_noop("It makes %(number)s skills a must.")
        yield Flag(LOOK, detail % {"number": len(musts)})
    if any(level >= 4 for level in musts):
        yield Flag(LOOK, gettext_noop("It makes a skill at the highest level a must."))


def off_site_contact(posting: Posting) -> Iterator[Flag]:
    """Stop what leads applicants away from the site (rule 4.3)."""
    for text in posting.named():
        for match in SIGNS["email"].finditer(text.text):
            if posting.domain and is_part(match[1], posting.domain):
                continue
            detail = gettext_noop("It holds an email address.")
            yield Flag(STOP, detail, (text.span(*match.span()),))
        for match in SIGNS["telephone"].finditer(text.text):
            digits = sum(sign.isdigit() for sign in match[0])
            if 9 <= digits <= 15 and not re.fullmatch(r"\d{4}\D\d{2}\D\d{2}.*", match[0]):
                detail = gettext_noop("It holds what looks like a telephone number.")
                yield Flag(LOOK, detail, (text.span(*match.span()),))
        yield from found(text, "off_site_contact")


def unpaid_work(posting: Posting) -> Iterator[Flag]:
    """Stop words that take away the pay which the facts state (rule 3.2)."""
    for flag in found_in_all("unpaid_work", posting):
        if posting.role.pay_kind != "unpaid" or flag.verdict == STOP:
            yield flag


def reserved_words(posting: Posting) -> Iterator[tuple[str, Flag]]:
    """Iterate over the site's own reserved words, each with the rule it concerns."""
    for word in posting.standards.words:
        pattern = re.compile(rf"\b{re.escape(word.text.casefold())}\b")
        for text in posting.named():
            for match in pattern.finditer(text.text):
                verdict = STOP if word.stops else LOOK
                detail = gettext_noop("It says “%(words)s”.") % {"words": word.text}
                yield word.rule, Flag(verdict, detail, (text.span(*match.span()),))
