"""What an administrator edits: currency, floors, rates, promises, auto-approval, words, skills."""

from django.contrib import admin
from django.http import HttpRequest

from opportunities.core.models import AutoApproval, ExchangeRate, PayFloor, ReservedWord, Site


class OneRow(admin.ModelAdmin):  # type: ignore[type-arg]
    """A table of one row, made when it is first saved."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.get_queryset(request).exists()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Site)
class SiteAdmin(OneRow):
    list_display = ("__str__", "currency", "review_hours", "confirm_days", "grace_days")


@admin.register(AutoApproval)
class AutoApprovalAdmin(OneRow):
    list_display = ("__str__", "is_on", "clean_roles")


@admin.register(PayFloor)
class PayFloorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "country", "currency", "hourly_minor")
    ordering = ("country",)


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("currency", "rate")
    ordering = ("currency",)


@admin.register(ReservedWord)
class ReservedWordAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("text", "rule", "stops")
    list_filter = ("rule", "stops")
    ordering = ("text",)
