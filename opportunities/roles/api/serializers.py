"""Shapes of what employers send and read about roles."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from rest_framework import serializers

from opportunities.core.api import OneOf
from opportunities.core.validation import (
    Address,
    Amount,
    Choice,
    Code,
    Day,
    Flag,
    Kind,
    Number,
    Text,
    Words,
)
from opportunities.moderation.models import Finding
from opportunities.roles.fields import FIELDS, PARTS
from opportunities.roles.models import RoleOutcome, RolePost

type Shape = serializers.Field[Any, Any, Any, Any]


def _bounds(kind: Number) -> dict[str, Any]:
    number = int if kind.whole else float
    return {"min_value": number(kind.low), "max_value": number(kind.high), "allow_null": True}


def _words_shape(kind: Words) -> dict[str, Any]:
    return {
        "child": OneOf(choices=kind.choices),
        "max_length": kind.most,
        "allow_null": True,
    }


_SHAPES: Final[Mapping[type, tuple[type[Shape], Callable[[Any], dict[str, Any]]]]] = {
    Text: (serializers.CharField, lambda k: {"max_length": k.most, "allow_blank": True}),
    Code: (serializers.CharField, lambda k: {"max_length": k.most, "allow_blank": True}),
    Address: (serializers.URLField, lambda k: {"max_length": k.most, "allow_blank": True}),
    Number: (serializers.FloatField, _bounds),
    Amount: (
        serializers.DecimalField,
        lambda _: {"max_digits": 15, "decimal_places": 3, "allow_null": True},
    ),
    Choice: (OneOf, lambda k: {"choices": k.choices, "allow_null": True}),
    Words: (serializers.ListField, _words_shape),
    Day: (serializers.DateField, lambda _: {"allow_null": True}),
    Flag: (serializers.BooleanField, lambda _: {}),
}
"""For each kind the field that shows its shape, and what the field is told."""


def shape_of(kind: Kind, **more: Any) -> Shape:
    """Return the shape of what a kind reads, as the API's description shows it."""
    field, told = _SHAPES[type(kind)]
    if isinstance(kind, Number) and kind.whole:
        field = serializers.IntegerField
    return field(**{"required": False, **told(kind), **more})


@cache
def _entry_of(name: str) -> type[serializers.Serializer[Any]]:
    """Return the shape of one thing of a list; one of its fields must be there."""
    kind = PARTS[name]
    needed = {"required": True, "allow_blank": False}
    fields = {
        key: shape_of(each, **(needed if key == kind.required else {}))
        for key, each in kind.fields.items()
    }
    return type(f"{name.removesuffix('s').capitalize()}Input", (serializers.Serializer,), fields)


def _shape_of_part(name: str) -> Shape:
    return serializers.ListField(
        child=_entry_of(name)(), required=False, max_length=PARTS[name].most
    )


class RoleInput(serializers.Serializer[Any]):
    """What a draft may say; this documents ``drafts.read``, which reads it and judges it."""

    def get_fields(self) -> dict[str, Shape]:
        """Return one shape for each field of a role."""
        stated = {
            row.name: _shape_of_part(row.name)
            if row.name in PARTS
            else shape_of(row.kind, **({"allow_null": False} if row.is_needed else {}))
            for row in FIELDS.values()
        }
        return stated | super().get_fields()


class NewRoleInput(RoleInput):
    """A draft and the employer it is for."""

    employer = serializers.CharField(max_length=40)


class VersionInput(serializers.Serializer[Any]):
    """The version that the caller has seen; without it the newest is meant."""

    version = serializers.IntegerField(required=False, min_value=1, max_value=2_000_000_000)


class ApplyByInput(serializers.Serializer[Any]):
    apply_by = serializers.DateField()


class OutcomeInput(serializers.Serializer[Any]):
    outcome = OneOf(choices=RoleOutcome.choices)


class SpanOutput(serializers.Serializer[Any]):
    field = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class FindingOutput(serializers.ModelSerializer[Finding]):
    """What a named check says, the rule it cites and the words it means."""

    name = serializers.CharField(source="check_name")
    spans = SpanOutput(many=True)

    class Meta:
        model = Finding
        fields = ["name", "rule", "verdict", "detail", "spans"]


class ResultOutput(serializers.Serializer[Any]):
    """The same of a draft that is not stored."""

    name = serializers.CharField()
    rule = serializers.CharField()
    verdict = serializers.CharField()
    detail = serializers.CharField()
    spans = SpanOutput(many=True)


class FaultOutput(serializers.Serializer[Any]):
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class MoneyOutput(serializers.Serializer[Any]):
    amount = serializers.CharField()
    currency = serializers.CharField()


class AssessmentOutput(serializers.Serializer[Any]):
    """What would be objected to in a draft, and what it truly pays."""

    faults = FaultOutput(many=True)
    findings = ResultOutput(many=True)
    pay_hour = MoneyOutput(allow_null=True)


class QuestionTextInput(serializers.Serializer[Any]):
    question = serializers.CharField(max_length=600)


class AnswerTextInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=1200)


class RolePostOutput(serializers.ModelSerializer[RolePost]):
    """A public question and its answer; who asked is not shown."""

    class Meta:
        model = RolePost
        fields = ["id", "question", "asked_at", "answer", "answered_at"]
