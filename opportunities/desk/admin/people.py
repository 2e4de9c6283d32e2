"""Accounts: who is staff and what they may do; all else belongs to the person."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from opportunities.accounts.desks import History, ReasonForm, by, each
from opportunities.accounts.models import User
from opportunities.desk import operations as moderating

POWERS: Final = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(History):
    """Administrators change what accounts may do; sanctions go through moderation."""

    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "suspended_until")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("=email",)
    filter_horizontal = ("groups", "user_permissions")
    action_form = ReasonForm
    actions = ("warn", "suspend", "propose_block")

    def has_change_permission(self, request: HttpRequest, *_: Any) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), "groups", "user_permissions"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in self.get_fields(request, obj) if name not in POWERS]

    @admin.action(description="Warn", permissions=["moderate"])
    def warn(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Warn each account, with the reason given."""
        each(self, request, queryset, lambda row, reason, _: moderating.warn(
            account_id=row.pk, moderator=by(request), reason=reason, at=timezone.now()
        ))  # fmt: skip

    @admin.action(description="Suspend for 30 days", permissions=["moderate"])
    def suspend(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Suspend each account, with the reason given."""
        each(self, request, queryset, lambda row, reason, _: moderating.suspend(
            account_id=row.pk, moderator=by(request), reason=reason, at=timezone.now()
        ))  # fmt: skip

    @admin.action(description="Propose to block", permissions=["moderate"])
    def propose_block(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Propose to block each account; somebody else confirms."""
        each(self, request, queryset, lambda row, reason, _: moderating.propose_block(
            account_id=row.pk, moderator=by(request), reason=reason, at=timezone.now()
        ))  # fmt: skip
