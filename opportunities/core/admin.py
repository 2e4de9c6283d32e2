"""What an administrator edits: currency, floors, rates, promises, auto-approval, words, skills."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from opportunities.core import pay
from opportunities.core.iso_names import currency_choices
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


class PayFloorForm(forms.ModelForm):  # type: ignore[type-arg]
    """A floor as an administrator writes it: 12.21 GBP, not 1221 pence."""

    currency = forms.ChoiceField(choices=currency_choices)
    hourly = forms.DecimalField(
        label="Pay an hour", min_value=Decimal(0), max_digits=10, help_text="In that currency."
    )

    class Meta:
        model = PayFloor
        fields = ("country", "currency")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        floor = self.instance
        if floor.pk:
            self.initial["hourly"] = pay.to_major(floor.hourly_minor, floor.currency)

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        if {"currency", "hourly"} <= self.cleaned_data.keys():
            try:
                self.instance.hourly_minor = pay.to_minor(
                    self.cleaned_data["hourly"], self.cleaned_data["currency"]
                )
            except ValueError as error:
                self.add_error("hourly", str(error))
        return found


@admin.register(PayFloor)
class PayFloorAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = PayFloorForm
    list_display = ("__str__", "pay_an_hour")
    ordering = ("country",)

    @admin.display(description="pay an hour")
    def pay_an_hour(self, floor: PayFloor) -> str:
        return f"{pay.to_major(floor.hourly_minor, floor.currency)} {floor.currency}"


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("currency", "rate")
    ordering = ("currency",)


@admin.register(ReservedWord)
class ReservedWordAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("text", "rule", "stops")
    list_filter = ("rule", "stops")
    ordering = ("text",)
