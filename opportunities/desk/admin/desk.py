"""The moderators' desks: each button calls one operation, with the reason beside it."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from opportunities.accounts.current import person
from opportunities.accounts.desks import ByAddress, History, Parts
from opportunities.desk import operations as moderating
from opportunities.desk.admin.buttons import Button, ReasonForm, action, button, each
from opportunities.employers.models import EmailVerification, Employer, Membership
from opportunities.engagements import completing
from opportunities.engagements.models import Completion
from opportunities.moderation.models import Appeal, Decision, Finding, Report, Sanction
from opportunities.moderation.outcomes import On, Outcome, chosen_on
from opportunities.roles.models import Deliverable, Opportunity, OpportunitySkill, Question

BY_HAND: Final = "Checked by an administrator."


def on_employer(outcome: Outcome, *, reason: str, **call: Any) -> None:
    """Decide so on an employer; who verifies one here need not say how."""
    otherwise = BY_HAND if outcome.vouches else ""
    moderating.on_employer(outcome, reason=reason or otherwise, **call)


def on_report(name: str, description: str, *, upheld: bool) -> Button:
    """Return the button that answers each chosen report so, with the reason given."""
    return action(name, description, lambda row, by, reason, _: moderating.answer_report(
        report_id=row.pk, moderator=by, upheld=upheld, answer=reason, at=timezone.now(),
    ))  # fmt: skip


def on_appeal(name: str, description: str, *, granted: bool) -> Button:
    """Return the button that decides each chosen appeal so, with the reason given."""
    return action(name, description, lambda row, by, reason, _: moderating.hear_appeal(
        appeal_id=row.pk, moderator=by, granted=granted, answer=reason, at=timezone.now(),
    ))  # fmt: skip


class FindingParts(Parts):
    model = Finding
    fields = ("role_version", "check_name", "rule", "verdict", "detail")
    ordering = ("-role_version", "id")


class DecisionParts(Parts):
    model = Decision
    fk_name = "opportunity"
    fields = (
        "decided_at",
        "action",
        "moderator",
        "rules",
        "reason",
        "overruled",
        "overrule_reason",
    )
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
    fields = ("email", "user", "created_at", "confirmed_at")


@admin.register(Opportunity)
class OpportunityAdmin(History):
    list_display = ("__str__", "employer", "status", "kind", "submitted_at", "opened_at")
    list_filter = ("status", "kind", "format")
    list_select_related = ("employer",)
    search_fields = ("=public_id", "title")
    inlines = (DeliverableParts, SkillParts, QuestionParts, FindingParts, DecisionParts)
    action_form = ReasonForm
    actions = [
        button(outcome, moderating.decide, "opportunity_id") for outcome in chosen_on(On.ROLE)
    ]


@admin.register(Employer)
class EmployerAdmin(History):
    list_display = ("__str__", "domain", "status", "verified_by", "suspended_until")
    list_filter = ("status", "verified_by")
    search_fields = ("=public_id", "name", "=domain")
    inlines = (MembershipParts, VerificationParts, EmployerDecisionParts)
    action_form = ReasonForm
    actions = [
        button(outcome, on_employer, "employer_id") for outcome in chosen_on(On.EMPLOYER, On.SIDE)
    ]


@admin.register(Sanction)
class SanctionAdmin(History):
    list_display = ("__str__", "employer", "account", "proposed_at", "in_force_at", "lifted_at")
    list_filter = ("level",)
    list_select_related = ("employer", "account")
    action_form = ReasonForm
    actions = [
        button(outcome, moderating.settle_sanction, "sanction_id")
        for outcome in chosen_on(On.SANCTION)
    ]


@admin.register(Report)
class ReportAdmin(History):
    list_display = ("__str__", "reason", "reported_at", "answered_at", "upheld")
    list_filter = ("reason", ("answered_at", admin.EmptyFieldListFilter))
    action_form = ReasonForm
    actions = [
        on_report("uphold", "Answer: upheld", upheld=True),
        on_report("dismiss", "Answer: nothing to act on", upheld=False),
    ]


@admin.register(Appeal)
class AppealAdmin(History):
    list_display = ("__str__", "decision", "made_at", "heard_at", "granted")
    list_filter = (("heard_at", admin.EmptyFieldListFilter), "granted")
    list_select_related = ("decision",)
    action_form = ReasonForm
    actions = [
        on_appeal("grant", "Grant", granted=True),
        on_appeal("refuse", "Let the decision stand", granted=False),
    ]


@admin.register(Completion)
class CompletionAdmin(History):
    """Work as both sides signed it; a moderator revokes the credential of what was not done so."""

    list_display = (
        "__str__", "role", "employer", "hours", "started_on", "ended_on", "candidate_signed_at",
        "revoked_at",
    )  # fmt: skip
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("application__opportunity__employer",)
    search_fields = (
        "=public_id", "application__opportunity__title", "application__opportunity__employer__name",
        "=application__profile__user__email",
    )  # fmt: skip
    search_help_text = "Number of the work, a role, an employer, or the address of a candidate."
    action_form = ReasonForm
    actions = ("revoke",)

    @admin.display(description="role")
    def role(self, row: Completion) -> str:
        return row.application.opportunity.title

    @admin.display(description="employer")
    def employer(self, row: Completion) -> str:
        return row.application.opportunity.employer.name

    @admin.action(description="Revoke the credential", permissions=["moderate"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Completion]) -> None:
        """Revoke the credential of each chosen work, with the reason given."""

        def carry_out(row: Completion, reason: str, _rules: list[str]) -> None:
            completing.revoke(
                application_id=row.application_id,
                actor=person(request),
                reason=reason,
                at=timezone.now(),
            )
            self.log_change(request, row, f"Revoked the credential: {reason}")

        each(self, request, queryset, carry_out)


@admin.register(Decision)
class DecisionAdmin(History):
    """The record of what was decided, by whom and why."""

    list_display = (
        "decided_at", "action", "opportunity", "employer", "whom", "who", "rules",
    )  # fmt: skip
    list_filter = ("action", ("moderator", ByAddress))
    list_select_related = ("opportunity", "employer", "account", "moderator")
    date_hierarchy = "decided_at"
    search_fields = (
        "=opportunity__public_id", "opportunity__title", "employer__name", "=account__email",
        "=moderator__email", "moderator__name", "reason", "overrule_reason",
    )  # fmt: skip
    search_help_text = "A role, an employer, a person, a moderator, or words of the reason."

    @admin.display(description="person", ordering="account")
    def whom(self, row: Decision) -> str:
        return row.account.email if row.account else ""

    @admin.display(description="decided by", ordering="moderator")
    def who(self, row: Decision) -> str:
        return row.moderator.email if row.moderator else "a published rule"
