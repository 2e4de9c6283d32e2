"""Shapes of what people type into pages; the rules are the operations' own."""

from typing import Any

from django import forms

from opportunities.applying import MAX_QUESTIONS_MICRO, Papers
from opportunities.errors import Invalid
from opportunities.formats import Kind
from opportunities.models import CandidateProfile, Opportunity, Resume

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


class ApplyForm(forms.Form):
    """An application: a name, the role's questions, and what its family asks for."""

    name = forms.CharField(
        max_length=120, label="Your name", help_text="As the employer will see it."
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
            self.fields[f"answer_{place}"] = forms.CharField(
                max_length=3000,
                label=question.text,
                help_text=f"About {question.minutes} minutes.",
                widget=forms.Textarea(attrs={"rows": 4}),
            )
        full = role.kind == Kind.INTERNSHIP
        if full or "cover_letter" in (role.steps or []):
            self.fields["cover_letter"] = forms.CharField(
                max_length=6000,
                label="Letter",
                required=full,
                widget=forms.Textarea(attrs={"rows": 8}),
            )
        if not full:
            self.fields["work_sample_url"] = forms.URLField(
                max_length=300,
                label="Link to a piece of work",
                required=False,
                assume_scheme="https",
            )
        kept = profile.resumes.order_by("-uploaded_at") if profile else Resume.objects.none()
        if kept:
            self.fields["resume"] = forms.ModelChoiceField(
                kept, required=False, label="A CV you uploaded before", empty_label="None of them"
            )
        self.fields["upload"] = forms.FileField(
            required=full and not kept,
            label="Your CV",
            help_text="PDF, at most 2 MB.",
            widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        )

    def papers(self, resume_id: int | None) -> Papers:
        """Return what the operation takes."""
        given = self.cleaned_data
        chosen = given.get("resume")
        return Papers(
            name=given["name"],
            answers=[given[f"answer_{place}"] for place in range(len(self.questions))],
            cover_letter=given.get("cover_letter", ""),
            work_sample_url=given.get("work_sample_url", ""),
            resume_id=resume_id or (chosen.pk if chosen else None),
        )


class MessageForm(forms.Form):
    """A message inside an application."""

    text = forms.CharField(max_length=4000, label="Message", widget=LINES)
