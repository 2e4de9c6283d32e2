"""What matching says on an employer's pages: whom a role fits, who suits it, its funnel."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import template
from django.utils import timezone
from django.utils.translation import gettext_lazy

from matching.engine import Skill
from matching.recommending import pay_histogram
from matching.recommending.reasons import change_words
from matching.shortlists import newcomers, queries, reasons
from matching.shortlists.funnel import funnel_of
from matching.store import draft_record
from opportunities.accounts.current import person
from opportunities.applications.models import Application
from opportunities.core.models import Site
from opportunities.roles.models import Opportunity

register = template.Library()

OPENING_WORDS: Final[Mapping[str, Any]] = {
    "mode": gettext_lazy("Remote work"),
    "start_latest": gettext_lazy("A start at any later time"),
    "requires_enrolment": gettext_lazy("People who are not enrolled too"),
    "credit": gettext_lazy("Academic credit"),
    "must": gettext_lazy("No skill as a must-have"),
}
"""How a change that lets more people in is told."""


@register.inclusion_tag("matching/shortlists/_fits.html")
def fits_now(role: Opportunity, skills: Iterable[Mapping[str, Any]] = ()) -> dict[str, object]:
    """Say how many candidates a role as written fits now, and which single changes gain most."""
    record = draft_record(
        role,
        skills=[
            Skill(
                str(entry.get("name", "")),
                entry.get("level", 1),
                entry.get("importance", 1),
                bool(entry.get("must")),
            )
            for entry in skills
        ],
    )
    found = queries.fits_now(record, at=timezone.now())
    currency = Site.load().currency
    return {
        "found": found,
        "changes": [
            {
                "text": OPENING_WORDS.get(change.name)
                or change_words(change.fields, currency=currency),
                "opens_to": change.opens_to,
                "gain": change.gain,
            }
            for change in found.changes[:3]
        ],
    }


@register.inclusion_tag("matching/shortlists/_pay_around.html")
def pay_around(role: Opportunity) -> dict[str, object]:
    """Show what open roles of its kind pay an hour, in the currency of the role."""
    currency = role.pay_currency or Site.load().currency
    pay = pay_histogram.of_open(role.kind, currency=currency, at=timezone.now())
    return {"role": role, "pay": pay}


@register.inclusion_tag("matching/shortlists/_suit.html")
def suit_of(application: Application) -> dict[str, object]:
    """Say how well an applicant suits the role, with the reasons."""
    role = application.opportunity
    explained = queries.explain_applicants(role, [application.profile_id], at=timezone.now())
    suit = reasons.of_applicants(role, explained).get(application.profile_id)
    return {"suit": suit, "open": True}


@register.inclusion_tag("matching/shortlists/_new_people.html", takes_context=True)
def new_people(context: Mapping[str, Any], role: Opportunity) -> dict[str, object]:
    """Show who is new for a role, to the member of its employer who looks at it."""
    found = newcomers.newcomers_of(role, actor=person(context["request"]), at=timezone.now())
    return {"role": role, "found": found, "request": context["request"]}


@register.inclusion_tag("matching/shortlists/_funnel.html")
def funnel(role: Opportunity) -> dict[str, object]:
    """Show how people moved through a role, beside roles like it."""
    return {"funnel": funnel_of(role, at=timezone.now())}
