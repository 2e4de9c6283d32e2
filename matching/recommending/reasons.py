"""An explanation in words: why a role fits, what it trades off, what it does not say.

The sentences are those of the table in ``aspect_words``; the figures are the engine's own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from django.utils.translation import gettext as _

from matching.engine import Candidate, Explanation, Line
from matching.recommending.aspect_words import ASPECT_WORDS, CHANGE_WORDS, say
from matching.recommending.reason_facts import Pair, amount
from opportunities.core import languages
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import quantity


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of an explanation: for, against, or not stated."""

    sign: Literal["+", "-", "?"]
    code: str
    headline: str
    text: str
    fields: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Return both parts as one text."""
        return " ".join(filter(None, (self.headline, self.text)))


def reasons(
    explanation: Explanation,
    role: Opportunity,
    person: Candidate,
    *,
    currency: str = "GBP",
    most: int = 2,
    trade_offs: int = 1,
) -> list[Reason]:
    """Return the best reasons, the heaviest trade-offs and unknown, and what to check by hand."""
    told = [
        Pair(role, person, line, explanation, currency)
        for line in explanation.aspects
        if line.weight > 0 and is_wished(line.name, person)
    ]
    gains = sorted(
        (pair for pair in told if pair.line.known and pair.sign == "+"),
        key=lambda pair: (-pair.line.points, pair.line.name),
    )
    losses = sorted(
        (pair for pair in told if pair.line.known and pair.sign == "-"),
        key=lambda pair: (-pair.line.lost, pair.line.name),
    )
    unknown = sorted(
        (pair.line for pair in told if not pair.line.known),
        key=lambda line: (-line.weight, line.name),
    )
    found = list(islice(_reasons("+", gains), most))
    found += islice(_reasons("-", losses), trade_offs)
    found += [_unknown(line) for line in unknown[:1]]
    return found + [_by_hand(gate, role, person) for gate in explanation.by_hand]


def is_wished(aspect: str, person: Candidate) -> bool:
    """Say whether an aspect that follows from a list of wishes has any to follow from."""
    lists: Mapping[str, Any] = {
        "skills": person.targets or any(person.skills.values()),
        "field": person.interests,
        "evidence": person.evidence_wanted,
    }
    return bool(lists.get(aspect, True))


def change_words(fields: Mapping[str, Any], *, currency: str) -> str:
    """Say what a change of one fact of the posting would be."""
    if "pay_amount" in fields:
        return _("%(pay)s an hour") % {"pay": amount(fields["pay_amount"], currency)}
    return languages.listed([CHANGE_WORDS[name](value) for name, value in fields.items()])


def _reasons(sign: Literal["+", "-"], pairs: Iterable[Pair]) -> Iterator[Reason]:
    """Yield what can be said of these aspects, in their order; most is never asked for."""
    for pair in pairs:
        aspect = ASPECT_WORDS[pair.line.name]
        for row in aspect.good if sign == "+" else aspect.poor:
            if row.when is None or row.when(pair):
                code = f"{pair.line.name}_{'good' if sign == '+' else 'poor'}"
                headline, text = say(row.headline, pair), say(row.text, pair)
                yield Reason(sign, code, headline, text, aspect.facts)
                break


def _by_hand(gate: str, role: Opportunity, person: Candidate) -> Reason:
    return Reason(
        "?",
        f"{gate}_by_hand",
        _("Check the pay by hand."),
        _(
            "It is in %(currency)s, for which this site has no rate, so nobody compared it"
            " with the %(floor)s an hour that you ask for."
        )
        % {"currency": role.pay_currency, "floor": languages.number(person.rate_floor)},
        (gate, "pay_amount", "pay_currency"),
    )


def _unknown(line: Line) -> Reason:
    aspect = ASPECT_WORDS[line.name]
    text = "" if line.name == "trajectory" else _worth(round(line.points), round(line.lost))
    return Reason("?", f"{line.name}_unstated", str(aspect.unstated), text, aspect.facts)


def _worth(off: int, more: int) -> str:
    """Say what knowing an unstated fact could do, in points."""
    points = {"off": quantity(off, "point"), "more": quantity(more, "point")}
    if off and more:
        return _("Knowing it could take %(off)s off the fit or add %(more)s.") % points
    if off:
        return _("Knowing it could take %(off)s off the fit.") % points
    return _("Knowing it could add %(more)s to the fit.") % points if more else ""
