"""The staff desk of matching: runs to watch and stop, parked work to look at and free."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from matching.jobs import owed_work, runs
from matching.jobs.runs import NotNow
from matching.models import (
    CandidatePlan,
    Dismissal,
    Feedback,
    Introduction,
    IntroductionPreference,
    Market,
    OwedWork,
    PlannedRole,
    Run,
)


class ReadOnlyAdmin[Row: Any](admin.ModelAdmin):  # type: ignore[type-arg]
    """History and derived rows: to be looked at, changed by operations only."""

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False


class IsParked(admin.SimpleListFilter):
    """Waiting, or given up until a person looks."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("parked", "Parked"), ("waiting", "Waiting")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OwedWork]) -> QuerySet[OwedWork]:
        owed = OwedWork.objects.filter(pk__in=queryset)
        match self.value():
            case "parked":
                return owed.parked()
            case "waiting":
                return owed.waiting()
        return queryset


@admin.register(OwedWork)
class OwedWorkAdmin(ReadOnlyAdmin[OwedWork]):
    list_display = (
        "kind", "subject_id", "wanted", "done", "raised_at", "attempts", "parked_at", "last_error",
    )  # fmt: skip
    list_filter = (IsParked, "kind")
    search_fields = ("=subject_id",)
    ordering = ("-parked_at", "raised_at", "id")
    actions = ("try_again",)

    @admin.action(description="Try again")
    def try_again(self, request: HttpRequest, queryset: QuerySet[OwedWork]) -> None:
        """Free parked work; the next sweep sends it."""
        freed = owed_work.unpark(queryset.values_list("pk", flat=True), at=timezone.now())
        self.message_user(request, f"{freed} will be tried again within seconds.")

    def has_change_permission(self, request: HttpRequest, *_: Any) -> bool:
        # The action needs it; the form itself has no field that can be written.
        return bool(request.user.has_perm("matching.rebuild_matches"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in OwedWork._meta.fields]


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin[Run]):
    list_display = (
        "public_id", "state", "done", "candidate_count", "role_count", "engine_version",
        "created_at", "finished_at", "last_error",
    )  # fmt: skip
    list_filter = ("state",)
    ordering = ("-id",)
    actions = ("stop",)

    @admin.action(description="Stop")
    def stop(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        """Stop runs that are under way; what they computed is never shown."""
        for run in queryset:
            try:
                runs.cancel(run.pk, at=timezone.now())
            except NotNow as refusal:
                self.message_user(request, str(refusal), messages.WARNING)

    def has_change_permission(self, request: HttpRequest, *_: Any) -> bool:
        return bool(request.user.has_perm("matching.rebuild_matches"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in Run._meta.fields]


@admin.register(Market)
class MarketAdmin(ReadOnlyAdmin[Market]):
    list_display = ("seq", "run")


@admin.register(Dismissal)
class DismissalAdmin(ReadOnlyAdmin[Dismissal]):
    list_display = ("id", "opportunity", "reason", "at")
    list_filter = ("reason",)
    list_select_related = ("opportunity",)
    ordering = ("-id",)


@admin.register(Introduction)
class IntroductionAdmin(ReadOnlyAdmin[Introduction]):
    list_display = (
        "id", "role", "toward", "score", "at", "explained_at", "due_at", "told_at", "seen_at",
        "opened_at",
    )  # fmt: skip
    list_filter = ("toward",)
    list_select_related = ("role",)
    ordering = ("-id",)


@admin.register(IntroductionPreference)
class IntroductionPreferenceAdmin(ReadOnlyAdmin[IntroductionPreference]):
    list_display = ("id", "rhythm", "at_once_from")
    list_filter = ("rhythm",)
    ordering = ("-id",)


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin[Feedback]):
    list_display = ("id", "opportunity", "times_shown", "best_place", "opened_at")
    list_select_related = ("opportunity",)
    ordering = ("-id",)


@admin.register(CandidatePlan)
class CandidatePlanAdmin(ReadOnlyAdmin[CandidatePlan]):
    list_display = ("public_id", "kind", "score", "made_at")
    list_filter = ("kind",)
    ordering = ("-id",)


@admin.register(PlannedRole)
class PlannedRoleAdmin(ReadOnlyAdmin[PlannedRole]):
    list_display = ("id", "role", "starts", "ends", "apply_until", "stands_in_for", "reminded_at")
    list_select_related = ("role", "stands_in_for")
    exclude = ("letter",)
    ordering = ("-id",)
