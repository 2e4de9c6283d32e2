"""Shapes of what employers type into pages; the rules are the operations' own."""

from opportunities.core.edited import Edited
from opportunities.core.fields_of_work import Field
from opportunities.core.form_fields import longest, one, text
from opportunities.core.forms import Blamed
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
    country = text("Country", most=2, hint="Two letters, such as GB; its holidays count.")
    about = text("About", most=longest(Employer, "about"), rows=6)
