"""Completed work over HTTP: write down, sign, tell how it went, show."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from opportunities.accounts.api import Operation, operation, paged
from opportunities.accounts.current import actor
from opportunities.accounts.models import User
from opportunities.applications.api.views import application_id_of
from opportunities.applications.models import Application
from opportunities.core import pay
from opportunities.core.api import OneOf
from opportunities.core.errors import Fault, Invalid
from opportunities.engagements import completing
from opportunities.engagements.models import Completion, CompletionSkill, Review


class ShownSkillSerializer(serializers.ModelSerializer[CompletionSkill]):
    """A skill shown in the work; ``name`` is the vocabulary's slug."""

    name = serializers.CharField(source="skill.slug")
    label = serializers.CharField(source="skill.name")  # type: ignore[assignment]

    class Meta:
        model = CompletionSkill
        fields = ["name", "label", "level"]


class ReviewSerializer(serializers.ModelSerializer[Review]):
    """One side's feedback."""

    class Meta:
        model = Review
        fields = ["by_employer", "stars", "text", "at"]


class PaidSerializer(serializers.Serializer[dict[str, Any]]):
    """What was paid in all, in major units."""

    amount = serializers.DecimalField(max_digits=13, decimal_places=3, min_value=Decimal(0))
    currency = OneOf(choices=[(code, code) for code in pay.CURRENCIES])


class CompletionSerializer(serializers.ModelSerializer[Completion]):
    """Completed work, with the feedback that the reader may read."""

    id = serializers.CharField(source="public_id")
    application = serializers.CharField(source="application.public_id")
    opportunity = serializers.CharField(source="application.opportunity.public_id")
    title = serializers.CharField(source="application.opportunity.title")
    employer = serializers.CharField(source="application.opportunity.employer.name")
    skills = ShownSkillSerializer(many=True)
    paid = serializers.SerializerMethodField()
    reviews = serializers.SerializerMethodField()

    class Meta:
        model = Completion
        fields = [
            "id", "application", "opportunity", "title", "employer", "hours", "started_on",
            "ended_on", "summary",
            "deliverables", "skills", "paid", "converted", "proposed_at", "employer_signed_at",
            "candidate_signed_at", "is_public", "revoked_at",
            "revoked_because", "reviews",
        ]  # fmt: skip

    @extend_schema_field(PaidSerializer(allow_null=True))
    def get_paid(self, completion: Completion) -> Any:
        """Return what was paid in major units, or null."""
        return pay.amount_json(completion.paid_minor, completion.paid_currency)

    @extend_schema_field(ReviewSerializer(many=True))
    def get_reviews(self, completion: Completion) -> Any:
        """Return the feedback that is not blind for this reader."""
        reviews = completing.readable_reviews(
            completion, reader=self.context["reader"], at=timezone.now()
        )
        return ReviewSerializer(reviews, many=True).data


class SkillLevelInput(serializers.Serializer[dict[str, Any]]):
    name = serializers.SlugField(max_length=160)
    level = serializers.IntegerField(min_value=1, max_value=4)


class WorkDeliverableInput(serializers.Serializer[dict[str, Any]]):
    title = serializers.CharField(max_length=160)
    url = serializers.CharField(max_length=300, allow_blank=True, default="")


class WorkInput(serializers.Serializer[dict[str, Any]]):
    """What was done."""

    hours = serializers.FloatField(
        min_value=0.5, max_value=4000, help_text="At most 24 for each of its days."
    )
    started_on = serializers.DateField(help_text="First day of the work.")
    ended_on = serializers.DateField(
        help_text="Last day. Not in the future: work is signed when it ended."
    )
    summary = serializers.CharField(max_length=1000)
    deliverables = WorkDeliverableInput(
        many=True,
        max_length=20,  # type: ignore[call-arg]
        default=list,
    )
    skills = SkillLevelInput(many=True, max_length=20, default=list)  # type: ignore[call-arg]
    paid = PaidSerializer(allow_null=True, default=None)
    converted = serializers.BooleanField(default=False)


