"""The role form: one page in sections, made of the table of fields, read as a draft's values.

A section asks at once for what it names ``first``; every other field of the table that belongs
to it stands in its fold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from opportunities.core import form_fields
from opportunities.core.data import read_beside
from opportunities.core.edited import Edited
from opportunities.core.errors import Fault
from opportunities.core.iso_names import countries, currencies, currency_in, languages
from opportunities.core.languages import Translatable, number_to_type
from opportunities.core.retelling import inside
from opportunities.core.validation import (
    COUNTRY,
    LANGUAGE,
    Address,
    Amount,
    Choice,
    Code,
    Day,
    Flag,
    Number,
    Text,
    Words,
)
from opportunities.places.form_field import PlaceInput, ask_which
from opportunities.roles.fields import (
    CURRENCY,
    FIELDS,
    MAX_QUESTIONS_MICRO,
    PARTS,
    PLAIN,
    RoleField,
    asked_on,
)
from opportunities.roles.formats import FORMATS, Format, FormatName, Kind
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import LEVEL_WORDS
from opportunities.skills.picker import Column, Picker

SPARE: Final = 1
"""Empty rows that a list of parts is drawn with."""
USUAL: Final = (
    FormatName.MICRO_INTERNSHIP,
    FormatName.PROJECT_MICRO_INTERNSHIP,
    FormatName.INTERNSHIP,
)
"""The formats that are shown at once; the others stand in a fold."""
ADD: Final = "add"
"""The name of the button that draws one more row of a list of parts."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the form: what it asks at once, and the list of parts in it, if any."""

    slug: str
    short: Translatable
    title: Translatable
    first: tuple[str, ...]
    part: str = ""
    about: Translatable = ""
    is_open: bool = True


_SAID: Final = read_beside(__file__)
SECTIONS: Final = {slug: Section(slug, **said) for slug, said in _SAID["sections"].items()}
PART_LABELS: Final[Mapping[str, Mapping[str, Translatable]]] = _SAID["parts"]
"""What the fields of the parts of a role are called; ``number`` counts the parts."""

LEVELS: Final = tuple(enumerate((_SAID["taught"], *LEVEL_WORDS[1:])))
WEIGHTS: Final = tuple(enumerate(_SAID["weights"], 1))
NAMES: Final = ((COUNTRY, countries), (LANGUAGE, languages), (CURRENCY, currencies))
"""The kinds of answers that are codes, and the names that people have for them."""


def question(row: RoleField) -> forms.Field:
    """Return the question that the form asks for a field of the table."""
    for kind, names in NAMES:
        if row.kind is kind:
            return form_fields.named(row.label, names, kind, hint=row.hint)
    if row.scale:
        words = [(f"{value:g}", said) for value, said in row.scale.items()]
        return form_fields.one(row.label, words, hint=row.hint, empty=_("Not stated"))
    return _by_kind(row)


def _by_kind(row: RoleField) -> forms.Field:
    match row.kind:
        case Text(most=most) | Code(most=most) | Address(most=most):
            return form_fields.text(row.label, most=most, hint=row.hint, rows=row.rows)
        case Number() | Amount():
            ask = form_fields.money if isinstance(row.kind, Amount) else form_fields.number
            return ask(row.label, hint=row.hint)
        case Day():
            return form_fields.day(row.label, hint=row.hint)
        case Choice(choices=choices):
            return form_fields.one(row.label, choices, hint=row.hint, empty=row.empty)
        case Words(choices=choices):
            return form_fields.several(row.label, choices, hint=row.hint)
        case Flag():
            return form_fields.flag(row.label, hint=row.hint)
    raise TypeError(f"The form does not ask for {row.kind!r}.")


@dataclass(slots=True)
class Drawn:
    """A section as the page draws it."""

    section: Section
    first: list[forms.BoundField]
    folded: list[forms.BoundField]
    parts: list[list[forms.BoundField]] = field(default_factory=list)
    picker: Picker | None = None
    may_add: bool = False
    is_open: bool = False
    is_unfolded: bool = False

    @property
    def folds(self) -> str:
        """Name what the fold asks."""
        return ", ".join(inside(each.label) for each in self.folded)


