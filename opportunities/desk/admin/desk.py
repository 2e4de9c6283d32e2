"""The moderators' desks: each button calls one operation, with the reason beside it."""

from typing import Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from opportunities.accounts.desks import History, Parts, ReasonForm, by, each
from opportunities.desk import operations as moderating
from opportunities.employers.models import EmailVerification, Employer, Membership
from opportunities.moderation.models import Appeal, Decision, Finding, Report, Sanction
from opportunities.roles.models import Deliverable, Opportunity, OpportunitySkill, Question

BY_HAND: Final = "Checked by an administrator."


class FindingParts(Parts):
    model = Finding
    fields = ("role_version", "check_name", "rule", "verdict", "detail")
    ordering = ("-role_version", "id")


class DecisionParts(Parts):
    model = Decision
    fk_name = "opportunity"
    fields = ("decided_at", "action", "moderator", "rules", "reason")
    ordering = ("-id",)


class EmployerDecisionParts(DecisionParts):
    fk_name = "employer"


class DeliverableParts(Parts):
    model = Deliverable


class SkillParts(Parts):
    model = OpportunitySkill


class QuestionParts(Parts):
    model = Question


class MembershipParts(Parts):
    model = Membership
    fields = ("user", "role", "joined_at")


class VerificationParts(Parts):
    model = EmailVerification
    fields = ("email", "user", "created_at", "confirmed_at", "attempts")


@admin.register(Opportunity)
class OpportunityAdmin(History):
    list_display = ("__str__", "employer", "status", "kind", "submitted_at", "opened_at")
    list_filter = ("status", "kind", "format")
    list_select_related = ("employer",)
    search_fields = ("=public_id", "title")
    inlines = (DeliverableParts, SkillParts, QuestionParts, FindingParts, DecisionParts)
    action_form = ReasonForm
    actions = ("approve", "ask_changes", "reject", "remove")

    @admin.action(description="Approve", permissions=["moderate"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Opportunity]) -> None:
        """Open each role in review."""
        each(self, request, queryset, lambda row, reason, _: moderating.approve(
            opportunity_id=row.pk, moderator=by(request), reason=reason, at=timezone.now()
        ))  # fmt: skip

    @admin.action(description="Ask for changes", permissions=["moderate"])
    def ask_changes(self, request: HttpRequest, queryset: QuerySet[Opportunity]) -> None:
        """Give each role back to its employer, with the reason given."""
        each(self, request, queryset, lambda row, reason, rules: moderating.ask_changes(
            opportunity_id=row.pk, moderator=by(request), reason=reason, rules=rules,
            at=timezone.now(),
        ))  # fmt: skip

    @admin.action(description="Reject", permissions=["moderate"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Opportunity]) -> None:
        """Refuse each role, with the rules and the reason given."""
        each(self, request, queryset, lambda row, reason, rules: moderating.reject(
            opportunity_id=row.pk, moderator=by(request), reason=reason, rules=rules,
            at=timezone.now(),
        ))  # fmt: skip

    @admin.action(description="Take down", permissions=["moderate"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Opportunity]) -> None:
        """Take down each role, with the rules and the reason given."""
        each(self, request, queryset, lambda row, reason, rules: moderating.remove(
            opportunity_id=row.pk, moderator=by(request), reason=reason, rules=rules,
            at=timezone.now(),
        ))  # fmt: skip


