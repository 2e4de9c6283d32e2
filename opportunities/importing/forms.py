"""Shapes of what a team types about its sources; the rules are the operations' own."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from opportunities.core.data import read_beside
from opportunities.core.edited import Edited
from opportunities.core.form_fields import longest, one, text
from opportunities.core.forms import Blamed
from opportunities.core.iso_names import currency_choices
from opportunities.core.languages import Translatable
from opportunities.employers.models import Employer
from opportunities.importing.columns import NAMES, field_called, folded
from opportunities.importing.models import MAX_BYTES, Leaving, ReadingRhythm, Source
from opportunities.roles.fields import FIELDS
from opportunities.roles.models import RoleOutcome

SAY_LATER: Final = gettext_lazy("Ask us for each one")
NOT_READ: Final = gettext_noop("Not read")

_LABELS: Final[Mapping[str, Translatable]] = {
    **read_beside(__file__)["labels"],
    **{name: row.label for name, row in FIELDS.items()},
}


def file_sent(request: HttpRequest) -> tuple[bytes, str]:
    """Return the file of roles that was sent, or one byte more than it may have; and its name."""
    file = request.FILES.get("file")
    return (file.read(MAX_BYTES + 1), file.name or "") if file else (b"", "")


def label_of(name: str) -> str:
    """Return what people call a field that words of a source are about."""
    return str(_LABELS.get(name) or name.replace("_", " ").capitalize())


def targets() -> list[tuple[str, str]]:
    """Return what a column may be, by its label."""
    found = ((name, str(label)) for name, label in _LABELS.items())
    return sorted(found, key=lambda choice: choice[1])


class SettingsForm(Blamed, Edited):
    """How a source is read."""

    url = text(
        gettext_lazy("Address"),
        most=longest(Source, "url"),
        hint=gettext_lazy(
            "Begins with https:// and answers with the file itself: a job board's feed, job XML,"
            " JSON, a table, or a page with JobPosting."
        ),
    )
    rhythm = forms.TypedChoiceField(
        label=gettext_lazy("Read it"),
        choices=ReadingRhythm.choices,
        coerce=int,
        initial=ReadingRhythm.DAY,
    )
    leaving = forms.ChoiceField(
        label=gettext_lazy("When a role is no longer there"), choices=Leaving.choices
    )
    outcome = one(
        gettext_lazy("What became of roles that close this way"),
        RoleOutcome.choices,
        empty=SAY_LATER,
        hint=gettext_lazy(
            "Every closed role needs an outcome: until it has one, no new role comes in."
        ),
    )

    def __init__(self, *args: Any, has_address: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_address:
            del self.fields["url"], self.fields["rhythm"]


class SourceForm(SettingsForm):
    """A new source."""

    name = text(
        gettext_lazy("Name"),
        most=longest(Source, "name"),
        hint=gettext_lazy("Left empty, it is that of the address or the file."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file, when there is no address"), required=False, max_length=200,
        help_text=gettext_lazy("At most 2 MB. You send the newest one whenever you like."),
    )  # fmt: skip
    field_order = ("employer", "url", "file", "name", "rhythm", "leaving", "outcome")

    def __init__(self, *args: Any, employers: Iterable[Employer], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(employer.slug, employer.name) for employer in employers]
        self.fields["employer"] = forms.ChoiceField(label=_("For"), choices=choices)
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
        offered = targets()
        labels = dict(offered)
        for index, (column, example) in enumerate(source.columns):
            known = field_called(column)
            label = labels.get(known, "")
            is_ours = folded(column) in NAMES
            is_known = bool(label) and (is_ours or not said)
            empty = (
                _("Read as its name says: %(field)s") % {"field": label}
                if is_known
                else _(NOT_READ)
            )
            self.fields[f"c{index}"] = one(
                column,
                offered,
                hint=_("For example: %(example)s") % {"example": example} if example else "",
                empty=empty,
            )
            self.initial[f"c{index}"] = said.get(column, "")
        self.fields["currency"] = one(
            _("Currency of amounts that name none"), currency_choices(), empty=_("The site's own")
        )
        self.initial["currency"] = source.mapping.get("currency", "")
        self.fields["dates"] = one(
            _("In dates such as 03/04/2027"),
            [("day_first", _("The day is first")), ("month_first", _("The month is first"))],
            empty=_("As each date shows"),
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
