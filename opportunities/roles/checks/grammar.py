"""Who does what to whom, as far as a safety check needs it: clauses, denial, payer, topic.

Bare words mislead: "we pay the training costs" and "you pay the training costs" share all of them
but one. So a phrase is judged within its clause, which may take its meaning away in five ways.
Everything here reads folded text: lower case, plain letters.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from opportunities.core.patterns import Patterns

SAID: Final = Patterns(Path(__file__).with_name("phrases.toml"))
CUES: Final = SAID.compiled("cues")
"""What tells where a clause ends, and what it does with a phrase."""
SIGNS: Final = SAID.compiled("signs")
"""What addresses, telephone numbers and durations look like."""


class Clause(NamedTuple):
    """A phrase in its clause: what stands before it, the phrase, what stands after it."""

    before: str
    phrase: str
    after: str
    is_question: bool

    @property
    def text(self) -> str:
        """Return the whole clause."""
        return self.before + self.phrase + self.after


def clause_of(text: str, start: int, end: int) -> Clause:
    """Return the clause in which the characters from ``start`` to ``end`` stand."""
    first, last, is_question = 0, len(text), False
    for found in CUES["breaks"].finditer(text):
        if found.end() <= start:
            first = found.end()
        elif found.start() >= end:
            last, is_question = found.start(), "?" in found[0]
            break
    return Clause(text[first:start], text[start:end], text[end:last], is_question)


def is_denied(clause: Clause) -> bool:
    """Say whether the clause says no: "there is no fee", "a fee is not charged".

    Two denials are none: "nobody starts without a deposit", "without a photo you are not read".
    """
    before = CUES["denied"].search(clause.before)
    is_double = before is not None and bool(
        before[0].startswith("without") and CUES["any_no"].search(clause.before[: before.start()])
    )
    if CUES["left_out"].search(clause.before) or (
        CUES["leave"].search(clause.before) and CUES["out"].search(clause.after)
    ):
        return True
    return (before is not None and not is_double) != bool(CUES["denied_after"].search(clause.after))


def is_ours(clause: Clause) -> bool:
    """Say whether the employer pays: "we cover the fee", "the fee is paid by us"."""
    if CUES["your_share"].search(clause.text):
        return False
    return bool(
        CUES["we_pay"].search(clause.before + clause.phrase)
        or CUES["paid_by_us"].search(clause.after)
        or CUES["to_you"].search(clause.text)
        or CUES["our_money"].search(clause.after)
    )


def is_topic(clause: Clause) -> bool:
    """Say whether the work is *about* it: "write a warning about gift cards"."""
    if clause.phrase.startswith("your"):
        return False
    return bool(CUES["topic"].search(clause.before) or CUES["about"].search(clause.before))


def is_without(clause: Clause) -> bool:
    """Say whether the phrase, which begins with "without", is the only denial of its clause."""
    return not (CUES["any_no"].search(clause.before) or CUES["any_no"].search(clause.after))


def is_asked(clause: Clause) -> bool:
    """Say whether a candidate asks: "do I have to pay a deposit?"."""
    return clause.is_question and bool(re.search(r"\b(?:i|me|my)\b", clause.text))


def is_served(clause: Clause) -> bool:
    """Say whether the people named are those whom the work is for."""
    is_for_them = CUES["for_them"].search(clause.before)
    return bool(is_for_them) and not CUES["sought"].search(clause.before)


def _says(cue: str, part: str) -> Callable[[Clause], bool]:
    """Return whether a part of a clause, one of its names, holds a cue."""
    return lambda clause: CUES[cue].search(getattr(clause, part)) is not None


EXEMPTIONS: Final[Mapping[str, Callable[[Clause], bool]]] = {
    "denied": is_denied,
    "ours": is_ours,
    "topic": is_topic,
    "without": is_without,
    "asked": is_asked,
    "served": is_served,
    # Somebody else is the subject: "clients pay us", "visitors write to us".
    "of_others": _says("others", "before"),
    # It comes after an offer, when rule 4.2 no longer forbids it.
    "after_offer": _says("after_offer", "text"),
    # An age is that of those whom the work is for.
    "audience": _says("work_with", "before"),
}
"""What takes the meaning of a phrase away, by the names that ``phrases.toml`` has for it."""
