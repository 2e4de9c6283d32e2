"""What a decision must say: a reason, the rules, and the stops that it overrules and why."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from opportunities.core import validation
from opportunities.core.errors import Fault, Invalid, gathered
from opportunities.moderation.models import Finding, Verdict
from opportunities.moderation.outcomes import Need, Outcome
from opportunities.moderation.rules import RULES
from opportunities.roles.checks import Result, is_final
from opportunities.roles.models import Opportunity
from opportunities.roles.review import Ruling, look_at

MAX_REASON: Final = 2000
LEAST_WORDS: Final = 4
"""So many words say why a stop does not hold."""


class Stop(NamedTuple):
    """One check that says stop, in words."""

    name: str
    rule: str
    detail: str

    @property
    def key(self) -> str:
        """Return what names it in a form and in the API."""
        return f"{self.name}:{self.rule}"

    @property
    def is_final(self) -> bool:
        """Say whether nobody can overrule it."""
        return is_final(self.name, self.rule)


def read_text(field: str, raw: str, *, most: int = MAX_REASON, required: bool = True) -> str:
    """Return a text that the other side reads, or raise ``Invalid`` naming the field."""
    missing = _("Say why; the other side reads it.") if required else ""
    return validation.read_text(field, raw, most=most, missing=missing)


def read_reason(raw: str, outcome: Outcome) -> str:
    """Return the reason that an outcome asks for, or raise ``Invalid``."""
    return read_text("reason", raw, required=outcome.reason == Need.MUST)


def read_rules(rules: Iterable[str], outcome: Outcome) -> tuple[str, ...]:
    """Return the numbers of the rules that an outcome cites, in order, or raise ``Invalid``."""
    if outcome.rules == Need.NO:
        return ()
    named = tuple(sorted(set(rules)))
    if unknown := [number for number in named if number not in RULES]:
        raise Invalid(
            Fault(
                "rules",
                "unknown_rule",
                _("There is no rule %(number)s.") % {"number": unknown[0][:10]},
            )
        )
    if foreign := [number for number in named if number not in outcome.cites]:
        detail = _("%(outcome)s does not cite rule %(number)s.") % {
            "outcome": outcome.verb,
            "number": foreign[0],
        }
        raise Invalid(Fault("rules", "foreign_rule", detail))
    if outcome.rules == Need.MUST and not named:
        raise Invalid(Fault("rules", "required", _("Name the rule that is not kept.")))
    return named


def stops_found(findings: Iterable[Finding]) -> list[Stop]:
    """Return what said stop when the role was handed in."""
    return [
        Stop(found.check_name, found.rule, found.detail)
        for found in findings
        if found.verdict == Verdict.STOP
    ]


def stops_against(role: Opportunity, *, at: datetime) -> list[Stop]:
    """Return what says stop at this moment, which may be more than when it was handed in."""
    return _stops_in(look_at(role, poster=role.posted_by, at=at))


def read_overrules(
    ruling: Ruling, results: Iterable[Result], *, named: Iterable[str], reason: str
) -> Ruling:
    """Return the ruling with the stops that it overrules and why, or raise ``Invalid``.

    Every check that says stop has to be named, none that nobody can overrule, and none that is
    not there.
    """
    stops = _stops_in(results)
    named = set(named)
    faults, overruled = [], []
    if named - {stop.key for stop in stops}:
        detail = _("Something that you overrule does not say stop now: look again.")
        faults.append(Fault("overrule", "unknown_stop", detail))
    for stop in stops:
        if stop.is_final:
            detail = _("%(detail)s Nobody can overrule this (rule %(rule)s).")
        elif stop.key not in named:
            detail = _("%(detail)s This says stop: overrule it and say why (rule %(rule)s).")
        else:
            overruled.append(stop._asdict())
            continue
        faults.append(Fault("overrule", f"rule-{stop.rule}", detail % stop._asdict()))
    why = ""
    if overruled:
        with gathered(faults):
            why = _read_why(reason)
    if faults:
        raise Invalid(*faults)
    return ruling._replace(overruled=tuple(overruled), overrule_reason=why)


def _read_why(raw: str) -> str:
    why = read_text("overrule_reason", raw, required=False)
    if len(why.split()) < LEAST_WORDS:
        detail = _("Say in at least %(least_words)s words why the stop does not hold.") % {
            "least_words": LEAST_WORDS
        }
        raise Invalid(Fault("overrule_reason", "required", detail))
    return why


def _stops_in(results: Iterable[Result]) -> list[Stop]:
    return [
        Stop(result.name, result.rule, result.detail)
        for result in results
        if result.verdict == Verdict.STOP
    ]
