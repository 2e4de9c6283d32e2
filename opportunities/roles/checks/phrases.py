"""Phrases that the checks look for, from ``phrases.toml``: what is asked, promised or shut out.

Each is judged within its clause (``grammar``). ``tests/moderation/safety_sentences.tsv`` holds
sentences of both kinds and the bars that the checks have to reach. Patterns meet folded text.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from opportunities.moderation.models import Verdict
from opportunities.roles.checks.folding import Folded
from opportunities.roles.checks.grammar import EXEMPTIONS, SAID, Clause, clause_of
from opportunities.roles.checks.posting import Posting
from opportunities.roles.checks.results import Flag


class Phrase(NamedTuple):
    """Words to look for, what is said of them, and what in their clause takes that away."""

    pattern: re.Pattern[str]
    verdict: Verdict
    detail: str
    unless: tuple[Callable[[Clause], bool], ...]


PHRASES: Final[Mapping[str, tuple[Phrase, ...]]] = {
    check: tuple(
        Phrase(
            re.compile(SAID.whole(pattern)),
            verdict,
            entry["says"],
            tuple(EXEMPTIONS[name] for name in entry.get("unless", ("denied",))),
        )
        for entry in entries
        for verdict in (Verdict.STOP, Verdict.LOOK)
        for pattern in entry.get(verdict, ())
    )
    for check, entries in SAID.said["checks"].items()
}
"""The phrases of each check."""


def found(text: Folded, check: str) -> Iterator[Flag]:
    """Iterate over what the phrases of a check meet in a text, but for what a clause takes away."""
    for phrase in PHRASES[check]:
        for match in phrase.pattern.finditer(text.text):
            clause = clause_of(text.text, *match.span())
            if not any(exempts(clause) for exempts in phrase.unless):
                meant = match.span("mark" if "mark" in phrase.pattern.groupindex else 0)
                yield Flag(phrase.verdict, phrase.detail, (text.span(*meant),))


def found_in_all(check: str, posting: Posting) -> Iterator[Flag]:
    """Iterate over what the phrases of a check meet in every text of a posting."""
    for text in posting.named():
        yield from found(text, check)
