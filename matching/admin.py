"""The staff desk of matching: runs to watch and stop, parked work to look at and free."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from matching import models
from matching.jobs.owed_work import OWED
from matching.jobs.runs import steps
from opportunities.accounts.desks import History, Queue


class Watched(History):
    """Rows with an action; the form itself has no field that can be written."""

    def has_change_permission(self, request: HttpRequest, *_: Any) -> bool:
        return bool(request.user.has_perm("matching.rebuild_matches"))


@admin.register(models.OwedWork)
class OwedWorkAdmin(Watched, Queue):
    kind = OWED
    list_display = (
        "kind", "subject_id", "wanted", "done", "raised_at", "attempts", "dead_at", "last_error",
    )  # fmt: skip
    list_filter = (("dead_at", admin.EmptyFieldListFilter), "kind")
    search_fields = ("=subject_id",)


@admin.register(models.Run)
class RunAdmin(Watched):
    list_display = (
        "public_id", "state", "done", "candidate_count", "role_count", "engine_version",
        "created_at", "finished_at", "last_error",
    )  # fmt: skip
    list_filter = ("state",)
    actions = ("stop",)

    @admin.action(description="Stop")
    def stop(self, request: HttpRequest, queryset: QuerySet[models.Run]) -> None:
        """Stop runs that are under way; what they computed is never shown."""
        for run in queryset:
            try:
                steps.cancel(run.pk, at=timezone.now())
            except steps.NotNow as refusal:
                self.message_user(request, str(refusal), messages.WARNING)


@admin.register(models.Market)
class MarketAdmin(History):
    list_display = ("seq", "run")


@admin.register(models.Dismissal)
class DismissalAdmin(History):
    list_display = ("id", "opportunity", "reason", "at")
    list_filter = ("reason",)
    list_select_related = ("opportunity",)


@admin.register(models.Introduction)
class IntroductionAdmin(History):
    list_display = (
        "id", "role", "toward", "score", "at", "explained_at", "due_at", "told_at", "seen_at",
        "opened_at",
    )  # fmt: skip
    list_filter = ("toward",)
    list_select_related = ("role",)


@admin.register(models.IntroductionPreference)
class IntroductionPreferenceAdmin(History):
    list_display = ("id", "rhythm", "at_once_from")
    list_filter = ("rhythm",)


@admin.register(models.Feedback)
class FeedbackAdmin(History):
    list_display = ("id", "opportunity", "times_shown", "best_place", "opened_at")
    list_select_related = ("opportunity",)


@admin.register(models.CandidatePlan)
class CandidatePlanAdmin(History):
    list_display = ("public_id", "kind", "score", "made_at")
    list_filter = ("kind",)


@admin.register(models.PlannedRole)
class PlannedRoleAdmin(History):
    list_display = ("id", "role", "starts", "ends", "apply_until", "stands_in_for", "reminded_at")
    list_select_related = ("role", "stands_in_for")
    is_sealed = True
