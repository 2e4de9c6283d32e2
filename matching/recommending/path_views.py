"""Paths and comparisons: one internship against a stack, and two to four roles side by side."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from matching.engine import ASPECTS
from matching.onboarding import visitors
from matching.onboarding.questions import FIRST
from matching.priors import PRIORS
from matching.recommending import path_charts, queries
from matching.recommending.aspect_words import ASPECT_WORDS
from matching.recommending.match_number import order_of
from matching.recommending.odds import chances_of
from matching.recommending.path_changes import path_changes
from matching.recommending.paths import KINDS, Comparison, Leg, Path, compare_paths, most_income
from matching.recommending.reason_facts import amount
from matching.store import live
from opportunities.candidates.alerts import REMIND_DAYS
from opportunities.core import calendar_files, languages
from opportunities.core.parts import render_part
from opportunities.core.rates import Rates
from opportunities.core.retelling import inside
from opportunities.roles import job_posting, wording
from opportunities.roles.models import Opportunity
from opportunities.roles.wording import quantity

MOST_COMPARED: Final = 4
LEAST_COMPARED: Final = 2


@login_not_required
@require_safe
def paths(request: HttpRequest) -> HttpResponse:
    """Compare the best internship with the best stack, under the person's own calendar."""
    now = timezone.now()
    seen = visitors.visitor(request, at=now)
    if seen is None:
        return redirect("matching:start", FIRST)
    aspect = request.GET.get("aspect", "mentorship")
    given = request.GET.get("weight", "")
    if aspect not in ASPECTS or (given and not _is_percent(given)):
        raise Http404
    found = paths_for(seen, at=now, aspect=aspect)
    weight = int(given) / 100 if given else found.weight
    context: dict[str, Any] = {
        "found": found,
        "profile": seen.profile,
        "aspect": aspect,
        "aspects": [(name, ASPECT_WORDS[name].label) for name in ASPECTS],
        "aspect_label": inside(ASPECT_WORDS[aspect].label),
        "weight": round(100 * weight),
        "own_weight": round(100 * found.weight),
        "moved": bool(given),
    }
    if found.is_whole:
        context |= _shown(found, weight, now.date())
        words = (
            _("With %(aspect)s at %(weight)s: %(verdict)s") if given else _("For you: %(verdict)s")
        )
        context["verdict"] = words % {
            "aspect": context["aspect_label"],
            "weight": context["weight"],
            "verdict": _verdict(context["leads"], is_close=context["is_close"]),
        }
    return render_part(request, "matching/recommending/paths.html", "verdict", context)


@login_not_required
@require_safe
def plan_calendar(request: HttpRequest, kind: str) -> HttpResponse:
    """Return the roles and deadlines of one path as a calendar file."""
    now = timezone.now()
    seen = visitors.visitor(request, at=now)
    if seen is None or kind not in KINDS:
        raise Http404
    path: Path = getattr(paths_for(seen, at=now), kind)
    return calendar_file(kind, path.legs)


def paths_for(seen: visitors.Visitor, *, at: datetime, aspect: str = "mentorship") -> Comparison:
    """Return the paths of whoever is looking, without what they hid."""
    found = live.rank_roles(seen.person, at=at)
    return compare_paths(found, at=at, aspect=aspect, hidden=seen.hidden, profile=seen.profile)


def calendar_file(name: str, legs: Sequence[Leg]) -> HttpResponse:
    """Return a calendar of work, last days to apply with an alarm before each, and decisions."""
    entries = []
    for leg in legs:
        role, decided = leg.role, leg.timeline.decided
        entries += [
            _entry(role, "work", role.title, leg.starts, leg.ends),
            _entry(
                role, "decision", _("Decision expected: %(role)s") % {"role": role.title}, decided
            ),
        ]
        last_days = [(role, leg.apply_until, _("Last day to apply: %(role)s"))]
        if spare := leg.fallback:
            words = _("Last day to apply to the fallback: %(role)s")
            last_days.append((spare.role, spare.apply_until, words))
        for other, day, words in last_days:
            if day is not None:
                entry = _entry(other, "apply", words % {"role": other.title}, day)
                entries.append(replace(entry, reminded_before=timedelta(days=REMIND_DAYS)))
    content = calendar_files.write(
        entries, title=_("Plan at %(site)s") % {"site": settings.SITE_NAME}
    )
    return calendar_files.answer(content, name=name)


