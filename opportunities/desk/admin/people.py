"""Accounts: who is staff and what they may do; all else belongs to the person."""

from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from opportunities.accounts.desks import History
from opportunities.accounts.models import User
from opportunities.desk import operations as moderating
from opportunities.desk.admin.buttons import Button, ReasonForm, button
from opportunities.moderation.outcomes import On, Outcome, chosen_on

POWERS: Final = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")


def on_account(outcome: Outcome) -> Button:
    """Return the button that decides so on each chosen account, with the reason given."""
    return button(outcome, lambda row, by, reason, _: moderating.sanction(
        outcome, account_id=row.pk, moderator=by, reason=reason, at=timezone.now(),
    ))  # fmt: skip


@admin.register(User)
class UserAdmin(History):
    """Administrators change what accounts may do; sanctions go through moderation."""

    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "suspended_until")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("=email",)
    filter_horizontal = ("groups", "user_permissions")
    action_form = ReasonForm
    actions = [on_account(outcome) for outcome in chosen_on(On.SIDE)]

    def has_change_permission(self, request: HttpRequest, *_: Any) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), "groups", "user_permissions"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in self.get_fields(request, obj) if name not in POWERS]
