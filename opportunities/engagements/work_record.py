"""The record of completed work, the same on the pages of both sides: write, sign, tell how it went.

Either side may begin. What the other one wrote fills the form, so that correcting it loses nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.accounts.current import person
from opportunities.applications.models import Application
from opportunities.applications.possible import possible, possible_from
from opportunities.core.errors import Invalid
from opportunities.core.form_fields import amount_to_type, minor_units, money, state_currency, text
from opportunities.core.forms import Blamed, Written
from opportunities.core.models import Site
from opportunities.engagements import completing
from opportunities.engagements.completing import MAX_DELIVERABLES, Work
from opportunities.engagements.models import BLIND_DAYS, Completion
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import LEVEL_WORDS

ROWS: Final = 3
DAY: Final = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LEVELS: Final = [("", gettext_lazy("not shown")), *list(enumerate(LEVEL_WORDS))[1:]]


class WorkDoneForm(Blamed):
    """What was done, as one side writes it down."""

    prefix_of_ids = "work"

    started_on = forms.DateField(label=gettext_lazy("First day"), widget=DAY)
    ended_on = forms.DateField(label=gettext_lazy("Last day"), widget=DAY)
    hours = forms.FloatField(label=gettext_lazy("Hours worked"))
    summary = Written(label=gettext_lazy("What was done"), max_length=1000)
    paid = money("")
    converted = forms.BooleanField(
        label=gettext_lazy("More work or a job was offered"), required=False
    )

    def __init__(self, *args: Any, application: Application, **options: Any) -> None:
        role, written = application.opportunity, completion_of(application)
        shown = list(written.skills.select_related("skill").order_by("id")) if written else []
        self.currency = _currency(role, written)
        super().__init__(*args, **{"initial": _typed(written, application), **options})
        state_currency(self, self.currency)
        self.fields["paid"].label = _("Paid in all, in %(currency)s") % {"currency": self.currency}
        self.rows = self._rows(len(written.deliverables) if written else 0)
        for row in range(self.rows):
            self.fields[f"title_{row}"] = text(
                _("Result %(number)s") % {"number": row + 1}, most=160
            )
            self.fields[f"url_{row}"] = text(
                _("Address of result %(number)s") % {"number": row + 1},
                most=300,
                hint=_("Begins with https://."),
            )
        asked = [used.skill for used in role.skills.select_related("skill").order_by("id")]
        self.skills = list(dict.fromkeys([*asked, *(one.skill for one in shown)]))
        levels = {one.skill_id: one.level for one in shown}
        for skill in self.skills:
            self.fields[f"level_{skill.pk}"] = forms.TypedChoiceField(
                label=_("%(skill)s: level shown") % {"skill": skill.name},
                coerce=int,
                required=False,
                empty_value=None,
                choices=LEVELS,
                initial=levels.get(skill.pk),
            )

    def _rows(self, written: int) -> int:
        """Return how many results to ask for: what is there or was sent, and some more."""
        sent = [row for row in range(MAX_DELIVERABLES) if f"title_{row}" in self.data]
        return min(max(ROWS, written + 1, *(row + 1 for row in sent)), MAX_DELIVERABLES)

    def clean_paid(self) -> int | None:
        """Return what was paid in minor units."""
        try:
            return minor_units(self.cleaned_data["paid"], self.currency)
        except ValueError as too_fine:
            raise forms.ValidationError(str(too_fine)) from too_fine

    def given(self) -> dict[str, Any]:
        """Return what the operation takes."""
        given = self.cleaned_data
        work = Work(
            hours=given["hours"],
            started_on=given["started_on"],
            ended_on=given["ended_on"],
            summary=given["summary"],
            deliverables=[
                {"title": given[f"title_{row}"], "url": given[f"url_{row}"]}
                for row in self._given_rows()
            ],
            skills={
                skill.slug: level for skill in self.skills if (level := given[f"level_{skill.pk}"])
            },
            paid_minor=given["paid"],
            paid_currency="" if given["paid"] is None else self.currency,
            converted=given["converted"],
        )
        return {"work": work}

    def blame(self, broken: Invalid) -> None:
        """Put each fault at its field, also those of one result and of one skill."""
        names = {f"skills/{skill.slug}": f"level_{skill.pk}" for skill in self.skills} | {
            f"deliverables/{place}/{part}": f"{part}_{row}"
            for place, row in enumerate(self._given_rows())
            for part in ("title", "url")
        }
        renamed = [
            fault._replace(field=names.get(fault.field, fault.field)) for fault in broken.faults
        ]
        super().blame(Invalid(*renamed))

    def _given_rows(self) -> list[int]:
        given = self.cleaned_data
        return [
            row for row in range(self.rows) if given.get(f"title_{row}") or given.get(f"url_{row}")
        ]


def stars() -> list[tuple[int, str]]:
    """Return the choices of how it went, the best first."""
    return [(n, _("%(stars)s of 5") % {"stars": n}) for n in range(5, 0, -1)]


class ReviewForm(Blamed):
    """Feedback on the other side."""

    prefix_of_ids = "review"

    stars = forms.TypedChoiceField(
        coerce=int,
        choices=stars,
        label=gettext_lazy("How did it go?"),
    )
    text = Written(max_length=2000, required=False, label=gettext_lazy("In words"))


def completion_of(application: Application) -> Completion | None:
    """Return the record of an application's work, if one was begun."""
    return getattr(application, "completion", None)


