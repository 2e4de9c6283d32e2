"""Forms in which people type clock times: which zone they mean stands beside them."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from opportunities.accounts import time_zones
from opportunities.core import clock
from opportunities.core.errors import Invalid
from opportunities.core.forms import Blamed

TYPED: Final = "%Y-%m-%dT%H:%M"
"""A clock time as browsers send it."""
HAS_OFFSET: Final = re.compile(r"\d:\d\d\S*(?:Z|[+-]\d\d:?\d\d)$")


class ZoneName(forms.CharField):
    """A zone by the name of a place; the page that shows it has the list ``zones``.

    A name such as Europe/Berlin is shown as the list does; what was typed stays as it was.
    """

    def __init__(self, **options: Any) -> None:
        wanted = {"list": "zones", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(
            max_length=clock.LONGEST_NAME, widget=forms.TextInput(attrs=wanted), **options
        )

    def prepare_value(self, value: Any) -> Any:
        """Return a zone as people know it."""
        return clock.label_of(value, at=timezone.now()) if clock.is_zone(value) else value


class LocalMoment(forms.DateTimeField):
    """A clock time, whose zone the form says; one with an offset is an instant by itself."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TYPED)
        super().__init__(widget=widget, **options)

    def to_python(self, value: Any) -> datetime | None:
        """Return the clock time without a zone, or the instant where an offset was typed."""
        with timezone.override(UTC):  # every clock time is one there
            found = super().to_python(value)
        if found is None or (isinstance(value, str) and HAS_OFFSET.search(value.strip())):
            return found
        return found.replace(tzinfo=None)

    def prepare_value(self, value: Any) -> Any:
        """Show what was typed as it was."""
        return value


class Zoned(Blamed):
    """A form with clock times and the zone that they are in: the reader's, unless they change it.

    What it holds afterwards are instants. A time that the zone's clock never shows, or shows twice,
    is asked again.
    """

    time_zone = ZoneName(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Of the times in this form. A city will do, such as Leeds."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["time_zone"].initial = clock.name_of(clock.here())

    def clean(self) -> dict[str, Any]:
        """Turn each clock time into the instant that it means."""
        given = super().clean() or self.cleaned_data
        try:
            name = time_zones.read(given.get("time_zone") or clock.name_of(clock.here()))
        except Invalid as broken:
            self.blame(broken)
            return given
        given["time_zone"] = name
        for field in self.fields:
            typed = given.get(field)
            if not isinstance(typed, datetime):
                continue
            try:
                given[field] = typed if typed.tzinfo else clock.instant(typed, clock.zone_of(name))
            except clock.UnclearTime as unclear:
                self.add_error(field, str(unclear))
            except OverflowError:
                self.add_error(field, gettext("No calendar has this time."))
        return given
