"""Shapes of what employers type into pages; the rules are the operations' own."""

from datetime import UTC
from typing import Any

from django import forms

from opportunities.fields import Field
from opportunities.models import Application, Employer
from opportunities.models.applications import RejectionReason
from opportunities.selecting import MAX_SLOTS, Proposal
from opportunities.web.employers.fields import longest, one, text
from opportunities.web.forms import Blamed

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
SLOTS_SHOWN = 3


class EmployerForm(Blamed):
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


class OfferForm(Blamed):
    """An offer with the date at which it lapses."""

    prefix_of_ids = "offer"

    lapses_at = forms.DateTimeField(
        label="It stands until",
        required=False,
        widget=MOMENT,
        help_text="UTC. Empty takes the site's usual working days.",
    )
    message = text("Message", most=longest(Application, "offer_message"), rows=3)


class InterviewForm(Blamed):
    """Times to talk."""

    prefix_of_ids = "talk"

    where = text("Place or link", most=300)
    minutes = forms.IntegerField(label="Minutes", initial=30)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for place in range(min(SLOTS_SHOWN, MAX_SLOTS)):
            self.fields[f"starts_{place}"] = forms.DateTimeField(
                label=f"Time {place + 1}",
                required=place == 0,
                widget=MOMENT,
                help_text="UTC." if place == 0 else "",
            )

    def proposals(self) -> list[Proposal]:
        """Return the times that were given."""
        given = self.cleaned_data
        return [
            Proposal(moment.astimezone(UTC), given["minutes"], given["where"])
            for place in range(SLOTS_SHOWN)
            if (moment := given.get(f"starts_{place}"))
        ]


class RejectForm(Blamed):
    """A structured reason and a message."""

    prefix_of_ids = "refusal"

    reason = forms.ChoiceField(label="Reason", choices=RejectionReason.choices)
    message = text("Message", most=longest(Application, "rejection_message"), rows=3)