def record_for(
    request: HttpRequest,
    application: Application,
    *,
    by_employer: bool,
    failed: Mapping[str, Blamed],
) -> dict[str, Any]:
    """Return what one side's page shows of the work, with the forms that ask for more."""
    completion = completion_of(application)
    reviews, skills, mine, others = [], [], None, None
    if completion is not None:
        reviews = completing.readable_reviews(completion, reader=person(request), at=timezone.now())
        skills = list(completion.skills.select_related("skill").order_by("id"))
        mine, others = completion.candidate_signed_at, completion.employer_signed_at
        if by_employer:
            mine, others = others, mine
    now = timezone.now()
    can_write = "complete" in possible(application, at=now)
    return {
        "completion": completion,
        "by_employer": by_employer,
        "failed": next(iter(failed), ""),
        "shown_skills": skills,
        "signed_by_reader": mine,
        "signed_by_other": others,
        "can_write": can_write,
        "possible_from": possible_from(application, at=now),
        "reviews": reviews,
        "reviewed": any(review.by_employer == by_employer for review in reviews),
        "blind_days": BLIND_DAYS,
        "work_form": failed.get("work_form")
        or (WorkDoneForm(application=application) if can_write else None),
        "review_form": failed.get("review_form") or ReviewForm(),
    }


def moment(text: str) -> datetime | None:
    """Return a moment as a form sends it, or None."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _currency(role: Opportunity, written: Completion | None) -> str:
    """Return the currency of what was paid: as it stands there, as agreed, or the site's."""
    stated = written.paid_currency if written else ""
    return stated or role.pay_currency or Site.load().currency


def _typed(completion: Completion | None, application: Application) -> dict[str, Any]:
    """Return a record as it would have been typed; before there is one, what was agreed."""
    role, accepted = application.opportunity, application.accepted_at
    if completion is None:
        hours, today = role.hours_total, timezone.localdate()
        first = role.start_earliest or (accepted.date() if accepted else None)
        last = max(first or today, today)
        days = {"started_on": first, "ended_on": last}
        if first and hours and hours > completing.most_hours(first, last):
            days = {}  # the hours agreed cannot all lie between them
        return {"hours": "" if hours is None else f"{hours:g}", **days}
    minor, currency = completion.paid_minor, completion.paid_currency
    return {
        "hours": f"{completion.hours:g}",
        "started_on": completion.started_on,
        "ended_on": completion.ended_on,
        "summary": completion.summary,
        "paid": amount_to_type(minor, currency),
        "converted": completion.converted,
        **{
            f"{part}_{row}": item.get(part, "")
            for row, item in enumerate(completion.deliverables)
            for part in ("title", "url")
        },
    }