class RoleForm(Edited):
    """The whole form of a role; ``usual`` is what a new one says before anybody wrote in it."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        draft: Mapping[str, Any],
        usual: Mapping[str, Any] | None = None,
    ) -> None:
        self.draft = draft
        initial = {name: _shown(name, said) for name, said in {**(usual or {}), **draft}.items()}
        initial["format"] = initial.get("format") or FormatName.MICRO_INTERNSHIP.value
        for part in PART_LABELS:
            for place, entry in enumerate(draft.get(part) or []):
                initial |= {f"{part}.{place}.{key}": value for key, value in entry.items()}
        super().__init__(data, initial=initial)
        for section in SECTIONS.values():
            self.fields |= {row.name: question(row) for row in asked_on(section.slug)}
        self.rows = {part: self._rows(part) for part in PART_LABELS}
        for part, labels in PART_LABELS.items():
            for place in range(self.rows[part]):
                for key, label in labels.items():
                    asked = RoleField(
                        key, PARTS[part].fields[key], str(label) % {"number": place + 1}, step=""
                    )
                    self.fields[f"{part}.{place}.{key}"] = question(asked)
        self._settle_choices()
        form_fields.draw_lists_once(self)
        self.picker = Picker(
            "skills",
            _("Skills the role uses or teaches"),
            (
                Column("level", _("Level"), LEVELS, 1),
                Column("importance", pgettext("of a skill", "Weight"), WEIGHTS, 1),
            ),
            must_label=pgettext("a skill", "Must have"),
        )
        if data is None:
            self.picker.fill([{**each, "slug": each["name"]} for each in draft.get("skills") or []])
        else:
            self.picker.read(data)

    def _settle_choices(self) -> None:
        self.fields["format"].widget = forms.RadioSelect(
            choices=[(entry.slug, entry.label) for entry in FORMATS.values()]
        )
        self.fields["place"].widget = PlaceInput(
            {"maxlength": form_fields.longest(Opportunity, "place")}
        )
        for row in PLAIN:
            if (asked := self.fields.get(row.name)) is None:
                continue
            asked.is_due = row.is_needed or bool(row.missing)  # type: ignore[attr-defined]
            value = self.initial.get(row.name)
            if row.scale and value not in (None, "", *(f"{each:g}" for each in row.scale)):
                choices: Any = asked
                choices.choices = [
                    *choices.choices,
                    (value, _("As stated: %(value)s") % {"value": value}),
                ]

    def _rows(self, part: str) -> int:
        """Return how many rows of a list of parts are drawn: all that say something, and more."""
        sent = self.data or {}
        told = [
            int(name.split(".")[1])
            for name in sent
            if name.startswith(f"{part}.") and sent[name].strip() and _is_row(name)
        ]
        kept = 0 if self.data else len(self.draft.get(part) or [])
        shown = max(kept, max(told, default=-1) + 1)
        more = SPARE + (sent.get(ADD) == part)
        return min(PARTS[part].most, max(shown, min(self._most(part), shown + more)))

    def _most(self, part: str) -> int:
        sent = (self.data or {}).get("format") or self.draft.get("format") or ""
        entry = FORMATS.get(sent)
        if part == "questions" and entry is not None and entry.family == Kind.MICRO:
            return MAX_QUESTIONS_MICRO
        return PARTS[part].most

    @property
    def is_asking(self) -> bool:
        """Say whether a button of the form itself was pressed: find a skill, one more row."""
        return self.picker.is_searching or self.data.get(ADD) in PART_LABELS

    @property
    def formats(self) -> list[list[Format]]:
        """Return the usual formats and the others."""
        usual = [FORMATS[name] for name in USUAL]
        return [usual, [entry for entry in FORMATS.values() if entry not in usual]]

    def drawn(self, wanted: str = "") -> list[Drawn]:
        """Return the sections as the page draws them; ``wanted`` is open besides."""
        return [self._drawn(section, wanted) for section in SECTIONS.values()]

    def _drawn(self, section: Section, wanted: str) -> Drawn:
        rows = [row.name for row in asked_on(section.slug)]
        first = [self[name] for name in section.first]
        folded = [self[name] for name in rows if name not in section.first]
        parts = [
            [self[f"{section.part}.{place}.{key}"] for key in PART_LABELS[section.part]]
            for place in range(self.rows.get(section.part, 0))
        ]
        asked = [*first, *folded, *(each for row in parts for each in row)]
        is_wrong = any(each.errors for each in asked)
        picker = self.picker if section.slug == "skills" else None
        is_used = bool(parts and self._says(section.part)) or bool(picker and picker.rows)
        is_added = bool(parts) and self.data.get(ADD) == section.part
        is_asked = bool(picker and picker.is_searching) or is_added
        if is_added:  # one goes on in the first row that says nothing yet
            free = next((row for row in parts if not any(each.value() for each in row)), parts[-1])
            free[0].field.widget.attrs["autofocus"] = True
        return Drawn(
            section,
            first,
            folded,
            parts,
            picker,
            may_add=bool(parts) and len(parts) < self._most(section.part),
            is_open=section.is_open or is_wrong or is_used or is_asked or wanted == section.slug,
            is_unfolded=any(each.errors for each in folded) or wanted == section.slug,
        )

    def _says(self, part: str) -> bool:
        return any(self[name].value() for name in self.fields if name.startswith(f"{part}."))

    def clean(self) -> dict[str, Any]:
        """Ask which place is meant where a name has several."""
        given = super().clean() or self.cleaned_data
        ask_which(self, "place", countries=[given.get("country") or ""])
        return given

    def full_clean(self) -> None:
        """Read the form; a sign such as $ means the currency of the country that is stated."""
        asked = self.fields["pay_currency"]
        if self.is_bound and isinstance(asked, form_fields.Named):
            country = self.fields["country"]
            try:
                asked.likely = [currency_in(country.clean(self.data.get("country", "")))]
            except forms.ValidationError:
                asked.likely = ()
            try:
                currency = asked.clean(self.data.get("pay_currency", ""))
            except forms.ValidationError:
                currency = ""
            form_fields.state_currency(self, currency)
        super().full_clean()

    def stored(self) -> dict[str, list[str]]:
        """Return what is stored, the skills as one answer."""
        return super().stored() | {"skills": _as_answers(self.draft.get("skills") or [])}

    def sent(self) -> dict[str, list[str]]:
        """Return what was sent, the skills as one answer."""
        return super().sent() | {"skills": _as_answers(self._chosen())}

    def _chosen(self) -> list[dict[str, Any]]:
        return [{"name": row.slug, **row.numbers, "must": row.must} for row in self.picker.rows]

    def values(self) -> dict[str, Any]:
        """Return what was answered, in the words that a draft takes."""
        plain = {name: value for name, value in self.cleaned_data.items() if not _is_row(name)}
        for name in (row.name for row in PLAIN if isinstance(row.kind, Words)):
            if name in plain and set(plain[name]) == set(self.draft.get(name) or []):
                plain[name] = self.draft.get(name)  # two interviews stay two
        for part in PART_LABELS:
            plain[part] = [entry for entry in self._entries(part) if any(entry.values())]
        plain["skills"] = self._chosen()
        return plain

    def changed(self) -> dict[str, Any]:
        """Return the answers that differ from what was kept: a duration not restated follows.

        What the page that was sent did not ask is left as it is.
        """
        lists = {name for name in (*PART_LABELS, "skills") if self._was_asked(name)} - self.others
        return {
            name: value
            for name, value in self.values().items()
            if name in lists
            or (
                name in self.fields
                and self._was_asked(name)
                and (
                    name in self.changed_data
                    or (self.draft.get(name) is None and name not in self.others)
                )
            )
        }

    def _was_asked(self, name: str) -> bool:
        if name == "skills":
            return any(key.partition("-")[0] == name for key in self.data)
        if name in PART_LABELS:
            return any(key.startswith(f"{name}.") for key in self.data)
        widget = self.fields[name].widget
        return not widget.value_omitted_from_data(self.data, self.files, name)

    def blame(self, faults: Iterable[Fault]) -> bool:
        """Put each fault at its field, or above the form; say whether there is any.

        A field that could not even be read is not blamed twice.
        """
        for fault in faults:
            name = fault.field
            if name in PART_LABELS:
                name = f"{name}.0.{PARTS[name].required}"
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, fault.detail)
        return bool(self.errors)

    def _entries(self, part: str) -> list[dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for name, value in self.cleaned_data.items():
            if name.startswith(f"{part}."):
                __, place, key = name.split(".")
                found.setdefault(int(place), {})[key] = value
        return [found[place] for place in sorted(found)]


def _shown(name: str, said: object) -> object:
    """Return what is stored of a field as it would have been typed in the reader's language."""
    shown, row = form_fields.typed(said), FIELDS.get(name)
    is_figure = row is not None and isinstance(row.kind, Number | Amount) and not row.scale
    return number_to_type(shown) if is_figure and isinstance(shown, str) else shown


def _is_row(name: str) -> bool:
    part, __, rest = name.partition(".")
    place, __, key = rest.partition(".")
    return part in PART_LABELS and key in PART_LABELS[part] and place.isdecimal() and len(place) < 3


def _as_answers(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return each skill with its levels as one line of an answer."""
    return sorted(
        f"{row['name']} {row.get('level')} {row.get('importance')}"
        + (" must" if row.get("must") else "")
        for row in rows
    )


def section_of(name: str) -> Section:
    """Return the section that asks for a field or for a part such as ``questions.0.text``."""
    row = FIELDS.get(name.partition(".")[0])
    return SECTIONS[row.step if row else "kind"]
