"""Tips in the admin, where they are written."""

from django.contrib import admin

from opportunities.tips.models import Tip


@admin.register(Tip)
class TipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Tips, the newest first."""

    list_display = ("id", "text", "shown_from")
    ordering = ("-shown_from", "-id")
