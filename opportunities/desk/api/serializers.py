"""Shapes of moderation: items, decisions, reports, appeals and sanctions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from opportunities.core.api import OneOf
from opportunities.desk.operations.reasons import LEAST_WORDS
from opportunities.moderation.models import (
    Appeal,
    Decision,
    Report,
    ReportReason,
    Sanction,
    SanctionLevel,
)
from opportunities.moderation.outcomes import Need, Outcome
from opportunities.moderation.rules import NEVER_OVERRULED
from opportunities.roles.api.catalogue import OpportunitySerializer
from opportunities.roles.api.serializers import FindingOutput, VersionInput
from opportunities.roles.models import Opportunity
from opportunities.roles.review import findings_of

REASON = 2000


class DecisionOutput(serializers.ModelSerializer[Decision]):
    """A decision as those whom it concerns read it; who decided is not shown."""

    opportunity = serializers.CharField(
        source="opportunity.public_id", allow_null=True, default=None
    )
    employer = serializers.CharField(source="employer.public_id", allow_null=True, default=None)

    class Meta:
        model = Decision
        fields = [
            "id", "action", "opportunity", "employer", "rules", "reason", "role_version",
            "decided_at",
        ]  # fmt: skip


class OverruledOutput(serializers.Serializer[Any]):
    """A check that said stop and that the moderator overruled."""

    name = serializers.CharField()
    rule = serializers.CharField()
    detail = serializers.CharField()


class LogOutput(DecisionOutput):
    """A decision as moderators read it."""

    moderator = serializers.CharField(source="moderator.name", allow_null=True, default=None)

    overruled = OverruledOutput(many=True)

    class Meta(DecisionOutput.Meta):
        fields = [*DecisionOutput.Meta.fields, "moderator", "overruled", "overrule_reason"]


class ItemBriefOutput(serializers.ModelSerializer[Opportunity]):
    """A role that waits in the queue."""

    id = serializers.CharField(source="public_id")
    employer = serializers.CharField(source="employer.name")
    employer_verified = serializers.BooleanField(source="employer.is_verified")

    class Meta:
        model = Opportunity
        fields = [
            "id", "title", "kind", "format", "employer", "employer_verified", "submitted_at",
            "claimed_until", "version",
        ]  # fmt: skip


class ItemOutput(OpportunitySerializer):
    """A role under review with everything a moderator looks at."""

    findings = serializers.SerializerMethodField()
    decisions = serializers.SerializerMethodField()

    class Meta(OpportunitySerializer.Meta):
        fields = [
            *OpportunitySerializer.Meta.fields,
            "submitted_at", "claimed_until", "findings", "decisions",
        ]  # fmt: skip

    @extend_schema_field(FindingOutput(many=True))
    def get_findings(self, role: Opportunity) -> Any:
        """Return what the checks said of the version last submitted."""
        return FindingOutput(findings_of(role), many=True).data

    @extend_schema_field(LogOutput(many=True))
    def get_decisions(self, role: Opportunity) -> Any:
        """Return the role's last fifty decisions, newest first."""
        rows = role.decisions.select_related("moderator", "employer", "opportunity")
        return LogOutput(rows.order_by("-id")[:50], many=True).data


def decision_input(outcome: Outcome) -> type[VersionInput]:
    """Return what the API takes for an outcome on a role: what its row asks of the moderator."""
    fields: dict[str, Any] = {}
    if outcome.reason != Need.NO:
        must = outcome.reason == Need.MUST
        fields["reason"] = serializers.CharField(
            required=must, allow_blank=not must, max_length=REASON
        )
    if outcome.rules != Need.NO:
        must = outcome.rules == Need.MUST
        fields["rules"] = serializers.ListField(
            child=serializers.CharField(max_length=5),
            required=must,
            min_length=1 if must else None,
            max_length=20,
        )
    if outcome.vouches:
        fields["employer_checked"] = serializers.BooleanField(
            required=False, help_text="You have checked who the employer is (rule 1.1)."
        )
    if outcome.overrules:
        fields["overrule"] = serializers.ListField(
            child=serializers.CharField(max_length=50),
            required=False,
            max_length=40,
            help_text="Every finding that says stop, as `name:rule`, for example"
            " `near_duplicate:5.3`; stops of rules"
            f" {', '.join(sorted(NEVER_OVERRULED))} cannot be overruled.",
        )
        fields["overrule_reason"] = serializers.CharField(
            required=False,
            allow_blank=True,
            max_length=REASON,
            help_text=f"Why those stops do not hold, in at least {LEAST_WORDS} words; moderators"
            " read it, the employer does not.",
        )
    name = f"Decide{outcome.name.title().replace('_', '')}Input"
    return type(name, (VersionInput,), {**fields, "__doc__": outcome.meaning})


