"""Shapes of what a team types about its sources; the rules are the operations' own."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms

from opportunities.core.edited import Edited
from opportunities.core.form_fields import longest, one, text
from opportunities.core.forms import Blamed
from opportunities.core.pay import CURRENCIES
from opportunities.employers.models import Employer
from opportunities.importing.columns import NAMES, field_called, folded
from opportunities.importing.models import Leaving, ReadingRhythm, Source
from opportunities.roles.fields import FIELDS
from opportunities.roles.models import RoleOutcome

SAY_LATER: Final = "Ask us for each one"
KNOWN: Final = "Read as its name says"
NOT_READ: Final = "Not read"

_ELSE: Final[Mapping[str, str]] = {
    "id": "Number of the role",
    "external_id": "Number of the role at its source",
    "slug": "Short name of the role",
    "employer": "Employer",
    "url": "Address of the role",
    "active": "Open, yes or no",
    "visible": "Shown, yes or no",
    "closed": "Closed, yes or no",
    "status": "State in words",
    "org": "Organization",
    "kind": "Kind of role",
    "duration": "Duration in words",
    "commitment": "Hours in words",
    "pay": "Pay in words",
    "start": "Start in words",
    "location": "Place in words",
    "remote": "Remote, yes or no",
}
TARGETS: Final = sorted(
    [
        *((name, row.label) for name, row in FIELDS.items() if name in NAMES),
        *((name, label) for name, label in _ELSE.items() if name not in FIELDS),
    ],
    key=lambda choice: choice[1],
)
"""What a column may be, by its label."""


class SettingsForm(Blamed, Edited):
    """How a source is read."""

    url = text(
        "Address",
        most=longest(Source, "url"),
        hint="Begins with https:// and answers with the file itself: a job board's feed, job XML,"
        " JSON, a table, or a page with JobPosting.",
    )
    rhythm = forms.TypedChoiceField(
        label="Read it", choices=ReadingRhythm.choices, coerce=int, initial=ReadingRhythm.DAY
    )
    leaving = forms.ChoiceField(label="When a role is no longer there", choices=Leaving.choices)
    outcome = one(
        "What became of roles that close this way",
        RoleOutcome.choices,
        empty=SAY_LATER,
        hint="Every closed role needs an outcome: until it has one, no new role comes in.",
    )

    def __init__(self, *args: Any, has_address: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_address:
            del self.fields["url"], self.fields["rhythm"]


class SourceForm(SettingsForm):
    """A new source."""

    name = text("Name", most=longest(Source, "name"), hint="Empty: we take it from the address.")
    file = forms.FileField(
        label="Or a file, when there is no address", required=False, max_length=200,
        help_text="At most 2 MB. You send the newest one whenever you like.",
    )  # fmt: skip
    field_order = ("employer", "url", "file", "name", "rhythm", "leaving", "outcome")

    def __init__(self, *args: Any, employers: Iterable[Employer], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(employer.slug, employer.name) for employer in employers]
        self.fields["employer"] = forms.ChoiceField(label="For", choices=choices)
        if len(choices) == 1:
            self.fields["employer"].widget = forms.HiddenInput()
            self.initial["employer"] = choices[0][0]
        self.order_fields(self.field_order)


class MappingForm(Blamed):
    """Which column of a source is which field of a role."""

    def __init__(self, *args: Any, source: Source, **options: Any) -> None:
        super().__init__(*args, **options)
        self.columns = [str(column) for column, _ in source.columns]
        said = source.mapping.get("columns", {})
        for index, (column, example) in enumerate(source.columns):
            known = field_called(column)
            label = dict(TARGETS).get(known, "")
            is_ours = folded(column) in NAMES
            empty = f"{KNOWN}: {label}" if label and (is_ours or not said) else NOT_READ
            self.fields[f"c{index}"] = one(
                column, TARGETS, hint=f"For example: {example}" if example else "", empty=empty
            )
            self.initial[f"c{index}"] = said.get(column, "")
        self.fields["currency"] = one(
            "Currency of amounts that name none",
            [(code, code) for code in sorted(CURRENCIES)],
            empty="The site's own",
        )
        self.initial["currency"] = source.mapping.get("currency", "")
        self.fields["dates"] = one(
            "In dates such as 03/04/2027",
            [("day_first", "The day is first"), ("month_first", "The month is first")],
            empty="As each date shows",
        )
        self.initial["dates"] = source.mapping.get("dates", "")

    def mapping(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Return the mapping that was chosen; what this form does not ask stays as it was.

        A choice for one column is one for all: those left to their names are stated as well.
        """
        chosen = {
            column: self.cleaned_data[f"c{index}"]
            for index, column in enumerate(self.columns)
            if self.cleaned_data[f"c{index}"]
        }
        if chosen and not before.get("columns"):
            known = {column: field_called(column) for column in self.columns}
            chosen = {column: name for column, name in known.items() if name} | chosen
        told = {**before, "columns": chosen}
        told |= {name: self.cleaned_data[name] for name in ("currency", "dates")}
        return {name: said for name, said in told.items() if said or name == "columns"}
