"""What an administrator edits: currency, floors, rates, promises, auto-approval, words, skills."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from opportunities.core import pay
from opportunities.core.data import read_beside
from opportunities.core.iso_names import countries, currency_choices
from opportunities.core.models import AutoApproval, ExchangeRate, PayFloor, ReservedWord, Site
from opportunities.moderation.rules import RULES
from opportunities.site.previews import differences, effects

PREVIEW: Final = "_preview"
TEXTS: Final = read_beside(__file__)
"""What the forms call their fields, and what each decides."""


class Previewed(admin.ModelAdmin):  # type: ignore[type-arg]
    """Settings whose form says, before anything is saved, what the change would do."""

    change_form_template = "admin/previewed.html"
    chosen: Mapping[str, Any] = {"currency": currency_choices}
    """Fields that are chosen from a list, with what there is to choose."""

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Return the question for a column."""
        if db_field.name in self.chosen:
            return forms.ChoiceField(choices=self.chosen[db_field.name], **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the form; while it is previewed it passes as one that is not to be saved."""
        texts: dict[str, Any] = TEXTS.get(str(self.opts.model_name), {})
        form = super().get_form(request, *args, **texts | kwargs)
        if PREVIEW not in request.POST:
            return form

        class Seen(form):  # type: ignore[misc,valid-type]  # Django makes the class
            def is_valid(self) -> bool:
                super().is_valid()
                return False

        return Seen

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add what the change would do, where that was asked and the form has no fault."""
        form = context["adminform"].form
        if PREVIEW in request.POST and not form.errors:
            context["preview"] = {
                "differences": differences(form),
                "effects": effects(form.instance, at=timezone.now()),
            }
        return super().render_change_form(request, context, *args, **kwargs)


class OneRowForm(forms.ModelForm):  # type: ignore[type-arg]
    """The form of a table of one row, which has one number whatever was tried before."""

    def clean(self) -> dict[str, Any] | None:
        self.instance.pk = 1
        return super().clean()


class OneRow(Previewed):
    """A table of one row, made when it is first saved; its list is the row."""

    form = OneRowForm

    def changelist_view(self, request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
        row = self.get_queryset(request).first()
        where = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return redirect(f"{where}_change", row.pk) if row else redirect(f"{where}_add")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not self.get_queryset(request).exists()

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Site)
class SiteAdmin(OneRow):
    fieldsets = (
        ("Pay", {"fields": ("currency", "unpaid_with_credit_allowed")}),
        ("Promises to applicants", {"fields": (
            "response_days_micro", "response_days_internship", "grace_days", "offer_days",
        )}),
        ("Postings and their review", {"fields": ("review_hours", "confirm_days")}),
        ("What employers may see", {"fields": ("invitations_per_role", "profiles_per_day")}),
        ("Security", {"fields": ("owners_need_second_factor",)}),
    )  # fmt: skip


admin.site.register(AutoApproval, OneRow)


class PayFloorForm(forms.ModelForm):  # type: ignore[type-arg]
    """A floor as an administrator writes it: 12.21 GBP, not 1221 pence."""

    country = forms.ChoiceField(
        required=False,
        help_text="Where the work is done, or where the employer is. Without a country it is the "
        "floor of all those that have none of their own.",
    )
    hourly = forms.DecimalField(
        label="Pay an hour",
        min_value=Decimal(0),
        max_digits=10,
        help_text="In that currency, such as 12.21. A role that pays less an hour cannot be "
        "published, whoever decides (rule 3.1).",
    )

    class Meta:
        model = PayFloor
        fields = ("country", "currency")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.choices = [("", "All others"), *countries().shown.items()]
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
class PayFloorAdmin(Previewed):
    form = PayFloorForm
    list_display = ("where", "pay_an_hour")
    ordering = ("country",)

    @admin.display(description="country", ordering="country")
    def where(self, floor: PayFloor) -> str:
        return countries().name(floor.country) if floor.country else "All others"

    @admin.display(description="pay an hour")
    def pay_an_hour(self, floor: PayFloor) -> str:
        return f"{pay.to_major(floor.hourly_minor, floor.currency)} {floor.currency}"


@admin.register(ExchangeRate)
class ExchangeRateAdmin(Previewed):
    list_display = ("currency", "rate")
    ordering = ("currency",)


@admin.register(ReservedWord)
class ReservedWordAdmin(Previewed):
    chosen = {
        "rule": [(rule.number, f"{rule.number} {rule.title}") for rule in RULES.values()],
    }
    list_display = ("text", "rule", "stops")
    list_filter = ("rule", "stops")
    ordering = ("text",)
