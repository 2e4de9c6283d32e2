"""The records of moderators, and accounts: to look at, and linked to where moderators decide.

What administrators do here and nowhere else is to say what accounts may do, to sign somebody out
everywhere, and to take a credential back.
"""

from typing import Any, Final

import structlog
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from opportunities.accounts import sessions
from opportunities.accounts.current import person
from opportunities.accounts.desks import ByAddress, History, Parts
from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_moderator
from opportunities.core.errors import RuleBroken
from opportunities.employers.models import EmailVerification, Employer, Membership
from opportunities.engagements import completing
from opportunities.engagements.models import Completion
from opportunities.moderation.models import Appeal, Decision, Finding, Report, Sanction
from opportunities.roles.models import Deliverable, Opportunity, OpportunitySkill, Question

POWERS: Final = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")

logger = structlog.get_logger(__name__)


class Moderated(History):
    """Records on which moderators decide; each has a link to where they do."""

    place = ""

    def view_on_site(self, row: Any) -> str:
        return reverse(f"opportunities:{self.place}")


class FindingParts(Parts):
    model = Finding
    fields = ("role_version", "check_name", "rule", "verdict", "detail")
    ordering = ("-role_version", "id")


class DecisionParts(Parts):
    model = Decision
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

    def view_on_site(self, row: Opportunity) -> str:
        return reverse("opportunities:review-role", args=[row.public_id])


@admin.register(Employer)
class EmployerAdmin(History):
    list_display = ("__str__", "domain", "status", "verified_by", "suspended_until")
    list_filter = ("status", "verified_by")
    search_fields = ("=public_id", "name", "=domain")
    inlines = (MembershipParts, VerificationParts, DecisionParts)

    def view_on_site(self, row: Employer) -> str:
        return f"{reverse('opportunities:moderate-employers')}?employer={row.public_id}"


@admin.register(Sanction)
class SanctionAdmin(History):
    list_display = ("__str__", "employer", "account", "proposed_at", "in_force_at", "lifted_at")
    list_filter = ("level",)
    list_select_related = ("employer", "account")

    def view_on_site(self, row: Sanction) -> str:
        is_proposed = row.in_force_at is None
        return reverse(f"opportunities:{'moderate-employers' if is_proposed else 'sanctions'}")


@admin.register(Report)
class ReportAdmin(Moderated):
    place = "reports"
    list_display = ("__str__", "reason", "reported_at", "answered_at", "upheld")
    list_filter = ("reason", ("answered_at", admin.EmptyFieldListFilter))


@admin.register(Appeal)
class AppealAdmin(Moderated):
    place = "appeals"
    list_display = ("__str__", "decision", "made_at", "heard_at", "granted")
    list_filter = (("heard_at", admin.EmptyFieldListFilter), "granted")
    list_select_related = ("decision",)


class ReasonForm(ActionForm):
    """The reason that an action puts on record."""

    reason = forms.CharField(max_length=2000, required=False)


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

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return is_moderator(request.user)

    @admin.action(description="Revoke the credential", permissions=["moderate"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Completion]) -> None:
        """Revoke the credential of each chosen work, with a reason; say what was refused."""
        actor, reason, done = person(request), request.POST.get("reason", ""), 0
        for row in queryset.order_by("pk"):
            try:
                completing.revoke(
                    application_id=row.application_id, actor=actor, reason=reason, at=timezone.now()
                )
            except RuleBroken as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)
            else:
                self.log_change(request, row, f"Revoked the credential: {reason}")
                done += 1
        if done:
            self.message_user(request, f"Done: {done}.")


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


@admin.register(User)
class UserAdmin(Moderated):
    """Administrators change what accounts may do; sanctions go through moderation."""

    place = "sanctions"
    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "suspended_until")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "name")
    search_help_text = "A part of the address or of the name."
    filter_horizontal = ("groups", "user_permissions")
    actions = ("end_sessions",)

    def has_change_permission(self, request: HttpRequest, *_: Any) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    @admin.action(description="Sign out everywhere", permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End every session of the chosen accounts; their tokens are revoked one by one."""
        accounts = list(queryset)
        ended = sum(sessions.end_all(account) for account in accounts)
        logger.warning("sessions ended", accounts=[account.pk for account in accounts])
        messages.info(request, f"{ended} sessions have ended.")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), "groups", "user_permissions"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in self.get_fields(request, obj) if name not in POWERS]
