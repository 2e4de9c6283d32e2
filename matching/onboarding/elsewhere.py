"""The places that a visitor types, beside those that the question of places offers."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.core import languages
from opportunities.places.areas import countries_of, read_reach, split_reach
from opportunities.places.form_field import PlaceInput, ask_which
from opportunities.places.resolving import name_of


class Elsewhere(forms.Form):
    """Towns, counties or countries.

    ``beside`` are the places chosen, which tell where they lie. Where neither these nor the words
    tell it, they lie in ``countries``: of several towns of a name those where roles are.
    """

    town = forms.CharField(
        max_length=300,
        required=False,
        widget=PlaceInput,
        label=gettext_lazy("Another town or area"),
        help_text=gettext_lazy("For example: Leeds; or, with how far you would go: York, 50 km."),
    )

    def __init__(
        self,
        *args: Any,
        beside: Sequence[str] = (),
        countries: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.beside, self.countries = beside, sorted(countries)

    def clean(self) -> dict[str, Any]:
        """Ask which place is meant, and refuse what names none."""
        given = super().clean() or {}
        words = given.get("town", "")
        told = sorted(countries_of("; ".join([*self.beside, words]), ()))
        self.countries = told or self.countries
        ask_which(self, "town", countries=self.countries)
        reaches = [read_reach(part, countries=self.countries) for part in split_reach(words)]
        unknown = [
            reach.words
            for reach in reaches
            if not (reach.city or reach.found.country or reach.found.candidates)
        ]
        if unknown:
            message = _("We know no place called %(names)s. Name a larger town near it.")
            names = languages.listed(_("“%(place)s”") % {"place": name} for name in unknown)
            self.add_error("town", message % {"names": names})
        return given

    @property
    def places(self) -> list[str]:
        """Return what was typed, a city by the name that finds it wherever it is read."""
        if not self.is_valid():
            return []
        return list(dict.fromkeys(map(self._place, split_reach(self.cleaned_data["town"]))))

    def _place(self, part: str) -> str:
        reach = read_reach(part, countries=self.countries)
        if reach.found.city is None:
            return part
        return ", ".join([name_of(reach.found.city), *([f"{reach.km} km"] if reach.km else [])])
