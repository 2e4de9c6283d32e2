"""Shapes of what employers type into pages; the rules are the operations' own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from opportunities.core.edited import Edited
from opportunities.core.errors import Invalid
from opportunities.core.fields_of_work import Field
from opportunities.core.form_fields import longest, named, one, text
from opportunities.core.forms import Blamed
from opportunities.core.iso_names import countries
from opportunities.core.validation import COUNTRY
from opportunities.employers.models import Employer
from opportunities.employers.operations import read_organization
from opportunities.places.form_field import PlaceInput, ask_which


class EmployerForm(Blamed, Edited):
    """What an organization says of itself."""

    name = text(_("Name"), most=longest(Employer, "name"))
    name.is_due = True  # type: ignore[attr-defined]
    domain = text(
        _("Domain"),
        most=longest(Employer, "domain"),
        hint=_("Of its email addresses: example.org."),
    )
    website = text(_("Website"), most=longest(Employer, "website"), hint=_("Begins with https://."))
    field = one(_("Field of work"), Field.choices, empty=_("Choose a field"))
    place = text(_("Place"), most=longest(Employer, "place"))
    place.widget = PlaceInput({"maxlength": longest(Employer, "place")})
    country = named(_("Country"), countries, COUNTRY, hint=_("Its holidays count."))
    about = text(_("About"), most=longest(Employer, "about"), rows=6)

    def clean(self) -> dict[str, Any]:
        """Judge what could be read by the rules of organizations, so that all faults are told."""
        read = super().clean() or {}
        if "place" in self.changed_data:
            ask_which(self, "place", countries=[read.get("country") or ""])
        judged = {"name", *self.changed_data} & read.keys()
        try:
            read_organization({name: read[name] for name in judged})
        except Invalid as broken:
            self.blame(broken)
        return read
