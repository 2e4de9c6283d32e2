"""Shapes of what employers type into pages; the rules are the operations' own."""

from opportunities.core.edited import Edited
from opportunities.core.fields_of_work import Field
from opportunities.core.form_fields import longest, named, one, text
from opportunities.core.forms import Blamed
from opportunities.core.iso_names import countries
from opportunities.core.validation import COUNTRY
from opportunities.employers.models import Employer


class EmployerForm(Blamed, Edited):
    """What an organization says of itself."""

    name = text("Name", most=longest(Employer, "name"))
    domain = text(
        "Domain", most=longest(Employer, "domain"), hint="Of its e-mail addresses: example.org."
    )
    website = text("Website", most=longest(Employer, "website"), hint="Begins with https://.")
    field = one("Field of work", Field.choices, empty="Choose a field")
    place = text("Place", most=longest(Employer, "place"))
    country = named("Country", countries, COUNTRY, hint="Its holidays count.")
    about = text("About", most=longest(Employer, "about"), rows=6)
