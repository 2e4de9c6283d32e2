"""What the forms of pages share."""

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from opportunities.core.errors import Invalid
from opportunities.core.languages import number
from opportunities.core.text import normal

ENTER: Final = "enter"
"""The button of ``forms/_enter.html``: a browser presses it for Enter in a box of the form."""
LINES = forms.Textarea(attrs={"rows": 4})


def is_new_search(data: QueryDict, typed: str, last: str) -> bool:
    """Say whether Enter was pressed after a word other than the one that ``last`` names."""
    return ENTER in data and typed != data.get(last, "")


class Counted(forms.CharField):
    """Text with a limit, whose refusal writes numbers as the reader's language does."""

    def validate(self, value: str) -> None:
        """Refuse what is too long before Django does, whose numbers have no separators."""
        super().validate(value)
        if self.max_length is not None and len(value) > self.max_length:
            told = {"most": number(self.max_length), "length": number(len(value))}
            sentence = _("At most %(most)s characters; this has %(length)s.") % told
            raise forms.ValidationError(sentence, code="max_length")


class Written(Counted):
    """Text of several lines: a line end counts once, and no browser cuts off what is too long.

    The script of the site counts beside the box what the server will count.
    """

    widget = LINES

    def to_python(self, value: Any) -> str:
        """Return the text as it is counted and kept."""
        return str(super().to_python(normal(value) if isinstance(value, str) else value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Say how long it may be without ``maxlength``, which drops what is pasted beyond it."""
        return {"dir": "auto"} | ({"data-most": self.max_length} if self.max_length else {})


class Blamed(forms.Form):
    """A form that shows the faults of an operation at its fields.

    ``prefix_of_ids`` begins the ids of its inputs, since several such forms share a page.
    """

    prefix_of_ids: str = "id"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{self.prefix_of_ids}_%s", **options})

    def given(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return self.cleaned_data

    def blame(self, broken: Invalid) -> None:
        """Put each fault at its field, or above the form."""
        for fault in broken.faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.detail)
