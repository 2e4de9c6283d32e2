"""The steps of the role form as a table: what each asks, and how it reads as a draft's values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict

from opportunities.core.edited import Edited
from opportunities.core.errors import Fault
from opportunities.core.form_fields import day, flag, longest, number, one, several, text, typed
from opportunities.core.validation import (
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
    FIELDS,
    MAX_QUESTIONS_MICRO,
    PARTS,
    PLAIN,
    RoleField,
    asked_on,
)
from opportunities.roles.formats import FORMATS, FormatName, Kind
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import LEVEL_WORDS
from opportunities.skills.picker import Column, Picker

LEVELS: Final = tuple(enumerate(("taught here", *LEVEL_WORDS[1:])))
WEIGHTS: Final = ((1, "useful"), (2, "important"), (3, "central"))
SPARE: Final = 2


def question(row: RoleField) -> forms.Field:
    """Return the question that a page of the form asks for a field."""
    match row.kind:
        case Text(most=most) | Code(most=most) | Address(most=most):
            return text(row.label, most=most, hint=row.hint, rows=row.rows)
        case Number() | Amount():
            return number(row.label, hint=row.hint)
        case Day():
            return day(row.label, hint=row.hint)
        case Choice(choices=choices):
            return one(row.label, choices, hint=row.hint, empty=row.empty)
        case Words(choices=choices):
            return several(row.label, choices, hint=row.hint)
        case Flag():
            return flag(row.label, hint=row.hint)
    raise TypeError(f"No page asks for {row.kind!r}.")


def asking[F: type[forms.Form]](step: str) -> Callable[[F], F]:
    """Let a form ask for the fields of one step, in the order of the table."""

    def given(form: F) -> F:
        form.base_fields = {row.name: question(row) for row in asked_on(step)}
        return form

    return given


class StepForm(Edited):
    """One page of the role form; ``part`` names the list of parts that it asks for, if any."""

    part: str = ""
    part_fields: Mapping[str, Any] = {}
    picker: Picker | None = None

    def __init__(self, data: QueryDict | None = None, *, draft: Mapping[str, Any]) -> None:
        initial = {name: typed(value) for name, value in draft.items()}
        kept = list(draft.get(self.part) or []) if self.part else []
        for place, entry in enumerate(kept):
            initial |= {f"{self.part}.{place}.{key}": value for key, value in entry.items()}
        super().__init__(data, initial=initial)
        self.draft = draft
        self.most = self._most_parts()
        sent = sum(name.startswith(f"{self.part}.") for name in data or {}) if self.part else 0
        shown = max(len(kept), sent // max(1, len(self.part_fields)))
        for place in range(min(self.most, shown + SPARE) if self.part else 0):
            for key, make in self.part_fields.items():
                self.fields[f"{self.part}.{place}.{key}"] = make(place)

    def _most_parts(self) -> int:
        entry = FORMATS.get(self.draft.get("format") or "")
        if self.part == "questions" and entry is not None and entry.family == Kind.MICRO:
            return MAX_QUESTIONS_MICRO
        return PARTS[self.part].most if self.part else 0

    def values(self) -> dict[str, Any]:
        """Return what was answered, in the words that a draft takes."""
        plain = {
            name: value for name, value in self.cleaned_data.items() if not self._is_part(name)
        }
        for name in (row.name for row in PLAIN if isinstance(row.kind, Words)):
            if name in plain and set(plain[name]) == set(self.draft.get(name) or []):
                plain[name] = self.draft.get(name)  # two interviews stay two
        if self.part:
            plain[self.part] = [
                entry for entry in self._parts() if any(value for value in entry.values())
            ]
        return plain

    def changed(self) -> dict[str, Any]:
        """Return the answers that differ from what was kept: a duration not restated follows."""
        lists = {self.part, "skills"} - self.others
        return {
            name: value
            for name, value in self.values().items()
            if name in lists
            or name in self.changed_data
            or (self.draft.get(name) is None and name not in self.others)
        }

    def blame(self, faults: list[Fault]) -> bool:
        """Put each fault at its field; say whether any concerns this page."""
        mine = [fault for fault in faults if self.asks(fault.field)]
        for fault in mine:
            self.add_error(fault.field if fault.field in self.fields else None, fault.detail)
        return bool(mine)

    def asks(self, name: str) -> bool:
        """Say whether this page asks for a field or for a part of that name."""
        return name in self.fields or (
            bool(self.part) and name.split(".", maxsplit=1)[0] == self.part
        )

    def _is_part(self, name: str) -> bool:
        return bool(self.part) and name.startswith(f"{self.part}.")

    def _parts(self) -> list[dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for name, value in self.cleaned_data.items():
            if self._is_part(name):
                _, place, key = name.split(".")
                found.setdefault(int(place), {})[key] = value
        return [found[place] for place in sorted(found)]


def _longest(part: str, name: str) -> int:
    """Return how many characters a text of a part may have."""
    kind = PARTS[part].fields[name]
    return kind.most if isinstance(kind, Text) else 0


@asking("kind")
class KindForm(StepForm):
    """What kind of role it is and what it is called."""

    def __init__(self, data: QueryDict | None = None, *, draft: Mapping[str, Any]) -> None:
        super().__init__(data, draft=draft)
        self.fields["format"].widget = forms.RadioSelect(
            choices=[(entry.slug, entry.label) for entry in FORMATS.values()]
        )
        if not draft.get("format"):
            self.initial["format"] = FormatName.MICRO_INTERNSHIP


@asking("work")
class WorkForm(StepForm):
    """The outcome, or the team and its work."""

    part = "deliverables"
    part_fields = {
        "title": lambda n: text(f"Result {n + 1}", most=_longest("deliverables", "title")),
        "done_means": lambda _: text(
            "It is done when", most=_longest("deliverables", "done_means")
        ),
        "publishable": lambda _: flag("They may publish it"),
    }


@asking("time")
class TimeForm(StepForm):
    """How much work, over how long, and when."""


@asking("pay")
class PayForm(StepForm):
    """What it pays, and when."""


@asking("skills")
class SkillsForm(StepForm):
    """Which skills it uses and teaches; its inputs are the picker's own."""

    def __init__(self, data: QueryDict | None = None, *, draft: Mapping[str, Any]) -> None:
        super().__init__(data, draft=draft)
        self.picker: Picker = Picker(
            "skills",
            "Skills the role uses or teaches",
            (Column("level", "Level", LEVELS, 1), Column("importance", "Weight", WEIGHTS, 1)),
            must_label="Must have",
        )
        if data is None:
            kept = draft.get("skills") or []
            self.picker.fill([{**entry, "slug": entry["name"]} for entry in kept])
        else:
            self.picker.read(data)

    def stored(self) -> dict[str, list[str]]:
        """Return the skills that are stored, one answer as a whole."""
        kept = self.draft.get("skills") or []
        return {"skills": _as_answers([{**entry, "slug": entry["name"]} for entry in kept])}

    def sent(self) -> dict[str, list[str]]:
        """Return the skills that were sent, one answer as a whole."""
        rows = [{"slug": row.slug, **row.numbers, "must": row.must} for row in self.picker.rows]
        return {"skills": _as_answers(rows)}

    def values(self) -> dict[str, Any]:
        """Return the chosen skills."""
        return {
            "skills": [
                {"name": row.slug, **row.numbers, "must": row.must} for row in self.picker.rows
            ]
        }

    def asks(self, name: str) -> bool:
        """Say whether a fault concerns the skills."""
        return name.split(".", maxsplit=1)[0] == "skills"


