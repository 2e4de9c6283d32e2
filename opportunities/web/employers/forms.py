"""Shapes of what employers type into pages; the rules are the operations' own."""

from datetime import UTC
from decimal import Decimal
from typing import Any

from django import forms

from opportunities import pay
from opportunities.completing import Work
from opportunities.errors import Invalid
from opportunities.fields import Field
from opportunities.models import Application, Employer
from opportunities.models.applications import RejectionReason
from opportunities.selecting import MAX_SLOTS, Proposal
from opportunities.web.employers.fields import longest, one, text

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
LINES = forms.Textarea(attrs={"rows": 3})
SLOTS_SHOWN = 3
DELIVERABLES_SHOWN = 3


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


class WorkDoneForm(Blamed):
    """What was done, as the employer writes it down."""

    prefix_of_ids = "work"

    hours = forms.FloatField(label="Hours worked")
    summary = forms.CharField(label="What was done", max_length=1000, widget=LINES)
    paid = forms.DecimalField(label="Paid in all", required=False, max_digits=14)
    converted = forms.BooleanField(label="We offered a longer engagement or a job", required=False)

    def __init__(self, *args: Any, application: Application, **options: Any) -> None:
        super().__init__(*args, **options)
        role = application.opportunity
        self.currency = role.pay_currency
        self.fields["hours"].initial = role.hours_total
        for place in range(DELIVERABLES_SHOWN):
            self.fields[f"title_{place}"] = text(f"Result {place + 1}", most=160)
            self.fields[f"url_{place}"] = text("Its address, if it has one", most=300)
        self.skills = [used.skill for used in role.skills.select_related("skill").order_by("id")]
        for skill in self.skills:
            self.fields[f"level_{skill.pk}"] = forms.TypedChoiceField(
                label=f"{skill.name}: level shown",
                coerce=int,
                required=False,
                empty_value=None,
                choices=[
                    ("", "not shown"), (1, "basics"), (2, "some practice"), (3, "sure"),
                    (4, "expert"),
                ],
            )  # fmt: skip

    def work(self) -> Work:
        """Return what the operation takes."""
        given = self.cleaned_data
        paid: Decimal | None = given["paid"]
        try:
            minor = None if paid is None else pay.to_minor(paid, self.currency)
        except ValueError:
            minor = -1  # the operation refuses it in words
        return Work(
            hours=given["hours"],
            summary=given["summary"],
            deliverables=[
                {"title": title, "url": given[f"url_{place}"]}
                for place in range(DELIVERABLES_SHOWN)
                if (title := given[f"title_{place}"]) or given[f"url_{place}"]
            ],
            skills={
                skill.slug: level for skill in self.skills if (level := given[f"level_{skill.pk}"])
            },
            paid_minor=minor,
            paid_currency=self.currency if minor is not None else "",
            converted=given["converted"],
        )
