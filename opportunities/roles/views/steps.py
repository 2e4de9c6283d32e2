"""The steps of the role form as a table: what each asks, and how it reads as a draft's values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict

from opportunities.core.errors import Fault
from opportunities.core.fields_of_work import Field
from opportunities.core.form_fields import day, flag, longest, number, one, several, text, typed
from opportunities.core.pay import CURRENCIES, PayKind
from opportunities.roles.drafts import MAX_QUESTIONS_MICRO
from opportunities.roles.formats import FORMATS, FormatName, Kind
from opportunities.roles.models import Deliverable, Mode, Opportunity, Question, Schedule
from opportunities.roles.models.listings import EVIDENCE_OFFERED, STEPS
from opportunities.roles.wording import EVIDENCE_WORDS, LEVEL_WORDS, STEP_WORDS
from opportunities.skills.picker import Column, Picker

LEVELS: Final = tuple(enumerate(("taught here", *LEVEL_WORDS[1:])))
WEIGHTS: Final = ((1, "useful"), (2, "important"), (3, "central"))
SPARE: Final = 2
MOST_PARTS: Final = {"deliverables": 20, "questions": 6}


class StepForm(forms.Form):
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
        return MOST_PARTS.get(self.part, 0)

    def values(self) -> dict[str, Any]:
        """Return what was answered, in the words that a draft takes."""
        plain = {
            name: value for name, value in self.cleaned_data.items() if not self._is_part(name)
        }
        for name in ("steps", "evidence"):
            if name in plain and set(plain[name]) == set(self.draft.get(name) or []):
                plain[name] = self.draft.get(name)  # two interviews stay two
        if self.part:
            plain[self.part] = [
                entry for entry in self._parts() if any(value for value in entry.values())
            ]
        return plain

    def changed(self) -> dict[str, Any]:
        """Return the answers that differ from what was kept: a duration not restated follows."""
        lists = {self.part, "skills"}
        return {
            name: value
            for name, value in self.values().items()
            if name in lists or name in self.changed_data or self.draft.get(name) is None
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


class KindForm(StepForm):
    """What kind of role it is and what it is called."""

    title = text("Title", most=longest(Opportunity, "title"), hint="A job title: Survey analyst.")
    format = one("Format", FormatName.choices)
    field = one("Field of work", Field.choices, empty="Choose a field")

    def __init__(self, data: QueryDict | None = None, *, draft: Mapping[str, Any]) -> None:
        super().__init__(data, draft=draft)
        self.fields["format"].widget = forms.RadioSelect(
            choices=[(entry.slug, entry.label) for entry in FORMATS.values()]
        )
        if not draft.get("format"):
            self.initial["format"] = FormatName.MICRO_INTERNSHIP


class WorkForm(StepForm):
    """The outcome, or the team and its work."""

    part = "deliverables"
    part_fields = {
        "title": lambda n: text(f"Result {n + 1}", most=longest(Deliverable, "title")),
        "done_means": lambda _: text("It is done when", most=longest(Deliverable, "done_means")),
        "publishable": lambda _: flag("They may publish it"),
    }
    summary = text("In a sentence", most=longest(Opportunity, "summary"))
    description = text(
        "What there is to do",
        most=longest(Opportunity, "description"),
        rows=8,
        hint="The task, who it is for, what a good result looks like.",
    )
    task_areas = number("Areas of work", hint="1 for one focused task, up to 5.")
    hands_on = number("Share of hands-on time", hint="0 is watching only, 1 is all doing.")
    contacts = number("People they work with regularly")
    mentor_name = text("Mentor", most=longest(Opportunity, "mentor_name"))
    mentor_minutes_per_week = number("Minutes with the mentor each week")
    public_works = number("Pieces of work they may publish")
    evidence = several(
        "What they leave with",
        [(item, EVIDENCE_WORDS[item].capitalize()) for item in EVIDENCE_OFFERED],
    )


class TimeForm(StepForm):
    """How much work, over how long, and when."""

    hours_total = number("Hours in all", hint="Any two of these three give the third.")
    weeks = number("Over how many weeks")
    hours_per_week = number("Hours a week")
    schedule = one("Who chooses the hours", Schedule.choices, empty="Not stated")
    start_earliest = day("Earliest start", hint="Leave both empty if the start is free.")
    start_latest = day("Latest start")
    apply_by = day("Last day to apply")


class PayForm(StepForm):
    """What it pays, and when."""

    pay_kind = one("How is it paid", PayKind.choices, empty="Choose")
    pay_amount = number("Amount", hint="An hour, for the whole task, or a month.")
    pay_max = number("Up to", hint="Only for a range.")
    pay_currency = one("Currency", [(code, code) for code in CURRENCIES], empty="Choose")
    pay_days = number("Days from accepting the work to payment")
    credit = flag("Academic credit is given")


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


class PlaceForm(StepForm):
    """Where it is done and who may do it."""

    mode = one("Where the work is done", Mode.choices)
    place = text("Place", most=longest(Opportunity, "place"), hint="As people know it: Leeds.")
    region = text("Region", most=longest(Opportunity, "region"))
    country = text("Country", most=2, hint="Two letters, such as GB.")
    work_rights = text("Right to work needed in", most=2, hint="Two letters; empty if none.")
    requires_enrolment = flag("Only for people enrolled in a course")
    min_age = number("Least age", hint="0 if the law sets none.")


class QuestionsForm(StepForm):
    """What applicants are asked, how you choose, and by when they hear."""

    part = "questions"
    part_fields = {
        "text": lambda n: text(f"Question {n + 1}", most=longest(Question, "text")),
        "minutes": lambda _: number("Minutes to answer it"),
    }
    steps = several(
        "What applicants go through", [(step, STEP_WORDS[step][0].capitalize()) for step in STEPS]
    )
    capacity = number("Places")
    response_days = number("Working days until you answer", hint="Rule 6.1: you keep this promise.")
    holistic = number("What you choose by", hint="0 is skill at the task, 1 is the whole person.")
    blind_review = flag("Hide name and school from us until we shortlist somebody")
    apply_url = text(
        "Your own application page",
        most=longest(Opportunity, "apply_url"),
        hint="Only on your verified domain; empty keeps applications here.",
    )


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
    for step in STEPS_OF_FORM.values():
        name = field.split(".", maxsplit=1)[0].split("/", maxsplit=1)[0]
        if name in step.form.base_fields or name in {step.form.part, step.slug}:
            return step
    return STEPS_OF_FORM["kind"]


def after(slug: str) -> str:
    """Return the step that follows."""
    return ORDER[min(ORDER.index(slug) + 1, len(ORDER) - 1)]


def before(slug: str) -> str:
    """Return the step that goes before, or nothing."""
    place = ORDER.index(slug)
    return ORDER[place - 1] if place else ""