@login_not_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show two to four roles side by side, explained for this person."""
    now = timezone.now()
    seen = visitors.visitor(request, at=now)
    if seen is None:
        return redirect("matching:start", FIRST)
    wanted = list(dict.fromkeys(request.GET.getlist("ids")))[:MOST_COMPARED]
    listed = Opportunity.objects.listed(at=now).filter(public_id__in=wanted)
    rows = dict(listed.values_list("public_id", "pk"))
    found = live.rank_roles(seen.person, at=now, order=order_of(seen.person))
    chosen = [rows[name] for name in wanted if name in rows]
    late = queries.late_among(chosen, at=now)
    shown = queries.show(found.state, seen.person, chosen, late=late)
    others = queries.best(found, at=now, limit=8, hidden=[match.role.pk for match in shown])
    lines = []
    for name in ASPECTS:
        values = [
            next(line for line in match.explanation.aspects if line.name == name) for match in shown
        ]
        points = {line.whole_points for line in values}
        most = max(points) if len(points) > 1 else None
        lines.append((ASPECT_WORDS[name].label, values, most))
    chances = chances_of((match.role for match in shown), at=now)
    ids = [match.role.public_id for match in shown]
    context = {
        "matches": shown,
        "columns": [
            (match, urlencode({"ids": [each for each in ids if each != own]}, doseq=True))
            for match, own in zip(shown, ids, strict=True)
        ],
        "chances": [chances[match.role.pk] for match in shown],
        "lines": lines,
        "others": others if len(shown) < MOST_COMPARED else [],
        "enough": len(shown) >= LEAST_COMPARED,
        "ids": ids,
    }
    return render(request, "matching/recommending/compare.html", context)


def _entry(
    role: Opportunity, what: str, title: str, starts: date, ends: date | None = None
) -> calendar_files.Entry:
    """Return one thing that a plan says of a role, as an entry of a calendar."""
    return calendar_files.Entry(
        f"{role.public_id}-{what}", role.version, role.changed_at, title, starts, ends,
        url=job_posting.address_of(role),
    )  # fmt: skip


def _shown(found: Comparison, weight: float, today: date) -> dict[str, Any]:
    one, stack = (found.score_at(path, weight) for path in (found.one, found.stack))
    leads = "one" if one > stack else "stack"
    blocked = [date.fromisoformat(str(day)) for day in sorted(found.person.blocked_weeks)]
    return {
        "one_score": round(one),
        "stack_score": round(stack),
        "one_range": found.range_at(found.one, weight),
        "stack_range": found.range_at(found.stack, weight),
        "changes": path_changes(found),
        "leads": leads,
        "one_leads": leads == "one",
        "stack_leads": leads == "stack",
        "is_close": abs(one - stack) < 5,
        "tips_from": math.floor(100 * float(found.tipping.at)) + 1 if found.tipping else None,
        "tipping_percent": _percent(float(found.tipping.at)) if found.tipping else None,
        "chart": path_charts.tipping(found, weight=weight),
        "calendar": path_charts.calendar(found, blocked, today=today),
        "rows": _side_by_side(found),
        "mix_is_better": found.mix.plan.score > found.leader.plan.score,
    }


def _side_by_side(found: Comparison) -> list[dict[str, Any]]:
    """Return the aspects of both paths in words, each with whether it is the one worth more."""
    rates = Rates.load()
    paths = (found.one, found.stack)
    rows = []
    for (label, aspect, one), (_label, _aspect, stack) in zip(
        *(_told(path, len(found.person.targets), rates) for path in paths), strict=True
    ):
        lead = found.one.value[aspect] - found.stack.value[aspect]
        better = "" if abs(lead) < 0.02 else "one" if lead > 0 else "stack"
        told = [
            (words, _left_out(path, aspect), better == path.kind)
            for words, path in zip((one, stack), paths, strict=True)
        ]
        rows.append({"label": label, "paths": told})
    return rows


def _told(path: Path, targets: int, rates: Rates) -> list[tuple[str, str, str]]:
    """Return the rows of the table for one path: label, aspect, and what the path offers of it."""
    out = path.plan.outcomes
    hours, weeks = quantity(out.hours, "hour"), quantity(path.weeks, "week")
    depth = round(100 * path.value["depth"])
    mentored, applying = quantity(out.mentor_hours, "hour"), quantity(out.apply_hours, "hour")
    return [
        (_("First result"), "speed", wording.day(path.first_result)),
        (
            _("Commitment"),
            "schedule",
            _("%(hours)s over %(weeks)s") % {"hours": hours, "weeks": weeks},
        ),
        (
            _("Depth"),
            "depth",
            _("%(number)s of 100") % {"number": depth},
        ),
        (_("Mentoring"), "mentorship", _("%(hours)s with a mentor") % {"hours": mentored}),
        (_("People you meet"), "network", _people(path)),
        (_("Pay"), "pay", _paid(path, rates)),
        (
            _("Skills you want"),
            "skills",
            _("%(met)s of %(named)s") % {"met": out.target_skills, "named": targets},
        ),
        (_("Work to publish"), "evidence", quantity(out.public_works, "piece")),
        (_("To apply"), "effort", _("about %(hours)s") % {"hours": applying}),
    ]


def _people(path: Path) -> str:
    """Say with how many people one works on the way, and for how long with each on average."""
    met = [leg.role.contacts for leg in path.legs]
    usual = [PRIORS[leg.role.format].contacts for leg in path.legs]
    people = [given if known is None else known for known, given in zip(met, usual, strict=True)]
    days = sum(
        count * ((leg.ends - leg.starts).days + 1)
        for count, leg in zip(people, path.legs, strict=True)
    )
    if not days:
        return pgettext("people one meets", "nobody")
    said = {
        "people": quantity(sum(people), "person"),
        "weeks": quantity(days / sum(people) / 7, "week"),
    }
    return _("%(people)s, about %(weeks)s with each") % said


def _paid(path: Path, rates: Rates) -> str:
    least = amount(path.plan.outcomes.income, rates.currency)
    most = amount(most_income(path, rates), rates.currency)
    said = {"sum": least, "most": most, "hourly": amount(path.hourly, rates.currency)}
    if most == least:
        return _("%(sum)s, %(hourly)s an hour") % said
    return _("%(sum)s to %(most)s, at least %(hourly)s an hour") % said


def _left_out(path: Path, aspect: str) -> str:
    """Say how many roles of a path do not state what an aspect rests on; nothing if all do."""
    if aspect == "skills" or not (count := path.unstated[aspect]):
        return ""
    if len(path.legs) == 1:
        return _("not stated, so counted low")
    return ngettext(
        "%(count)s of %(all)s roles does not say: counted low",
        "%(count)s of %(all)s roles do not say: counted low",
        count,
    ) % {"count": count, "all": len(path.legs)}


def _percent(share: float) -> str:
    """Write a share out of 100 with its one decimal, by the reader's language."""
    return languages.number(round(100 * share, 1))


def _verdict(leads: str, *, is_close: bool) -> str:
    """Say which path is worth more."""
    if leads == "one":
        return _("the internship, but it is close") if is_close else _("the internship")
    return _("the stack, but it is close") if is_close else _("the stack")


def _is_percent(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= 100
