"""Shapes of what people type into pages; the rules are the operations' own."""

from typing import Any, Final, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opportunities.accounts.zoned_forms import LocalMoment, Zoned
from opportunities.applications.applying import Papers
from opportunities.applications.models import Application, RejectionReason
from opportunities.applications.selecting import MAX_SLOTS, Proposal
from opportunities.candidates.models import CandidateProfile, Resume
from opportunities.core.errors import Invalid
from opportunities.core.form_fields import longest, text
from opportunities.core.forms import Blamed, Written
from opportunities.roles.fields import MAX_QUESTIONS_MICRO
from opportunities.roles.formats import Kind
from opportunities.roles.models import Opportunity


class Line(NamedTuple):
    """One answer of an application, as it is checked before it is sent."""

    name: str
    """Of the field that carries it."""
    label: str
    value: str
    shown: str
    changed_in: str
    """The field of the form in which it is changed."""


class ApplyForm(Blamed):
    """An application: a name, the role's questions, and what its family asks for."""

    name = forms.CharField(
        max_length=120,
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("As the employer will see it."),
    )

    def __init__(
        self, *args: Any, role: Opportunity, profile: CandidateProfile | None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.role = role
        questions = list(role.questions.all())
        if role.kind == Kind.MICRO:
            questions = questions[:MAX_QUESTIONS_MICRO]
        self.questions = questions
        for place, question in enumerate(questions):
            self.fields[f"answer_{place}"] = Written(
                max_length=3000,
                label=question.text,
                help_text=ngettext(
                    "About a minute.", "About %(minutes)s minutes.", question.minutes
                )
                % {"minutes": question.minutes},
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        full = role.kind == Kind.INTERNSHIP
        if full or "cover_letter" in (role.steps or []):
            self.fields["cover_letter"] = Written(
                max_length=6000,
                label=_("Letter"),
                required=full,
                widget=forms.Textarea(attrs={"rows": 8}),
            )
        if not full:
            self.fields["work_sample_url"] = forms.URLField(
                max_length=300,
                label=_("Link to a piece of work"),
                required=False,
                assume_scheme="https",
            )
        kept = profile.resumes.order_by("-uploaded_at") if profile else Resume.objects.none()
        if kept:
            self.fields["resume"] = forms.ModelChoiceField(
                kept,
                required=False,
                label=_("A CV you uploaded before"),
                empty_label=_("None of them"),
            )
        self.fields["upload"] = forms.FileField(
            required=full and not kept,
            label=_("Your CV"),
            help_text=_("PDF, at most 2 MB."),
            widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        )

    def blame(self, broken: Invalid) -> None:
        """Put what is wrong with a file at its own box, not at the choice of those kept before."""
        sent = "upload" if self.files.get("upload") else "resume"
        faults = [
            fault._replace(field=sent) if fault.field == "resume" else fault
            for fault in broken.faults
        ]
        super().blame(Invalid(*faults))

    def papers(self, resume: Resume | None) -> Papers:
        """Return what the operation takes; ``resume`` is the CV that goes along."""
        given = self.cleaned_data
        return Papers(
            name=given["name"],
            answers=[given[f"answer_{place}"] for place in range(len(self.questions))],
            cover_letter=given.get("cover_letter", ""),
            work_sample_url=given.get("work_sample_url", ""),
            resume_id=resume.pk if resume else None,
        )

    def lines(self, resume: Resume | None) -> list[Line]:
        """Return what was given, line by line, with the CV that goes along."""
        lines = [
            Line(name, str(field.label), self.cleaned_data[name], self.cleaned_data[name], name)
            for name, field in self.fields.items()
            if name not in {"resume", "upload"}
        ]
        where = "resume" if "resume" in self.fields else "upload"
        file = (str(resume.pk), resume.name) if resume else ("", "")
        return [*lines, Line("resume", _("Your CV"), *file, where)]


SLOTS_SHOWN = 3


class OfferForm(Zoned):
    """An offer with the moment at which it lapses."""

    prefix_of_ids = "offer"

    lapses_at = LocalMoment(
        label=gettext_lazy("It stands until"),
        required=False,
        help_text=gettext_lazy(
            "By the clock of the time zone below. Empty takes the site's usual working days."
        ),
    )
    message = text(gettext_lazy("Message"), most=longest(Application, "offer_message"), rows=3)

    field_order = ("lapses_at", "time_zone", "message")

    def given(self) -> dict[str, Any]:
        """Return what the operation takes."""
        return {name: self.cleaned_data[name] for name in ("lapses_at", "message")}


class InterviewForm(Zoned):
    """Times to talk."""

    prefix_of_ids = "talk"

    where = text(gettext_lazy("Place or link"), most=300)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), initial=30)

    field_order = ("where", "minutes", "time_zone")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for place in range(min(SLOTS_SHOWN, MAX_SLOTS)):
            self.fields[f"starts_{place}"] = LocalMoment(
                label=_("Time %(number)s") % {"number": place + 1},
                required=place == 0,
                help_text=_("By the clock of the time zone above.") if place == 0 else "",
            )

    def given(self) -> dict[str, Any]:
        """Return what the operation takes: the times that were given."""
        typed = self.cleaned_data
        proposals = [
            Proposal(moment, typed["minutes"], typed["where"], typed["time_zone"])
            for place in range(SLOTS_SHOWN)
            if (moment := typed.get(f"starts_{place}"))
        ]
        return {"proposals": proposals}

    def blame(self, broken: Invalid) -> None:
        """Put what is wrong with a time at its box; what all times share is said once."""
        boxes = [name for name in self.fields if name.startswith("starts_")]
        given = [name for name in boxes if self.cleaned_data.get(name)]
        faults = []
        for fault in broken.faults:
            place, _slash, part = fault.field.removeprefix("slots/").rpartition("/")
            name = given[int(place)] if part == "starts_at" else part
            faults.append(fault._replace(field=name))
        super().blame(Invalid(*dict.fromkeys(faults)))


CHOOSE_REASON: Final = gettext_lazy("Choose a reason, or “No reason given”.")
"""What is said where none is chosen: a reason that stood there by itself would be told as true."""


class RejectForm(Blamed):
    """A structured reason and a message."""

    prefix_of_ids = "refusal"

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Choose a reason")), *RejectionReason.choices],
        error_messages={"required": CHOOSE_REASON},
        help_text=gettext_lazy("You need not give one; your page says how often you do."),
    )
    message = text(gettext_lazy("Message"), most=longest(Application, "rejection_message"), rows=3)
