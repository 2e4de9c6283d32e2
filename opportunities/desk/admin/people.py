"""Accounts: who is staff and what they may do; all else belongs to the person."""

from typing import Any, Final

import structlog
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from opportunities.accounts import sessions
from opportunities.accounts.desks import History
from opportunities.accounts.models import User
from opportunities.desk import operations as moderating
from opportunities.desk.admin.buttons import ReasonForm, button
from opportunities.moderation.outcomes import On, chosen_on

logger = structlog.get_logger(__name__)

POWERS: Final = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(History):
    """Administrators change what accounts may do; sanctions go through moderation."""

    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "suspended_until")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "name")
    search_help_text = "A part of the address or of the name."
    filter_horizontal = ("groups", "user_permissions")
    action_form = ReasonForm
    actions = [
        *[button(outcome, moderating.sanction, "account_id") for outcome in chosen_on(On.SIDE)],
        "end_sessions",
    ]

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