@admin.register(Employer)
class EmployerAdmin(History):
    list_display = ("__str__", "domain", "status", "verified_by", "suspended_until")
    list_filter = ("status", "verified_by")
    search_fields = ("=public_id", "name", "=domain")
    inlines = (MembershipParts, VerificationParts, EmployerDecisionParts)
    action_form = ReasonForm
    actions = ("verify", "warn", "suspend", "propose_block")

    @admin.action(description="Verify", permissions=["moderate"])
    def verify(self, request: HttpRequest, queryset: QuerySet[Employer]) -> None:
        """Say that one has checked who each employer is, and how."""
        each(self, request, queryset, lambda row, reason, _: moderating.verify_employer(
            employer_id=row.pk, moderator=by(request), reason=reason or BY_HAND, at=timezone.now()
        ))  # fmt: skip

    @admin.action(description="Warn", permissions=["moderate"])
    def warn(self, request: HttpRequest, queryset: QuerySet[Employer]) -> None:
        """Warn each employer, with the reason given."""
        each(self, request, queryset, lambda row, reason, _: moderating.warn(
            employer_id=row.pk, moderator=by(request), reason=reason, at=timezone.now()
        ))  # fmt: skip

    @admin.action(description="Suspend for 30 days", permissions=["moderate"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[Employer]) -> None:
        """Suspend each employer, with the reason given."""
        each(self, request, queryset, lambda row, reason, _: moderating.suspend(
            employer_id=row.pk, moderator=by(request), reason=reason, at=timezone.now()
        ))  # fmt: skip

    @admin.action(description="Propose to block", permissions=["moderate"])
    def propose_block(self, request: HttpRequest, queryset: QuerySet[Employer]) -> None:
        """Propose to block each employer; somebody else confirms."""
        each(self, request, queryset, lambda row, reason, _: moderating.propose_block(
            employer_id=row.pk, moderator=by(request), reason=reason, at=timezone.now()
        ))  # fmt: skip


@admin.register(Sanction)
class SanctionAdmin(History):
    list_display = ("__str__", "employer", "account", "proposed_at", "in_force_at", "lifted_at")
    list_filter = ("level",)
    list_select_related = ("employer", "account")
    action_form = ReasonForm
    actions = ("confirm", "refuse", "lift")

    @admin.action(description="Confirm the block", permissions=["moderate"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Sanction]) -> None:
        """Put each proposed block in force."""
        each(self, request, queryset, lambda row, *_: moderating.confirm_block(
            sanction_id=row.pk, moderator=by(request), at=timezone.now()
        ))  # fmt: skip

    @admin.action(description="Refuse the block", permissions=["moderate"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Sanction]) -> None:
        """Refuse each proposed block, with the reason given."""
        each(self, request, queryset, lambda row, reason, _: moderating.refuse_block(
            sanction_id=row.pk, moderator=by(request), reason=reason, at=timezone.now()
        ))  # fmt: skip

    @admin.action(description="Lift", permissions=["moderate"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Sanction]) -> None:
        """End each sanction early, with the reason given."""
        each(self, request, queryset, lambda row, reason, _: moderating.lift(
            sanction_id=row.pk, moderator=by(request), reason=reason, at=timezone.now()
        ))  # fmt: skip


@admin.register(Report)
class ReportAdmin(History):
    list_display = ("__str__", "reason", "reported_at", "answered_at", "upheld")
    list_filter = ("reason", ("answered_at", admin.EmptyFieldListFilter))
    action_form = ReasonForm
    actions = ("uphold", "dismiss")

    @admin.action(description="Answer: upheld", permissions=["moderate"])
    def uphold(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """Answer each report as right, with the reason given."""
        each(self, request, queryset, lambda row, reason, _: moderating.answer_report(
            report_id=row.pk, moderator=by(request), upheld=True, answer=reason,
            at=timezone.now(),
        ))  # fmt: skip

    @admin.action(description="Answer: nothing to act on", permissions=["moderate"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """Answer each report as without ground, with the reason given."""
        each(self, request, queryset, lambda row, reason, _: moderating.answer_report(
            report_id=row.pk, moderator=by(request), upheld=False, answer=reason,
            at=timezone.now(),
        ))  # fmt: skip


@admin.register(Appeal)
class AppealAdmin(History):
    list_display = ("__str__", "decision", "made_at", "heard_at", "granted")
    list_filter = (("heard_at", admin.EmptyFieldListFilter), "granted")
    list_select_related = ("decision",)
    action_form = ReasonForm
    actions = ("grant", "refuse")

    @admin.action(description="Grant", permissions=["moderate"])
    def grant(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> None:
        """Grant each appeal, with the reason given."""
        each(self, request, queryset, lambda row, reason, _: moderating.hear_appeal(
            appeal_id=row.pk, moderator=by(request), granted=True, answer=reason,
            at=timezone.now(),
        ))  # fmt: skip

    @admin.action(description="Let the decision stand", permissions=["moderate"])
    def refuse(self, request: HttpRequest, queryset: QuerySet[Appeal]) -> None:
        """Refuse each appeal, with the reason given."""
        each(self, request, queryset, lambda row, reason, _: moderating.hear_appeal(
            appeal_id=row.pk, moderator=by(request), granted=False, answer=reason,
            at=timezone.now(),
        ))  # fmt: skip


@admin.register(Decision)
class DecisionAdmin(History):
    list_display = ("__str__", "opportunity", "employer", "moderator", "rules", "decided_at")
    list_filter = ("action",)
    list_select_related = ("opportunity", "employer", "moderator")
