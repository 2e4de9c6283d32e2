"""Form fields that keep what was typed; whether it passes, the operations say."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NoReturn

from django import forms
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.core import languages, pay
from opportunities.core.forms import Counted, Written
from opportunities.core.iso_names import Names, SeveralAreMeant, currencies, currencies_meant
from opportunities.core.languages import Translatable
from opportunities.core.validation import Kind, Refused

type Choices = Iterable[tuple[str, str | Promise]]

AMOUNT: Final = re.compile(
    r"(?P<before>[^\d\s,+-]+)?\s*(?P<number>[-+]?\d[\d.,'\u2019\s]*?)\s*"
    r"(?P<after>[^\d\s.,'\u2019+-][^\d]*)?"
)
"""An amount with what stands before or after it."""
NUMBER: Final = re.compile(r"[-+]?\d+(\.\d+)?")
LONGEST_AMOUNT: Final = 30
"""Characters in which a number or an amount is written; a longer text is refused unread."""
LONGEST_NAME: Final = 80
"""Characters in which a country, a currency or a language is named."""

UNKNOWN: Final = {
    "country": gettext_lazy("We know no country called “%(name)s”. Choose one of the list."),
    "currency": gettext_lazy("We know no currency called “%(name)s”. Choose one of the list."),
    "language": gettext_lazy("We know no language called “%(name)s”. Choose one of the list."),
}
"""What is said of a name that none of a list has, by what the list is of."""


def text(
    label: Translatable, *, most: int, hint: Translatable = "", rows: int = 0
) -> forms.CharField:
    """Ask for a line, or for several."""
    if rows:
        widget = forms.Textarea(attrs={"rows": rows})
        return Written(label=label, max_length=most, required=False, help_text=hint, widget=widget)
    return Counted(
        label=label,
        max_length=most,
        required=False,
        help_text=hint,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )


class Figure(forms.CharField):
    """A number as the reader's language writes it; its value is as programs write it."""

    def to_python(self, value: Any) -> str:
        """Return what was typed with the signs of programs."""
        return languages.number_typed(str(super().to_python(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether it is another number than the one that was drawn."""
        return super().has_changed(self.to_python(initial), data)


def number(label: Translatable, *, hint: Translatable = "") -> Figure:
    """Ask for a number; it stays text until an operation reads it."""
    return _figure(Figure, label, hint)


def _figure[Asked: Figure](kind: type[Asked], label: Translatable, hint: Translatable) -> Asked:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "field num short"})
    return kind(
        label=label, max_length=LONGEST_AMOUNT, required=False, help_text=hint, widget=widget
    )


class Money(Figure):
    """An amount, alone or with the currency that the form states: 15.50, €15.50, 15,50 EUR."""

    currency = ""
    """The currency that is stated beside it."""

    def to_python(self, value: Any) -> str:
        """Return the amount with the signs of programs, or say what is wrong with it."""
        text = str(forms.CharField.to_python(self, value)).strip()
        if not text or len(text) > LONGEST_AMOUNT:
            return text
        found = AMOUNT.fullmatch(text)
        if found is None:
            self._refuse()
        said = found["before"] or found["after"]
        meant = currencies_meant(said) if said else ()
        if said and (not meant or (found["before"] and found["after"])):
            self._refuse()
        if said and self.currency and self.currency not in meant:
            told = {"said": said, "currency": currencies().name(self.currency)}
            raise forms.ValidationError(
                _("This says %(said)s, but the currency is %(currency)s.") % told
            )
        amount = languages.amount_typed(found["number"])
        if not NUMBER.fullmatch(amount):
            self._refuse()
        if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", amount) and pay.EXPONENT.get(self.currency, 2) < 3:
            # As the language has it this is a small number, elsewhere a thousand times that.
            small, large = languages.number(float(amount), 2), amount.replace(".", "")
            raise forms.ValidationError(
                _("Write %(small)s or %(large)s: this may be either.")
                % {"small": small, "large": large}
            )
        return amount

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether it is another amount than the one that was drawn."""
        try:
            return super().has_changed(initial, data)
        except forms.ValidationError:
            return True

    def _refuse(self) -> NoReturn:
        example = languages.number(15.5, 2)
        raise forms.ValidationError(
            _("Write an amount as a number, such as %(example)s.") % {"example": example}
        )


def money(label: Translatable, *, hint: Translatable = "") -> Money:
    """Ask for an amount of the currency that the form asks for as well."""
    return _figure(Money, label, hint)


def state_currency(form: forms.Form, currency: str) -> None:
    """Tell the boxes for amounts which currency their form states."""
    for amount in form.fields.values():
        if isinstance(amount, Money):
            amount.currency = currency


def minor_units(amount: str, currency: str) -> int | None:
    """Return what a box for an amount took, or None for nothing.

    Raises ``ValueError`` for more decimals than the currency has.
    """
    return pay.to_minor(Decimal(amount), currency) if amount else None


def amount_to_type(minor: int | None, currency: str) -> str:
    """Return an amount as somebody of this language would type it."""
    return "" if minor is None else languages.number_to_type(str(pay.to_major(minor, currency)))


def day(label: Translatable, *, hint: Translatable = "") -> forms.CharField:
    """Ask for a date."""
    widget = forms.TextInput(attrs={"type": "date", "class": "field short"})
    return forms.CharField(
        label=label, max_length=10, required=False, help_text=hint, widget=widget
    )


def one(
    label: Translatable,
    choices: Choices,
    *,
    hint: Translatable = "",
    empty: Translatable = "",
) -> forms.ChoiceField:
    """Ask for one of a list."""
    offered = [("", empty), *choices] if empty else list(choices)
    return forms.ChoiceField(label=label, choices=offered, required=False, help_text=hint)


def several(
    label: Translatable, choices: Choices, *, hint: Translatable = ""
) -> forms.MultipleChoiceField:
    """Ask for any number of a list."""
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        required=False,
        help_text=hint,
        widget=forms.CheckboxSelectMultiple,
    )


def flag(label: Translatable, *, hint: Translatable = "") -> forms.BooleanField:
    """Ask yes or no."""
    return forms.BooleanField(label=label, required=False, help_text=hint)


class NamedInput(forms.TextInput):
    """A line that the browser completes with names; of several in a form one draws the list."""

    template_name = "forms/_named_input.html"

    def __init__(self, names: Callable[[], Names]) -> None:
        super().__init__(attrs={"dir": "auto", "autocomplete": "off", "class": "field short"})
        self.names = names
        self.draws_list = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the names to choose from, which are there without script."""
        context = super().get_context(name, value, attrs)
        known = self.names()
        context["widget"]["list"] = f"names-of-{known.noun}"
        context["widget"]["names"] = known.shown.values() if self.draws_list else ()
        return context


class Named(forms.CharField):
    """A country, a currency or a language: shown by its name, kept as its code.

    What several are called is refused with their names, unless one of ``likely`` is among them.
    A code that is stored and has no name passes as it is.
    """

    def __init__(self, names: Callable[[], Names], kind: Kind, **options: Any) -> None:
        asked: dict[str, Any] = {
            "max_length": LONGEST_NAME,
            "required": False,
            "widget": NamedInput(names),
        }
        super().__init__(**asked | options)
        self.names, self.kind = names, kind
        self.likely: Sequence[str] = ()

    def to_python(self, value: Any) -> str:
        """Return the code of what was typed, or say what it may be instead."""
        text = str(super().to_python(value))
        if not text:
            return ""
        known = self.names()
        try:
            code = known.read(text) or self._kept(text)
        except SeveralAreMeant as several:
            code = next((each for each in self.likely if each in several.codes), "")
            if not code:
                meant = ", ".join(known.name(each) for each in several.codes[:4])
                raise forms.ValidationError(
                    _("Which one? %(names)s, for example.") % {"names": meant}
                ) from several
        if not code:
            raise forms.ValidationError(str(UNKNOWN[known.noun]) % {"name": text[:60]})
        return code

    def prepare_value(self, value: Any) -> Any:
        """Return the name of a code, and of what was typed; what means nothing stays as it is."""
        if not isinstance(value, str) or not value:
            return value
        try:
            return self.names().name(self.to_python(value))
        except forms.ValidationError:
            return value

    def _kept(self, text: str) -> str:
        """Return a code such as en-GB or la, which is none of those that have names."""
        try:
            return text if self.kind(text) else ""
        except Refused:
            return ""


def named(
    label: Translatable, names: Callable[[], Names], kind: Kind, *, hint: Translatable = ""
) -> Named:
    """Ask for a country, a currency or a language by its name."""
    return Named(names, kind, label=label, help_text=hint)


def draw_lists_once(form: forms.Form) -> None:
    """Let the first of several boxes for the same names draw their list."""
    drawn: set[Callable[[], Names]] = set()
    for field in form.fields.values():
        if isinstance(field, Named):
            field.widget.draws_list = field.names not in drawn
            drawn.add(field.names)


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
