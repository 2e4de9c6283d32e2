"""An explanation as JSON: what drives the card, the API and the commands alike."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from matching import ENGINE_VERSION
from matching.engine import (
    GATES,
    POINT,
    SUIT_PARTS,
    Candidate,
    Explanation,
    Line,
    counterfactuals,
)
from matching.engine import Opportunity as EngineRole
from matching.priors import PRIORS
from matching.recommending.aspect_words import ASPECT_WORDS
from matching.recommending.match_number import PART_LABELS
from matching.recommending.queries import Shown
from opportunities.core import pay
from opportunities.core.api import OneOf
from opportunities.roles.fields import ENGINE_AS_IS
from opportunities.roles.models import Opportunity

METHOD: Final = "tradeoff"

MUSTS: Final[Mapping[str, tuple[str, str]]] = {
    "starts_before_available": ("available_from", "start_latest"),
    "ends_after_available": ("available_until", "weeks"),
    "weekly_hours": ("hours_per_week", "hours_per_week"),
    "blocked_weeks": ("blocked_weeks", "weeks"),
    "mode": ("modes", "mode"),
    "region": ("regions", "region"),
    "field": ("only_fields", "field"),
    "rate_floor": ("rate_floor", "pay"),
    "credit": ("credit", "credit"),
    "enrolment": ("enrolled", "requires_enrolment"),
    "age": ("age_ok", "min_age"),
    "work_rights": ("rights", "work_rights"),
    "must_have_skill": ("skills", "skills"),
}
"""For each gate the candidate's limit and the role's fact."""


class MustSerializer(serializers.Serializer[dict[str, Any]]):
    key = OneOf(choices=GATES)
    met = serializers.BooleanField(
        allow_null=True, help_text="Null: it cannot be compared and must be checked by hand."
    )
    want = serializers.JSONField(allow_null=True)
    offer = serializers.JSONField(allow_null=True)


class AspectSerializer(serializers.Serializer[dict[str, Any]]):
    """One addend: ``points`` = 100 x ``weight`` x ``value``; they sum to the score exactly."""

    key = serializers.CharField(source="line.name")
    weight = serializers.FloatField(source="line.weight")
    value = serializers.FloatField(source="line.value")
    fit = serializers.FloatField(source="line.value", help_text="The same as value.")
    points = serializers.FloatField(source="line.points")
    whole_points = serializers.IntegerField(
        source="line.whole_points", help_text="These sum to whole_score exactly."
    )
    known = serializers.BooleanField(
        source="line.known", help_text="False: the role leaves it out; a prior stands in."
    )
    want = serializers.JSONField(allow_null=True)
    offer = serializers.JSONField(allow_null=True)


class ReasonSerializer(serializers.Serializer[dict[str, Any]]):
    sign = OneOf(choices=["+", "-", "?"])
    code = serializers.CharField()
    text = serializers.CharField(source="sentence")
    fields = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]


class CounterfactualSerializer(serializers.Serializer[dict[str, Any]]):
    change = serializers.DictField()
    adds = serializers.FloatField(help_text="Points of fit, scored anew.")


class PartSerializer(serializers.Serializer[Line]):
    key = OneOf(source="name", choices=SUIT_PARTS)
    weight = serializers.FloatField()
    value = serializers.FloatField()
    points = serializers.FloatField()


class MatchPartSerializer(serializers.Serializer[dict[str, Any]]):
    """One addend of ``match``, in whole points; what is taken off is negative."""

    key = OneOf(choices=list(PART_LABELS))
    points = serializers.IntegerField()


@extend_schema_serializer(component_name="Explanation")
class ExplanationSerializer(serializers.Serializer[dict[str, Any]]):
    """Why a role fits a candidate; scores are points from 0 to 100."""

    match = serializers.IntegerField(
        source="shown.number", help_text="The number shown, which orders the list."
    )
    match_parts = MatchPartSerializer(source="shown.match.parts", many=True)
    score = serializers.FloatField(source="shown.explanation.fit", help_text="The candidate's fit.")
    whole_score = serializers.IntegerField(source="shown.score")
    low = serializers.FloatField(
        source="shown.explanation.low", help_text="The fit with everything unstated at its worst."
    )
    high = serializers.FloatField(
        source="shown.explanation.high", help_text="The fit with everything unstated at its best."
    )
    suit = serializers.FloatField(
        source="shown.explanation.suit", help_text="The same from the employer's side."
    )
    mutual = serializers.FloatField(
        source="shown.explanation.mutual", help_text="The geometric mean of both."
    )
    price = serializers.FloatField(help_text="Points off the rank because the role is in demand.")
    band = OneOf(
        source="shown.match.band",
        choices=["strong", "fair", "partial"],
        help_text="The word for ``match``.",
    )
    method = serializers.CharField()
    version = serializers.CharField()
    musts = MustSerializer(many=True)
    aspects = AspectSerializer(many=True)
    employer_side = PartSerializer(source="shown.explanation.parts", many=True)
    reasons = ReasonSerializer(source="shown.reasons", many=True)
    unknowns = serializers.ListField(child=serializers.CharField())
    counterfactuals = CounterfactualSerializer(many=True)


def explained(shown: Shown, facts: EngineRole) -> dict[str, Any]:
    """Return one shown role for ``ExplanationSerializer``, with what its employer could change."""
    explanation, person = shown.explanation, shown.person
    offers = _offers(shown.role, shown.currency)
    return {
        "shown": shown,
        "price": shown.price / POINT,
        "method": METHOD,
        "version": ENGINE_VERSION,
        "musts": _musts(explanation, person, offers),
        "aspects": [
            {
                "line": line,
                "want": _want(person, ASPECT_WORDS[line.name].want),
                "offer": offers.get(ASPECT_WORDS[line.name].offer),
            }
            for line in explanation.aspects
        ],
        "unknowns": [line.name for line in explanation.aspects if not line.known],
        "counterfactuals": [
            {"change": _plain(change.fields), "adds": change.gain}
            for change in counterfactuals(person, facts, priors=PRIORS)
        ],
    }


def _musts(
    explanation: Explanation, person: Candidate, offers: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return the gates that this person's limits or this role's demands bring into play."""
    return [
        {
            "key": gate,
            "met": None if gate in explanation.by_hand else gate not in explanation.gates,
            "want": _want(person, want),
            "offer": offers.get(offer),
        }
        for gate, (want, offer) in MUSTS.items()
    ]


def _want(person: Candidate, name: str) -> Any:
    value = getattr(person, name)
    if name == "scope_wish" and value is None:
        value = person.goal
    return _plain(value)


def _plain(value: Any) -> Any:
    """Return sets and tuples as lists, in one order always, and dates as text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value


def _offers(role: Opportunity, currency: str) -> dict[str, Any]:
    return {name: _plain(getattr(role, name)) for name in ENGINE_AS_IS} | {
        "field": role.field or None,
        "pay": pay.amount_json(role.hourly_minor, currency),
        "skills": [
            {"name": used.skill.slug, "level": used.level, "must": used.must}
            for used in role.skills.all()
        ],
    }