def _as_answers(rows: list[dict[str, Any]]) -> list[str]:
    """Return each skill with its levels as one line of an answer."""
    return sorted(
        f"{row['slug']} {row.get('level')} {row.get('importance')}"
        + (" must" if row.get("must") else "")
        for row in rows
    )


@asking("place")
class PlaceForm(StepForm):
    """Where it is done and who may do it."""

    def __init__(self, data: QueryDict | None = None, *, draft: Mapping[str, Any]) -> None:
        super().__init__(data, draft=draft)
        self.fields["place"].widget = PlaceInput({"maxlength": longest(Opportunity, "place")})

    def clean(self) -> dict[str, Any]:
        """Ask which place is meant where a name has several."""
        given = super().clean() or self.cleaned_data
        ask_which(self, "place", countries=[given.get("country") or ""])
        return given


@asking("questions")
class QuestionsForm(StepForm):
    """What applicants are asked, how you choose, and by when they hear."""

    part = "questions"
    part_fields = {
        "text": lambda n: text(f"Question {n + 1}", most=_longest("questions", "text")),
        "minutes": lambda _: number("Minutes to answer it"),
    }


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the role form."""

    slug: str
    short: str
    title: str
    form: type[StepForm]


STEPS_OF_FORM: Final[Mapping[str, Step]] = {
    step.slug: step
    for step in (
        Step("kind", "Kind", "What kind of role is it?", KindForm),
        Step("work", "Outcome or team", "What is made, and with whom?", WorkForm),
        Step("time", "Time", "How long does it take?", TimeForm),
        Step("pay", "Pay", "What will you pay?", PayForm),
        Step("skills", "Skills", "Which skills does it use or teach?", SkillsForm),
        Step("place", "Place", "Where is it done, and by whom?", PlaceForm),
        Step("questions", "Questions", "What do you ask, and when do you answer?", QuestionsForm),
    )
}
PREVIEW: Final = "preview"
ORDER: Final = (*STEPS_OF_FORM, PREVIEW)


def step_of(field: str) -> Step:
    """Return the step that asks for a field or for a part such as ``questions.0.text``."""
    name = field.split(".", maxsplit=1)[0].split("/", maxsplit=1)[0]
    row = FIELDS.get(name)
    return STEPS_OF_FORM[row.step if row else "kind"]


def after(slug: str) -> str:
    """Return the step that follows."""
    return ORDER[min(ORDER.index(slug) + 1, len(ORDER) - 1)]


def before(slug: str) -> str:
    """Return the step that goes before, or nothing."""
    place = ORDER.index(slug)
    return ORDER[place - 1] if place else ""