class ReasonInput(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=REASON)


class ReportInput(serializers.Serializer[Any]):
    """What is wrong with one thing: a role, an employer, a message or a public question."""

    opportunity = serializers.CharField(required=False, max_length=40)
    employer = serializers.CharField(required=False, max_length=40)
    message = serializers.IntegerField(required=False, min_value=1, max_value=2**62)
    post = serializers.IntegerField(required=False, min_value=1, max_value=2**62)
    reason = OneOf(choices=ReportReason.choices)
    text = serializers.CharField(required=False, allow_blank=True, default="", max_length=REASON)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the report to one thing."""
        if sum(name in attrs for name in ("opportunity", "employer", "message", "post")) != 1:
            raise serializers.ValidationError("Name one thing that the report is about.")
        return attrs


class ReportReceipt(serializers.ModelSerializer[Report]):
    """What whoever reported learns at once."""

    id = serializers.CharField(source="public_id")

    class Meta:
        model = Report
        fields = ["id", "reason", "reported_at"]


class ReportOutput(ReportReceipt):
    about = serializers.SerializerMethodField()

    class Meta(ReportReceipt.Meta):
        fields = [
            *ReportReceipt.Meta.fields,
            "about",
            "text",
            "times",
            "answered_at",
            "upheld",
            "answer",
        ]

    def get_about(self, report: Report) -> dict[str, Any]:
        """Return what is reported, in the words that were seen."""
        if report.opportunity is not None:
            return {"opportunity": report.opportunity.public_id, "title": report.opportunity.title}
        if report.employer is not None:
            return {"employer": report.employer.public_id, "name": report.employer.name}
        if report.message is not None:
            return {"message": report.message_id, "text": report.message.text}
        if report.post is not None:
            post = report.post
            return {"post": post.pk, "question": post.question, "answer": post.answer}
        return {}


class AnswerReportInput(serializers.Serializer[Any]):
    upheld = serializers.BooleanField()
    answer = serializers.CharField(max_length=1000)
    hide = serializers.BooleanField(required=False)


class AppealInput(serializers.Serializer[Any]):
    decision = serializers.IntegerField(min_value=1, max_value=2**62)
    text = serializers.CharField(max_length=REASON)


class AppealOutput(serializers.ModelSerializer[Appeal]):
    id = serializers.CharField(source="public_id")
    decision = DecisionOutput()

    class Meta:
        model = Appeal
        fields = ["id", "decision", "text", "made_at", "heard_at", "granted", "answer"]


class HearingInput(serializers.Serializer[Any]):
    granted = serializers.BooleanField()
    answer = serializers.CharField(max_length=1000)


class SanctionInput(serializers.Serializer[Any]):
    """A rung of the ladder for an employer or an account."""

    employer = serializers.CharField(required=False, max_length=40)
    account = serializers.IntegerField(required=False, min_value=1, max_value=2**62)
    level = OneOf(choices=SanctionLevel.choices)
    reason = serializers.CharField(max_length=REASON)
    grave = serializers.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the sanction to one side."""
        if ("employer" in attrs) == ("account" in attrs):
            raise serializers.ValidationError("Name an employer or an account.")
        return attrs


class SanctionOutput(serializers.ModelSerializer[Sanction]):
    employer = serializers.CharField(source="employer.public_id", allow_null=True, default=None)
    account = serializers.IntegerField(source="account_id", allow_null=True)

    class Meta:
        model = Sanction
        fields = [
            "id", "employer", "account", "level", "reason", "proposed_at", "in_force_at",
            "ends_at", "lifted_at",
        ]  # fmt: skip


class RuleOutput(serializers.Serializer[Any]):
    number = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()


class RungOutput(serializers.Serializer[Any]):
    level = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()


class RulesOutput(serializers.Serializer[Any]):
    """The public rules and the ladder of sanctions."""

    rules = RuleOutput(many=True)
    ladder = RungOutput(many=True)
