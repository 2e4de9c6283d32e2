"""What the forms of pages share."""

from typing import Any

from django import forms

from opportunities.core.errors import Invalid

LINES = forms.Textarea(attrs={"rows": 4})


class Blamed(forms.Form):
    """A form that shows the faults of an operation at its fields.

    ``prefix_of_ids`` begins the ids of its inputs, since several such forms share a page.
    """

    prefix_of_ids: str = "id"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{self.prefix_of_ids}_%s", **options})

    def blame(self, broken: Invalid) -> None:
        """Put each fault at its field, or above the form."""
        for fault in broken.faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.detail)
