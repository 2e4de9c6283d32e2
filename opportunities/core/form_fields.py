"""Form fields that keep what was typed; whether it passes, the operations say."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model

from opportunities.core.forms import Written

type Choices = Iterable[tuple[str, str]]


def text(label: str, *, most: int, hint: str = "", rows: int = 0) -> forms.CharField:
    """Ask for a line, or for several."""
    if rows:
        widget = forms.Textarea(attrs={"rows": rows})
        return Written(label=label, max_length=most, required=False, help_text=hint, widget=widget)
    return forms.CharField(
        label=label,
        max_length=most,
        required=False,
        help_text=hint,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


def number(label: str, *, hint: str = "") -> forms.CharField:
    """Ask for a number; it stays text until an operation reads it."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "field num short"})
    return forms.CharField(
        label=label, max_length=30, required=False, help_text=hint, widget=widget
    )


def day(label: str, *, hint: str = "") -> forms.CharField:
    """Ask for a date."""
    widget = forms.TextInput(attrs={"type": "date", "class": "field short"})
    return forms.CharField(
        label=label, max_length=10, required=False, help_text=hint, widget=widget
    )


def one(label: str, choices: Choices, *, hint: str = "", empty: str = "") -> forms.ChoiceField:
    """Ask for one of a list."""
    offered = [("", empty), *choices] if empty else list(choices)
    return forms.ChoiceField(label=label, choices=offered, required=False, help_text=hint)


def several(label: str, choices: Choices, *, hint: str = "") -> forms.MultipleChoiceField:
    """Ask for any number of a list."""
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        required=False,
        help_text=hint,
        widget=forms.CheckboxSelectMultiple,
    )


def flag(label: str, *, hint: str = "") -> forms.BooleanField:
    """Ask yes or no."""
    return forms.BooleanField(label=label, required=False, help_text=hint)


def longest(model: type[Model], name: str) -> int:
    """Return how many characters a column holds."""
    column: Any = model._meta.get_field(name)
    return int(column.max_length)


def typed(value: object) -> object:
    """Return a stored value as it would have been typed."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Decimal | date):
        return str(value)
    return value


def storable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON can hold them."""
    return {
        name: [storable(part) if isinstance(part, Mapping) else typed(part) for part in value]
        if isinstance(value, list | tuple)
        else typed(value)
        for name, value in values.items()
    }
