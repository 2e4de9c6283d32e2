"""The question about skills: tap those of the fields chosen, search, or bring a CV.

A CV is read and forgotten: what was found in it stands on the page with the words it was found in,
and only what is sent back with *Continue* is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from matching.engine import Candidate
from matching.onboarding import answering, counting
from matching.onboarding.questions import (
    FIRST,
    LEVELS,
    SKILLS,
    SOON,
    TARGETS,
    Answers,
    Question,
    as_answers,
    numbered,
)
from matching.store import live
from opportunities.candidates.fields import MAX_SKILLS, MAX_TARGETS
from opportunities.candidates.resumes.skills import find_skills
from opportunities.core.errors import Busy, RuleBroken
from opportunities.core.form_handling import status_of
from opportunities.core.forms import is_new_search
from opportunities.core.limiting import asker_of
from opportunities.roles.models import OpportunitySkill
from opportunities.roles.wording import LEVEL_WORDS
from opportunities.skills import lookup
from opportunities.skills.models import Skill

OFFERED: Final = 12
"""Skills that are offered to be tapped, beside those that somebody chose, found or searched for."""
FOUND: Final = 8
MOST_ROWS: Final = 120
MOST_ROLES: Final = 20_000
"""Roles whose skills are counted, the best ones; far more than a market has today."""
LEVEL_CHOICES: Final = (
    (0, pgettext_lazy("level of a skill", "none")),
    *((level, LEVEL_WORDS[level]) for level in LEVELS),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A skill on the page, and what is chosen of it."""

    slug: str
    name: str
    roles: int = 0
    """Open roles that ask for it, of those that the other answers leave."""
    level: int = 0
    """1 to 4; 0 is not chosen."""
    learns: bool = False
    said: str = ""
    """The words of a CV in which it was found."""

    @property
    def is_chosen(self) -> bool:
        """Say whether it would be kept."""
        return self.level > 0 or self.learns


def skills(
    request: HttpRequest,
    asked: tuple[Question, ...],
    frame: Mapping[str, Any],
    following: str,
    *,
    at: datetime,
) -> HttpResponse:
    """Ask what somebody can and wants to learn, or keep it and go on."""
    answers = answering.answers_for(request, asked)
    here = next(one for one in asked if one.slug == SKILLS)
    mine, fields = _of_answers(answers), list(answers.get(FIRST, ()))
    typed, text, fault, note, status = "", "", "", "", 200
    found: list[lookup.Mentioned] = []
    if request.method == "POST":
        if "skip" in request.POST:
            none: Answers = answers | {SKILLS: [], TARGETS: []}
            answering.keep(request, none, here, is_skipped=True, at=at)
            return redirect(following)
        mine, text = _of_form(request), request.POST.get("cv", "")
        action = _action(request)
        if action == "read":
            try:
                found = find_skills(
                    text=text, file=request.FILES.get("file"), who=asker_of(request), at=at
                )
            except (RuleBroken, Busy) as refusal:
                fault, (status, wait) = str(refusal), status_of(refusal)
            else:
                text, note = "", _noted([skill for skill in found if skill.is_named])
        elif action == "search":
            typed = request.POST.get("find", "")[:100]
        else:
            fault = _fault(mine)
            if not fault:
                kept = {
                    SKILLS: as_answers({row.slug: row.level for row in mine if row.level}),
                    TARGETS: as_answers({row.slug: SOON for row in mine if row.learns}),
                }
                answering.keep(request, answers | kept, here, is_skipped=False, at=at)
                return redirect(following)
            status = 422
    person = counting.as_they_are(request, asked, at=at)
    groups = _groups(person, fields, mine, found, typed, at)
    heading = _found_for(typed) if typed.strip() else ""
    if heading and heading not in dict(groups):
        note = _("No further skill of that name. Try another word.")
    context = dict(frame) | {
        "fault": fault,
        "note": note,
        "typed": typed,
        "text": text,
        "levels": LEVEL_CHOICES,
        "groups": groups,
        "heading": heading,
    }
    response = render(request, "matching/onboarding/skills.html", context, status=status)
    if status in {429, 503} and wait:
        response.headers["Retry-After"] = str(wait)
    return response


def told(answers: Answers) -> str:
    """Return what was answered, as a line of the list of answers."""
    rows = _of_answers(answers)
    held = [f"{row.name} ({LEVEL_WORDS[row.level]})" for row in rows if row.level]
    wanted = [row.name for row in rows if row.learns]
    if not wanted:
        return ", ".join(held)
    learnt = _("To learn: %(skills)s") % {"skills": ", ".join(wanted)}
    return ". ".join([", ".join(held), learnt]).removeprefix(". ")


def _action(request: HttpRequest) -> str:
    """Return what the form was sent for; Enter after a new word searches for it."""
    given = request.POST
    is_search = is_new_search(given, given.get("find", ""), "found")
    return "search" if is_search else given.get("act", "")


