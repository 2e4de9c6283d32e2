"""Your matches: the ranked list with its reasons, one role at a time, and what is not for you."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matching.engine import Candidate
from matching.engine.odds import FEWEST_ANSWERED, FEWEST_PEOPLE, FEWEST_ROLES
from matching.engine.records import RATE_REFERENCE
from matching.models.reactions import DismissalReason
from matching.onboarding import visitors
from matching.onboarding.questions import FIRST
from matching.onboarding.visitors import Visitor
from matching.recommending import (
    early_market,
    feedback,
    introduced,
    own_changes,
    pay_histogram,
    queries,
    weighing,
    widening,
)
from matching.recommending.aspect_words import ASPECT_WORDS
from matching.recommending.match_number import order_of
from matching.recommending.odds import chances_of
from matching.recommending.reason_facts import amount
from matching.store import live, read_roles
from matching.store.histories import SETTLED_DAYS
from opportunities.applications import own_state
from opportunities.candidates import guest_profile
from opportunities.candidates.models import CandidateProfile
from opportunities.core import given_back, languages, page_cache
from opportunities.core.fields_of_work import Field
from opportunities.core.form_handling import act, act_in_place, place_on
from opportunities.core.models import Site
from opportunities.core.page_cache import Basis
from opportunities.core.paging import offset_of
from opportunities.core.parts import render_part
from opportunities.core.retention import SESSION_DAYS
from opportunities.roles import wording
from opportunities.roles.formats import FORMATS, Kind
from opportunities.roles.models import Mode, Opportunity
from opportunities.roles.wording import quantity

PAGE: Final = 10
MOST_DISMISSED: Final = 200
READS: Final = ("view", "kind", "sort", "offset", "show")
ORDERS: Final[Mapping[str, tuple[live.Order, Any]]] = {
    "match": ("mutual", gettext_lazy("Best match")),
    "fit": ("fit", gettext_lazy("Pure fit")),
}
"""The orders that an address may name: what the engine calls each, and people."""
EITHER_AIM: Final = 0.5
"""The aim of who named none: proof of skill and depth count alike."""


@login_not_required
@require_safe
def matches(request: HttpRequest) -> HttpResponse:
    """Show the ranked roles with their reasons."""
    return page_cache.page(
        request, partial(_matches, request), whose=visitors.whose(request), reads=READS
    )


def _matches(request: HttpRequest, basis: Basis, refusal: str = "") -> HttpResponse:
    now = timezone.now()
    seen = visitors.visitor(request, at=now, basis=basis)
    if seen is None:
        return redirect("matching:start", FIRST)
    view = "one" if request.GET.get("view") == "one" else "list"
    kind = request.GET.get("kind", "")
    own_state.rest_on(basis, seen.profile)
    ordered_by = _order(request, seen.person)
    offset = offset_of(request)
    if kind not in {"", *Kind.values} or offset is None:
        raise Http404
    found = live.rank_roles(seen.person, at=now, order=ordered_by)
    size = 1 if view == "one" else PAGE
    order = queries.listing(found, at=now, kind=kind, hidden=seen.hidden)
    listed = len(order.ids)
    if found.state.version == live.UNRUN:
        basis.keep_for(0)
    _rest_on(basis, order, order.ids[offset : offset + size], offset + size, now)
    new: list[queries.Shown] = []
    if seen.profile is not None and view == "list" and not (kind or offset):
        new = _new(request, seen.profile, found, order, now)
    rows: Sequence[queries.Shown] = queries.part(found, order, offset=offset, limit=size)
    currency = rows[0].currency if rows else Site.load().currency
    early = None if offset else early_market.early_market(found, at=now, currency=currency)
    best = rows[0].number if rows and not offset else early_market.WEAK
    is_first = view == "list" and not offset and request.GET.get("show") != "all"
    near = early_market.first_page(rows, early) if is_first else rows
    is_cut, rows = len(near) < len(rows), near
    own = own_state.own_states(seen.profile, [row.role.pk for row in rows])
    known = chances_of((row.role for row in rows), at=now)
    if seen.profile is not None:
        feedback.shown(
            profile_id=seen.profile.pk,
            opportunity_ids=[row.role.pk for row in rows],
            first_place=offset + 1,
            at=now,
        )
    sliders = weighing.sliders(seen.person)
    context = {
        "sliders": sliders,
        "has_aim": seen.person.goal != EITHER_AIM,
        "sliders_sent": weighing.as_sent(sliders, seen.profile),
        "is_weighed": request.method == "POST",
        "refusal": refusal,
        "list_query": _link(request)[1:],
        "profile": seen.profile,
        "matches": rows,
        "cards": [
            (row, beside, known[row.role.pk])
            for row, beside in zip(rows, _beside(rows), strict=True)
        ],
        "owns": own,
        "new": new,
        "early": early,
        "weak_best": best if best < early_market.WEAK else None,
        "is_cut": is_cut,
        "session_days": SESSION_DAYS,
        "total": found.count(hidden=seen.hidden),
        "open_roles": found.state.role_count,
        "listed": listed,
        "view": view,
        "by_fit": ordered_by == "fit",
        "sort": request.GET.get("sort", ""),
        "offset": offset,
        "shown_from": min(offset + 1, listed),
        "shown_to": min(offset + len(rows), listed),
        "kinds": [
            (label, _link(request, kind=value), kind == value)
            for value, label in (
                ("", _("All")),
                ("micro", _("Micro")),
                ("internship", _("Internships")),
            )
        ],
        "orders": [
            (label, _link(request, sort=name), ordered_by == called)
            for name, (called, label) in ORDERS.items()
        ],
        "next_url": _next(request, is_cut=is_cut, following=offset + size, listed=listed),
        "previous_url": _link(request, offset=max(0, offset - size)) if offset else "",
        # Asked for once they are shown: the part that htmx replaces seldom has either.
        "widen": SimpleLazyObject(partial(widening.widen, found, at=now, currency=currency)),
        "pay": SimpleLazyObject(partial(_pay, order, currency)),
        "change_url": reverse("opportunities:profile")
        if seen.profile
        else reverse("matching:check"),
        **_told(seen, now, currency),
    }
    return render_part(request, "matching/recommending/matches.html", "list", context)


@login_not_required
@require_POST
def weights(request: HttpRequest) -> HttpResponse:
    """Keep where the sliders beside the list were put, and show the list as they rank it.

    With script the list alone comes back. A guest's first sliders make their profile.
    """
    now = timezone.now()
    if not visitors.has_told(request):
        return redirect("matching:start", FIRST)

    def operation() -> None:
        values = weighing.moved(request.POST, request.POST.get("was", ""))
        owner = guest_profile.owner_with_profile(request, at=now)
        if "reset" in request.POST:
            weighing.reset(owner=owner, at=now)
        else:
            weighing.weigh(owner=owner, values=values, at=now)

    if request.headers.get("HX-Request"):
        return act_in_place(request, operation, partial(_matches, request, Basis()))
    back = reverse("matching:matches") + _link(request).removesuffix("?")
    return act(request, operation, said=_("The list follows your weights."), back=f"{back}#weights")


def _pay(order: queries.Listing, currency: str) -> pay_histogram.Histogram | None:
    best = order.ids[: pay_histogram.MOST]
    return pay_histogram.of_pay(map(order.hourly.get, best), currency=currency)


def _new(
    request: HttpRequest,
    profile: CandidateProfile,
    found: live.Ranking,
    order: queries.Listing,
    now: datetime,
) -> list[queries.Shown]:
    """Return what stands as new on top of the list, which is noted as seen."""
    if profile.user_id is None:
        introduced.introduce_to_guest(profile, found, order, at=now)
    rows = introduced.on_page(profile, at=now, viewer=request.user)
    return introduced.shown_of(profile, rows, at=now)


@login_not_required
@require_safe
def why(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show all reasons of one match: a part for htmx, else a page."""
    now = timezone.now()
    seen = visitors.visitor(request, at=now)
    role = Opportunity.objects.listed(at=now).filter(public_id=public_id).first()
    if seen is None or role is None:
        raise Http404
    state, order = live.roles(at=now), _order(request, seen.person)
    late = queries.late_among([role.pk], at=now)
    rows = queries.show(state, seen.person, [role.pk], late=late, order=order)
    if not rows:
        raise Http404
    match = rows[0]
    if seen.profile is not None:
        feedback.opened(profile_id=seen.profile.pk, opportunity_id=role.pk, at=now)
        introduced.open_new(profile_id=seen.profile.pk, role_id=role.pk, at=now)
    facts = read_roles([role.pk], at=now, listed=False)[role.pk].opportunity
    context = {
        "match": match,
        "here": own_changes.changes_here(match, facts, vocabulary=state.vocabulary),
        "profile": seen.profile,
    }
    return render_part(request, "matching/recommending/why.html", "why", context)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def not_for_me(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask why a role is not for this person, and leave it out from now on."""
    now = timezone.now()
    seen = visitors.visitor(request, at=now)
    role = get_object_or_404(Opportunity.objects.visible_to(request.user), public_id=public_id)
    if seen is None:
        return redirect("matching:start", FIRST)
    context = {
        "role": role,
        "reasons": DismissalReason.choices,
        "back": _back(request),
        "at": request.POST.get("at") or request.GET.get("at", ""),
        "fault": request.method == "POST",
    }
    if request.method == "POST" and request.POST.get("action") == "undo":
        _recall(request, seen, role)
        said = _("“%(role)s” is in your list again.") % {"role": role.title}
        return _done(request, context | {"is_back": True}, said)
    if request.method == "POST" and request.POST.get("reason") in DismissalReason.values:
        _dismiss(request, seen, role, at=now)
        said = _("“%(role)s” will not be shown to you again.") % {"role": role.title}
        return _done(request, context, said)
    status = 422 if request.method == "POST" else 200
    return render_part(
        request, "matching/recommending/not_for_me.html", "why", context, status=status
    )


def _dismiss(request: HttpRequest, seen: Visitor, role: Opportunity, *, at: datetime) -> None:
    if seen.profile is None:
        dismissed = [*request.session.get(guest_profile.DISMISSED, []), role.pk]
        request.session[guest_profile.DISMISSED] = dismissed[-MOST_DISMISSED:]
    else:
        feedback.dismiss(
            profile_id=seen.profile.pk,
            opportunity_id=role.pk,
            reason=request.POST["reason"],
            at=at,
        )


def _recall(request: HttpRequest, seen: Visitor, role: Opportunity) -> None:
    if seen.profile is None:
        dismissed = request.session.get(guest_profile.DISMISSED, [])
        request.session[guest_profile.DISMISSED] = [pk for pk in dismissed if pk != role.pk]
    else:
        feedback.recall(profile_id=seen.profile.pk, opportunity_id=role.pk)


def _done(request: HttpRequest, context: dict[str, Any], said: str) -> HttpResponse:
    """Say what was done in the place of the card, or lead back to where the card stood."""
    if request.headers.get("HX-Request"):
        name = "matching/recommending/not_for_me.html#hidden"
        return render(request, name, context | {"said": said})
    messages.info(request, said, extra_tags="" if context.get("is_back") else request.path)
    return redirect(place_on(context["back"], request))


def _back(request: HttpRequest) -> str:
    """Return the list that a role stood in: the page that led here, or the one a form names."""
    usual = reverse("matching:matches")
    named = request.POST.get("back", "")
    is_own = url_has_allowed_host_and_scheme(named, allowed_hosts=None)
    page = named if is_own else given_back.page_of(request, otherwise=usual)
    return page if page.split("?")[0] == usual else usual


def _beside(rows: Sequence[queries.Shown]) -> list[str]:
    """Return for each card the one that stands in its place once it is gone."""
    names = [f"match-{row.role.public_id}" for row in rows]
    return [*names[1:], *(names[-2:-1] or ["match-list"])] if names else []


@login_not_required
@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """Say how matching works: method, weights, data used and not used, version."""
    return render(
        request,
        "matching/recommending/method.html",
        {
            "aspects": ASPECT_WORDS,
            "formats": FORMATS,
            "settled_days": SETTLED_DAYS,
            "fewest_answered": FEWEST_ANSWERED,
            "fewest_roles": FEWEST_ROLES,
            "fewest_people": FEWEST_PEOPLE,
        },
    )


def _rest_on(
    basis: Basis, order: queries.Listing, shown: Sequence[int], last: int, at: datetime
) -> None:
    """Let a page of matches rest on what it shows of each role, and on their order."""
    cards = Opportunity.objects.filter(pk__in=shown).order_by("pk")
    basis.add(cards, "pk", "employer__name")
    # A role that no longer owes an answer rises; one that owes it now falls, if it stood above.
    movable = {*order.ids[:last], *order.late}
    late = Opportunity.objects.late(at=at).filter(pk__in=movable).order_by("pk").distinct()
    basis.add_choice(late, read=sorted(movable.intersection(order.late)))
    basis.ask()


def _places_said(seen: Visitor) -> str:
    """Return where somebody works who would not only work remotely."""
    if not seen.places:
        return _("no place named yet: hybrid and on-site roles are left out")
    return languages.listed(map(visitors.called, seen.places))


def _told(seen: Visitor, now: datetime, currency: str) -> dict[str, Any]:
    """Return what this person is matched by, as rows: what filters and what ranks."""
    person = seen.person
    start = datetime.fromisoformat(person.available_from).date()
    goal = _("Proof of skill, soon") if person.goal < 0.35 else _("In depth")
    interests = [str(Field(name).label) for name, share in person.interests.items() if share >= 1]
    chosen, is_only = ", ".join(interests), bool(person.only_fields)
    if chosen and person.fields_first:
        wished = _("%(fields)s first") % {"fields": chosen}
    else:
        wished = chosen or pgettext("fields", "any")
    return {
        "musts": [
            (_("Place"), ", ".join(sorted(str(Mode(mode).label) for mode in person.modes))),
            *([(_("In or near"), _places_said(seen))] if person.modes - {Mode.REMOTE} else []),
            (
                _("Time"),
                _("up to %(hours)s h a week") % {"hours": languages.number(person.hours_per_week)},
            ),
            (
                _("Pay"),
                _("%(pay)s an hour or more") % {"pay": amount(person.rate_floor, currency)}
                if person.rate_floor
                else pgettext("pay", "any"),
            ),
            *(
                [(pgettext("fields of work", "Fields"), _("only %(fields)s") % {"fields": chosen})]
                if is_only
                else []
            ),
            (
                _("Start"),
                _("from %(day)s") % {"day": wording.day(start)}
                if start > now.date()
                else _("right away"),
            ),
        ],
        "wishes": [
            *([] if 0.35 <= person.goal <= 0.65 else [(_("Aim"), goal)]),
            *(
                [(_("Pay"), _("%(pay)s an hour") % {"pay": amount(person.rate_target, currency)})]
                if person.rate_target != RATE_REFERENCE
                else []
            ),
            *([] if is_only else [(pgettext("fields of work", "Fields"), wished)]),
            *([(_("Skills"), quantity(len(person.skills), "skill"))] if person.skills else []),
            *([(_("To learn"), quantity(len(person.targets), "skill"))] if person.targets else []),
        ],
    }


def _order(request: HttpRequest, person: Candidate) -> live.Order:
    """Return the order that the address asks for, else the person's usual one."""
    sort = request.GET.get("sort")
    if not sort:
        return order_of(person)
    if sort not in ORDERS:
        raise Http404
    return ORDERS[sort][0]


def _next(request: HttpRequest, *, is_cut: bool, following: int, listed: int) -> str:
    """Return the link to what comes next: the whole of a page that was cut, or the page after."""
    if is_cut:
        return _link(request, show="all")
    return _link(request, offset=following) if following < listed else ""


def _link(request: HttpRequest, **changes: object) -> str:
    query = request.GET.copy()
    query.pop("offset", None)
    for name, value in changes.items():
        query[name] = str(value)
        if value == "":
            query.pop(name)
    return f"?{query.urlencode()}"
