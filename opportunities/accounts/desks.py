"""What the desks share: rows to look at, and actions that ask for a reason and call operations."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_moderator
from opportunities.core.errors import RuleBroken
from opportunities.moderation.outcomes import Outcome

HIDDEN: Final = frozenset(
    {"password", "secret", "former_secret", "secret_digest", "search", "shingles", "content"}
)
"""Columns that no desk shows: secrets, files, and what is derived for the database alone."""

type Button = Callable[["History", HttpRequest, QuerySet[Any]], None]
"""An action of a desk on the rows that were chosen."""


class ReasonForm(ActionForm):
    """The reason and the rules that an action puts on record."""

    reason = forms.CharField(max_length=2000, required=False)
    rules = forms.CharField(max_length=60, required=False, help_text="Numbers, with spaces.")


class History(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows to look at; only operations change them."""

    show_full_result_count = False
    list_per_page = 50
    is_sealed = False
    """Whether what people wrote to each other stays unread here."""

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return is_moderator(request.user)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-pk",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            field.name
            for field in self.model._meta.fields
            if field.name not in HIDDEN and not (self.is_sealed and _is_words(field))
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)


class Parts(admin.TabularInline):  # type: ignore[type-arg]
    """The parts of a record, to look at."""

    extra = 0
    can_delete = False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or [field.name for field in self.model._meta.fields]

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False


def by(request: HttpRequest) -> User:
    """Return who sits at the desk; the admin lets nobody in without an account."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def button(outcome: Outcome, operation: Callable[[Any, User, str, list[str]], object]) -> Button:
    """Return the action of a desk that carries out one outcome on each chosen row."""

    @admin.action(description=outcome.verb, permissions=["moderate"])
    def carry_out(desk: History, request: HttpRequest, rows: QuerySet[Any]) -> None:
        moderator = by(request)
        each(desk, request, rows, lambda row, *given: operation(row, moderator, *given))

    carry_out.__name__ = outcome.slug.replace("-", "_")
    return carry_out


def _is_words(field: Any) -> bool:
    return (
        isinstance(
            field,
            models.CharField
            | models.TextField
            | models.FileField
            | models.BinaryField
            | models.JSONField,
        )
        and not field.choices
        and field.name != "public_id"
    )


def each(
    desk: History,
    request: HttpRequest,
    rows: QuerySet[Any],
    operation: Callable[[Any, str, list[str]], object],
) -> None:
    """Carry out an operation on each chosen row, with the reason given; say what was refused."""
    reason = request.POST.get("reason", "")
    rules = request.POST.get("rules", "").replace(",", " ").split()
    done = 0
    for row in rows.order_by("pk"):
        try:
            operation(row, reason, rules)
        except RuleBroken as refusal:
            desk.message_user(request, f"{row}: {refusal}", messages.ERROR)
        else:
            done += 1
    if done:
        desk.message_user(request, f"Done: {done}.")