def _noted(found: Sequence[lookup.Mentioned]) -> str:
    if not found:
        return _("We found no skill of our list in it. Choose below, or search by name.")
    return ngettext(
        "We found %(count)s skill. Look at it: nothing is kept until you continue.",
        "We found %(count)s skills. Look through them: nothing is kept until you continue.",
        len(found),
    ) % {"count": len(found)}


def _fault(rows: Sequence[Row]) -> str:
    if not any(row.is_chosen for row in rows):
        return _("Choose a skill, or skip the question.")
    if sum(row.level > 0 for row in rows) > MAX_SKILLS:
        return _("Name at most %(count)s skills that you have.") % {"count": MAX_SKILLS}
    if sum(row.learns for row in rows) > MAX_TARGETS:
        return _("Name at most %(count)s skills that you want to learn.") % {"count": MAX_TARGETS}
    return ""


def _of_answers(answers: Answers) -> list[Row]:
    held, wanted = numbered(answers, SKILLS), numbered(answers, TARGETS)
    return [
        Row(slug, name, level=held.get(slug, 0), learns=slug in wanted)
        for slug, name in _names([*held, *wanted]).items()
    ]


def _of_form(request: HttpRequest) -> list[Row]:
    """Return what the form chose of its rows; what it left alone is offered anew."""
    posted = request.POST
    learnt = set(posted.getlist("learn"))
    levels = {str(level): level for level in LEVELS}
    rows = [
        Row(slug, name, level=levels.get(posted.get(f"can-{slug}", ""), 0), learns=slug in learnt)
        for slug, name in _names(posted.getlist("row")[:MOST_ROWS]).items()
    ]
    return [row for row in rows if row.is_chosen]


def _names(slugs: Sequence[str]) -> dict[str, str]:
    """Return the names of those skills that there are, in the order given."""
    known = dict(
        Skill.objects.filter(
            slug__in=[slug for slug in slugs if slug.isascii() and "\x00" not in slug],
            is_retired=False,
        ).values_list("slug", "name")
    )
    return {slug: known[slug] for slug in dict.fromkeys(slugs) if slug in known}


def _groups(
    person: Candidate,
    fields: Sequence[str],
    mine: Sequence[Row],
    found: Sequence[lookup.Mentioned],
    typed: str,
    at: datetime,
) -> list[tuple[str, list[Row]]]:
    """Return the rows of the page under their headings: each skill stands once."""
    demand = _demand(fields, person, at)
    roles = {row.slug: row.roles for row in demand}
    chosen = {row.slug: row for row in mine}
    in_cv = [
        replace(
            chosen.pop(
                skill.slug,
                Row(skill.slug, skill.name, level=skill.level, learns=not skill.level),
            ),
            said=skill.said,
        )
        for skill in found
        if skill.is_named
    ]
    perhaps = [
        Row(skill.slug, skill.name, said=skill.said)
        for skill in found
        if not skill.is_named and skill.slug not in chosen
    ]
    in_cv.sort(key=lambda row: -roles.get(row.slug, 0))
    stands = {*chosen, *(row.slug for row in in_cv), *(row.slug for row in perhaps)}
    searched = [
        Row(skill.slug, skill.name)
        for skill in (lookup.suggest_skills(text=typed, limit=FOUND) if typed.strip() else ())
        if skill.slug not in stands
    ]
    stands |= {row.slug for row in searched}
    offered = [row for row in demand if row.slug not in stands][:OFFERED]
    groups = [
        (_("Found in your CV"), in_cv),
        (_("Your CV may also mean"), perhaps),
        (_found_for(typed), searched),
        (_("Chosen"), list(chosen.values())),
        (_("Asked for most in your fields") if fields else _("Asked for most"), offered),
    ]
    return [
        (label, [replace(row, roles=roles.get(row.slug, 0)) for row in rows])
        for label, rows in groups
        if rows
    ]


def _found_for(typed: str) -> str:
    return _("Found for “%(words)s”") % {"words": typed.strip()}


def _demand(fields: Sequence[str], person: Candidate, at: datetime) -> list[Row]:
    """Return the skills that roles ask for, those most asked for in these fields first.

    Counted are the open roles that pass all that the person said but their skills.
    """
    able = replace(person, skills=counting.every_skill(at), targets={})
    roles = live.rank_roles(able, at=at).ids[:MOST_ROLES].tolist()
    rows = (
        OpportunitySkill.objects.filter(opportunity__in=roles, skill__is_retired=False)
        .values("skill__slug", "skill__name")
        .annotate(
            roles=Count("opportunity", distinct=True),
            here=Count("opportunity", distinct=True, filter=Q(opportunity__field__in=fields)),
        )
        .order_by("-here", "-roles", "skill__slug")
    )
    return [Row(row["skill__slug"], row["skill__name"], roles=row["roles"]) for row in rows]
