"""Ask for a place: a box that suggests while one types, and asks which one where several are meant.

Without script one types and sends the form; where a name has several places the form comes back
with all of them to choose from, and what is chosen takes the place of the words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from opportunities.core import languages
from opportunities.places.areas import Named, parts_of, read_reach
from opportunities.places.folding import fold
from opportunities.places.resolving import full_name, name_of

WHICH: Final = "-which-"


class PlaceInput(forms.TextInput):
    """A line for one place or several, with a choice for each that is not clear."""

    template_name = "places/_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.asked: list[dict[str, Any]] = []

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the words, each unclear place as it was chosen."""
        typed = super().value_from_datadict(data, files, name)
        if not isinstance(typed, str) or not any(key.startswith(name + WHICH) for key in data):
            return typed
        chosen = [str(data.get(key_of(name, part)) or part)[:200] for part in parts_of(typed)]
        return "; ".join(chosen)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the places to choose from."""
        context = super().get_context(name, value, attrs)
        context["widget"]["asked"] = self.asked
        return context


def key_of(name: str, part: str) -> str:
    """Return the name of the choice for one of the places typed."""
    return f"{name}{WHICH}{fold(part).replace(' ', '-')}"


def ask_which(form: forms.Form, name: str, *, countries: Iterable[str] = ()) -> None:
    """Put a choice at the field for each place that its words do not make clear."""
    field, words = form.fields[name], form.cleaned_data.get(name) or ""
    unclear = [
        (part, reach)
        for part in parts_of(words)
        if (reach := read_reach(part, countries=countries)).found.candidates
    ]
    if not unclear:
        return
    widget = field.widget
    if isinstance(widget, PlaceInput):
        widget.asked = [_choice(name, part, reach) for part, reach in unclear]
    said = languages.listed(_("“%(place)s”") % {"place": reach.words} for _part, reach in unclear)
    words = _("There are several places called %(names)s. Choose the one you mean.")
    form.add_error(name, words % {"names": said})


def _choice(name: str, part: str, reach: Named) -> dict[str, Any]:
    wide = f", {reach.km} km" if reach.km else ""
    names = [(name_of(city), full_name(city)) for city in reach.found.candidates]
    alike = Counter(full for _own, full in names)
    return {
        "name": key_of(name, part),
        "words": reach.words,
        "choices": [(f"{own}{wide}", full if alike[full] == 1 else own) for own, full in names],
    }
