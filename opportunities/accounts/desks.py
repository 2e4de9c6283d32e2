"""What all of the admin shares: records to look at, which only operations change."""

from typing import Any, ClassVar, Final

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from opportunities.accounts.models import User
from opportunities.core import outbox

HIDDEN: Final = frozenset(
    {"password", "secret", "former_secret", "secret_digest", "search", "shingles", "content"}
)
"""Columns that no desk shows: secrets, files, and what is derived for the database alone."""

WORDS: Final = (
    models.CharField, models.TextField, models.FileField, models.BinaryField, models.JSONField,
)  # fmt: skip
UNSENT = (("dead_at", admin.EmptyFieldListFilter), ("sent_at", admin.EmptyFieldListFilter))


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


class ByAddress(admin.RelatedOnlyFieldListFilter):
    """Filters by the accounts that there are, under their addresses."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        there = model_admin.get_queryset(request).values(self.field_path)
        people = User.objects.filter(pk__in=there).order_by("email")
        return [(str(pk), email) for pk, email in people.values_list("pk", "email")]


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


def _is_words(field: Any) -> bool:
    return isinstance(field, WORDS) and not field.choices and field.name != "public_id"


class Queue(History):
    """A kind of work: when each row is due, how often it was tried, and whether it was given up."""

    kind: outbox.Kind[Any]
    list_filter: ClassVar[Any] = UNSENT
    actions = ("try_again",)

    @admin.action(description="Try again")
    def try_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Give what was given up another round of attempts."""
        chosen = list(queryset.values_list("pk", flat=True))
        revived = outbox.revive(self.kind, chosen, at=timezone.now())
        messages.info(request, f"{revived} will be tried again.")
