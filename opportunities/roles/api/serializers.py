"""Shapes of what employers send and read about roles."""

from typing import Any

from rest_framework import serializers

from opportunities.core import pay
from opportunities.core.fields_of_work import Field
from opportunities.core.pay import PayKind
from opportunities.moderation.models import Finding
from opportunities.roles.drafts.fields import MAX_DELIVERABLES, MAX_QUESTIONS, MAX_SKILLS, RANGES
from opportunities.roles.formats import FormatName
from opportunities.roles.models import Mode, Outcome, RolePost, Schedule
from opportunities.roles.models.listings import EVIDENCE_OFFERED, STEPS


def _number(name: str) -> serializers.FloatField:
    low, high = RANGES[name]
    return serializers.FloatField(required=False, allow_null=True, min_value=low, max_value=high)


def _whole(name: str) -> serializers.IntegerField:
    low, high = RANGES[name]
    return serializers.IntegerField(
        required=False, allow_null=True, min_value=int(low), max_value=int(high)
    )


def _text(most: int) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=most)


def _choice(choices: Any, *, null: bool = True) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=choices, required=False, allow_null=null)


class DeliverableInput(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=160)
    done_means = _text(500)
    publishable = serializers.BooleanField(required=False)


class QuestionInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=300)
    minutes = serializers.IntegerField(required=False, min_value=1, max_value=120)


class SkillInput(serializers.Serializer[Any]):
    """A skill by its slug, label or alias; level 0 is taught."""

    name = serializers.CharField(max_length=240)
    level = serializers.IntegerField(required=False, min_value=0, max_value=4)
    importance = serializers.IntegerField(required=False, min_value=1, max_value=3)
    must = serializers.BooleanField(required=False)


class RoleInput(serializers.Serializer[Any]):
    """What a draft may say; this documents ``drafts.read``, which reads it and judges it."""

    title = _text(120)
    format = _choice(FormatName.choices, null=False)
    summary = _text(300)
    description = _text(8000)
    field = _choice(Field.choices)
    language = _text(5)
    hours_total = _number("hours_total")
    weeks = _number("weeks")
    hours_per_week = _number("hours_per_week")
    start_earliest = serializers.DateField(required=False, allow_null=True)
    start_latest = serializers.DateField(required=False, allow_null=True)
    apply_by = serializers.DateField(required=False, allow_null=True)
    schedule = _choice(Schedule.choices)
    mode = _choice(Mode.choices)
    place = _text(120)
    region = _text(60)
    country = _text(2)
    pay_kind = _choice(PayKind.choices)
    pay_amount = serializers.DecimalField(
        max_digits=15, decimal_places=3, required=False, allow_null=True
    )
    pay_max = serializers.DecimalField(
        max_digits=15, decimal_places=3, required=False, allow_null=True
    )
    pay_currency = _choice([(code, code) for code in pay.CURRENCIES])
    pay_days = _whole("pay_days")
    credit = serializers.BooleanField(required=False)
    public_works = _whole("public_works")
    task_areas = _whole("task_areas")
    hands_on = _number("hands_on")
    mentor_name = _text(120)
    mentor_minutes_per_week = _number("mentor_minutes_per_week")
    contacts = _whole("contacts")
    steps = serializers.ListField(
        child=serializers.ChoiceField(choices=STEPS), required=False, allow_null=True, max_length=12
    )
    evidence = serializers.ListField(
        child=serializers.ChoiceField(choices=EVIDENCE_OFFERED),
        required=False,
        allow_null=True,
        max_length=3,
    )
    capacity = _whole("capacity")
    holistic = _number("holistic")
    requires_enrolment = serializers.BooleanField(required=False)
    min_age = _whole("min_age")
    work_rights = _text(2)
    blind_review = serializers.BooleanField(required=False)
    apply_url = serializers.URLField(required=False, allow_blank=True, max_length=300)
    response_days = _whole("response_days")
    deliverables = serializers.ListField(
        child=DeliverableInput(), required=False, max_length=MAX_DELIVERABLES
    )
    skills = serializers.ListField(child=SkillInput(), required=False, max_length=MAX_SKILLS)
    questions = serializers.ListField(
        child=QuestionInput(), required=False, max_length=MAX_QUESTIONS
    )


class NewRoleInput(RoleInput):
    """A draft and the employer it is for."""

    employer = serializers.CharField(max_length=40)


class VersionInput(serializers.Serializer[Any]):
    """The version that the caller has seen; without it the newest is meant."""

    version = serializers.IntegerField(required=False, min_value=1, max_value=2_000_000_000)


class ApplyByInput(serializers.Serializer[Any]):
    apply_by = serializers.DateField()


class OutcomeInput(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Outcome.choices)


class NoInput(serializers.Serializer[Any]):
    """Nothing is sent."""


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