class ReviewInput(serializers.Serializer[dict[str, Any]]):
    stars = serializers.IntegerField(min_value=1, max_value=5)
    text = serializers.CharField(max_length=2000, allow_blank=True, default="")


class ShowInput(serializers.Serializer[dict[str, Any]]):
    is_public = serializers.BooleanField()


class RevokeInput(serializers.Serializer[dict[str, Any]]):
    reason = serializers.CharField(max_length=1000, help_text="Both sides read it.")


def work_of(values: dict[str, Any]) -> completing.Work:
    """Return the work that the body describes, money in minor units."""
    paid = values.pop("paid")
    values["skills"] = {skill["name"]: skill["level"] for skill in values["skills"]}
    if paid is None:
        return completing.Work(**values)
    try:
        minor = pay.to_minor(paid["amount"], paid["currency"])
    except ValueError as too_fine:
        raise Invalid(Fault("paid/amount", "too_many_decimals", str(too_fine))) from too_fine
    return completing.Work(paid_minor=minor, paid_currency=paid["currency"], **values)


def completions_of(reader: User) -> QuerySet[Completion]:
    """Return the reader's own completed work and that of the employers they act for."""
    return (
        Completion.objects.filter(application__in=Application.objects.visible_to(reader))
        .select_related("application__opportunity__employer", "application__profile")
        .prefetch_related("skills__skill", "reviews")
    )


class Complete(APIView):
    @operation("applications_complete", takes=WorkInput, gives=CompletionSerializer, code=201)
    def post(self, request: Request, public_id: str) -> Operation:
        """Write down what was done and sign it; the other side signs next."""
        application_id = application_id_of(request, public_id)
        return lambda *, actor, at, **values: completing.propose(
            application_id=application_id, actor=actor, work=work_of(values), at=at
        )


class Sign(APIView):
    @operation("applications_sign", gives=CompletionSerializer)
    def post(self, request: Request, public_id: str) -> Operation:
        """Sign what the other side wrote down."""
        return partial(completing.sign, application_id=application_id_of(request, public_id))


def found(request: Request, public_id: str) -> Completion:
    """Return completed work of one of the reader's sides, or 404."""
    row: Completion = get_object_or_404(completions_of(actor(request)), public_id=public_id)
    return row


class Completions(APIView):
    @paged(
        "completions_list",
        CompletionSerializer,
        order=("-proposed_at", "-id"),
        context=lambda request: {"reader": actor(request)},
    )
    def get(self, request: Request) -> QuerySet[Any]:
        """List completed work of both the reader's sides, newest first."""
        return completions_of(actor(request))


class CompletionDetail(APIView):
    @extend_schema(operation_id="completions_read", responses=CompletionSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Return one completed work."""
        context = {"reader": actor(request)}
        return Response(CompletionSerializer(found(request, public_id), context=context).data)


class ReviewCompletion(APIView):
    @operation("completions_review", takes=ReviewInput, gives=CompletionSerializer, code=201)
    def post(self, request: Request, public_id: str) -> Operation:
        """Tell how it went; blind until the other side has told, or for 14 days."""
        application_id = found(request, public_id).application_id
        return lambda **call: completing.review(application_id=application_id, **call).completion


class ShowCompletion(APIView):
    @operation("completions_show", takes=ShowInput, gives=CompletionSerializer, by="candidate")
    def post(self, request: Request, public_id: str) -> Operation:
        """Put the work on the candidate's portfolio page, or take it off."""
        return partial(completing.show, application_id=found(request, public_id).application_id)


class RevokeCompletion(APIView):
    @operation("completions_revoke", takes=RevokeInput, gives=CompletionSerializer)
    def post(self, request: Request, public_id: str) -> Operation:
        """Revoke the credential of work that was not done as signed, as its employer, for good."""
        application_id = found(request, public_id).application_id
        return partial(completing.revoke, application_id=application_id)
