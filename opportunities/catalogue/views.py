"""What everyone may read: home, the list of roles, a role, an employer."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import models
from django.db.models import Count, Exists, OuterRef, Window
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opportunities.accounts.permissions import Viewer
from opportunities.applications import applying, own_state
from opportunities.applications.models import Application, RoleInvitation
from opportunities.candidates import guest_profile
from opportunities.candidates.models import CandidateProfile
from opportunities.catalogue import for_visitor
from opportunities.core import page_cache
from opportunities.core.errors import Invalid
from opportunities.core.languages import Translatable
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.models import Site
from opportunities.core.page_cache import Basis
from opportunities.core.paging import page_of
from opportunities.core.parts import render_part
from opportunities.employers import reply_rate
from opportunities.employers.models import Employer, Membership
from opportunities.employers.permissions import is_member
from opportunities.engagements import completing
from opportunities.roles import job_posting, response_times, search
from opportunities.roles.formats import FORMATS, RULES, Kind, of_family
from opportunities.roles.models import Opportunity, OpportunityQuerySet, RolePost
from opportunities.roles.permissions import can_manage
from opportunities.roles.search import SECONDS_IN_LIST, SHOWN_IN_LIST

LOGO_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "public, max-age=300",
}
ON_HOME = 3
SECONDS_ON_HOME = 20
"""For how long the counts of the market stand on the home page."""
PAGE = 20
SIMILAR = 3
SHOWN_ON_CARDS = (
    "public_id", "kind", "format", "title", "summary", "language", "version", "changed_at",
    "opened_at", "hours_total", "weeks", "hours_per_week", "start_earliest", "start_latest",
    "pay_kind", "pay_amount_minor", "pay_max_minor", "pay_currency", "credit", "country", "place",
    "mode", "apply_by", "time_zone", "steps", "min_age", "requires_enrolment", "work_rights",
    "employer__name", "employer__verified_at",
)  # fmt: skip
"""The columns that a card of a role, or a line of it, is made of."""
MOST_COUNTED = 1_000
"""Roles of a list that are counted; beyond them it says "more than"."""


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what the site does, with live numbers and the newest roles."""
    return page_cache.page(request, partial(_home, request), reads=())


def _home(request: HttpRequest, basis: Basis) -> HttpResponse:
    now = timezone.now()
    listed = Opportunity.objects.listed(at=now)
    counts = caches["template_fragments"].get_or_set(
        "home", lambda: _counts(listed), SECONDS_ON_HOME
    )
    newest = listed.prompt(at=now).order_by("-opened_at", "-id")[:ON_HOME]
    roles = list(_with_cards(newest))
    basis.add_read(newest, *SHOWN_IN_LIST, read=roles)
    basis.keep_for(SECONDS_IN_LIST)
    return render(request, "catalogue/home.html", {"counts": counts, "roles": roles})


def _with_cards(roles: OpportunityQuerySet) -> OpportunityQuerySet:
    """Read with each role what its card shows, and the versions of the rows that it rests on."""
    return (
        roles.select_related("employer")
        .only(*SHOWN_ON_CARDS)
        .annotate(row_version=page_cache.RowVersion(*SHOWN_IN_LIST))
        .fetch_mode(models.FETCH_PEERS)
    )


def _counts(listed: models.QuerySet[Opportunity]) -> dict[str, int]:
    """Return how many roles of each kind are listed, and of how many employers."""
    rows = listed.order_by().values_list("kind", "employer").annotate(roles=Count("*"))
    groups = list(rows)
    return {
        "roles": sum(count for *_key, count in groups),
        "micro": sum(count for kind, _employer, count in groups if kind == Kind.MICRO),
        "internships": sum(count for kind, _employer, count in groups if kind == Kind.INTERNSHIP),
        "employers": len({employer for _kind, employer, _count in groups}),
    }


@login_not_required
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """List the roles that pass the filters; the filters are links and a form."""
    if request.GET.get("cursor"):
        return _browse(request, Basis())
    whose = request.session.get(guest_profile.KEY, "")
    return page_cache.page(request, partial(_browse, request), whose=whose)


def _browse(request: HttpRequest, basis: Basis) -> HttpResponse:
    now = timezone.now()
    context = _filter_choices(request)
    try:
        roles, order = search.search(request.GET, at=now, also_known=["cursor"])
        words = search.words_of(request.GET)
        # To rank by words every role found is looked at anyway: then they are counted as well.
        counted = roles.annotate(found=Window(Count("pk"))) if words else roles
        rows, cursor = page_of(
            _with_cards(counted),
            request,
            order=(order, "-id"),
            limit=PAGE,
        )
    except Invalid as broken:
        return render(
            request, "catalogue/list.html", context | {"faults": broken.faults}, status=400
        )
    if words:
        # To rank the words anew is what costs: what they found stays found for some seconds.
        search.rest_on(basis, rows, at=now)
    else:
        basis.add_read(roles.order_by(order, "-id")[:PAGE], *SHOWN_IN_LIST, read=rows)
    basis.keep_for(SECONDS_IN_LIST)
    profile = guest_profile.profile_of(request)
    own_state.rest_on(basis, profile)
    context |= {
        "may_save": True,
        "owns": own_state.own_states(profile, [role.pk for role in rows]),
        "roles": rows,
        "next": cursor.get_next_link(),
        "previous": cursor.get_previous_link(),
        "count": None if request.GET.get("cursor") else _count(rows, roles),
        "leads_back": True,
        "most_counted": MOST_COUNTED,
        "feed_query": search.without_paging(request.GET),
        "meant": search.skills_meant(words, at=now) if words and not rows else (),
    }
    return render_part(request, "catalogue/list.html", "results", context)


def _count(rows: list[Any], roles: OpportunityQuerySet) -> int:
    """Return how many roles pass the filters, as far as they are counted."""
    if rows and hasattr(rows[0], "found"):
        return int(rows[0].found)
    return roles.values("pk")[: MOST_COUNTED + 1].count()


@login_not_required
@require_safe
def role(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Show one role: its facts, what is made, how they choose, and whom it suits."""
    whose = for_visitor.whose_fit(request)
    return page_cache.page(request, partial(_role, request, slug, public_id), whose=whose, reads=())


def _role(request: HttpRequest, slug: str, public_id: str, basis: Basis) -> HttpResponse:
    now = timezone.now()
    late = Opportunity.objects.late(at=now)
    found = get_object_or_404(
        Opportunity.objects.visible_to(request.user)
        .select_related("employer")
        .annotate(is_late=Exists(late.filter(pk=OuterRef("pk"))))
        .annotate(row_version=page_cache.RowVersion(*SHOWN_IN_LIST))
        .defer("search"),
        public_id=public_id,
    )
    if found.status == RoleStatus.REMOVED:
        return render(request, "catalogue/removed.html", {"role": found}, status=410)
    if slug != found.slug:
        return redirect(found.path, permanent=True)
    is_open = found.is_open(at=now)
    is_late = is_open and vars(found)["is_late"]
    if is_open:
        basis.add_choice(late.filter(pk=found.pk).distinct(), read=[found.pk] if is_late else [])
        _rest_on(basis, found, request.user)
    else:
        basis.keep_for(0)
    models.prefetch_related_objects([found], "deliverables", "skills__skill", "questions")
    similar = _similar(found, at=now)
    if is_open:
        search.rest_on(basis, similar, at=now)
    for_you = ""
    profile = guest_profile.profile_of(request)
    own_state.rest_on(basis, profile)
    invitation = None
    if is_open and profile is not None:
        basis.add_of(RoleInvitation, profile_id=profile.pk)
        invitation = applying.invitation_to(found, profile)
    if is_open:
        for_you = for_visitor.fit_of(request, found, at=now, is_late=is_late, basis=basis)
    posts = found.posts.filter(hidden_at__isnull=True).order_by("-asked_at", "-id")
    return render(
        request,
        "catalogue/role.html",
        {
            "role": found,
            "leads_back": True,
            "format": FORMATS[found.format],
            "is_open": is_open,
            "for_you": for_you,
            "odds": for_visitor.odds_of(found, at=now) if is_open else "",
            "mine": can_manage(request.user, found),
            "own": own_state.own_states(profile, [found.pk]).get(found.pk, own_state.NOTHING),
            "invitation": invitation,
            "posts": posts[:20],
            "similar": similar,
            "response_days": response_times.response_days(found, Site.load()),
            "reply": reply_rate.reply_rate(found.employer),
            "is_late": is_late,
            "canonical": job_posting.address_of(found),
            "posting": job_posting.job_posting(found) if is_open else None,
        },
    )


def _similar(role: Opportunity, *, at: datetime) -> list[Opportunity]:
    """Return the newest open roles in the field of a role: those of its kind, then the others."""
    if not role.field:
        return []
    near = (
        _with_cards(Opportunity.objects.listed(at=at).prompt(at=at))
        .filter(field=role.field)
        .exclude(pk=role.pk)
        .order_by("-opened_at", "-id")
    )
    # Each kind is read by the index from its newest on; both together would have to be sorted.
    found = list(near.filter(kind=role.kind)[:SIMILAR])
    if len(found) < SIMILAR:
        found += near.filter(kind__in=set(Kind) - {role.kind})[: SIMILAR - len(found)]
    return found


def _rest_on(basis: Basis, role: Opportunity, viewer: Viewer) -> None:
    """Let the page of an open role rest on the role, whose row changes with its parts, and more."""
    basis.add_read(Opportunity.objects.filter(pk=role.pk), *SHOWN_IN_LIST, read=[role])
    basis.add_of(RolePost, opportunity_id=role.pk)
    basis.add_of(Site, id=1)
    if viewer.is_authenticated:
        basis.add_of(Membership, user_id=viewer.pk)
    basis.ask()


@login_not_required
@require_safe
def employer(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an employer: what it is, how it answers, and its open roles."""
    found = get_object_or_404(Employer.objects.active(), slug=slug)
    roles, cursor = page_of(
        _with_cards(Opportunity.objects.listed(at=timezone.now()).filter(employer=found)),
        request,
        order=("-opened_at", "-id"),
    )
    return render(
        request,
        "catalogue/employer.html",
        {
            "employer": found,
            "leads_back": True,
            "roles": roles,
            "next": cursor.get_next_link(),
            "reply": reply_rate.reply_rate(found),
            "reasons": Application.objects.filter(opportunity__employer=found).given_reasons(),
            "paid": completing.realised_hourly_pays([found]).get(found.pk),
            "can_block": _can_block(request.user, found),
        },
    )


@login_not_required
@require_safe
def formats(request: HttpRequest) -> HttpResponse:
    """List the formats by family, each with what it is and how many open roles it has."""
    rows = (
        Opportunity.objects.listed(at=timezone.now())
        .order_by()
        .values_list("format")
        .annotate(roles=Count("*"))
    )
    counts = dict(rows)
    names = {Kind.INTERNSHIP: _("Internships"), Kind.MICRO: _("Micro-internships")}
    families = [
        (names[kind], [(entry, counts.get(entry.slug, 0)) for entry in of_family(kind)])
        for kind in Kind
    ]
    return render(request, "catalogue/formats.html", {"families": families})


@login_not_required
@require_safe
def format_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show a format: what it is, what a role of that name must state, and its open roles."""
    entry = FORMATS.get(name.replace("-", "_"))
    if entry is None:
        raise Http404
    if name != entry.path:
        return redirect("opportunities:format", entry.path, permanent=True)
    try:
        roles, cursor = page_of(
            _with_cards(Opportunity.objects.listed(at=timezone.now()).filter(format=entry.slug)),
            request,
            order=("-opened_at", "-id"),
            limit=PAGE,
        )
    except Invalid as broken:
        context = {"format": entry, "faults": broken.faults}
        return render(request, "catalogue/format.html", context, status=400)
    return render(
        request,
        "catalogue/format.html",
        {
            "format": entry,
            "asks": [RULES[code].sentence for code in entry.rules],
            "roles": roles,
            "next": cursor.get_next_link(),
            "previous": cursor.get_previous_link(),
        },
    )


@login_not_required
@require_safe
def logo(request: HttpRequest, slug: str) -> FileResponse:
    """Hand out an employer's logo, which was written anew as a PNG when it came."""
    found = get_object_or_404(Employer.objects.active(), slug=slug)
    if not found.logo:
        raise Http404
    file = found.logo.open("rb")
    return FileResponse(file, content_type="image/png", headers=dict(LOGO_HEADERS))


def _can_block(viewer: Viewer, employer: Employer) -> bool:
    """Say whether the page offers a candidate to block this employer."""
    return (
        viewer.is_authenticated
        and not is_member(viewer, employer.pk)
        and CandidateProfile.objects.of(viewer)
        .exclude(blocked_employers__employer=employer)
        .exists()
    )


def _filter_choices(request: HttpRequest) -> dict[str, object]:
    """Return each filter with its links: the same address with that one choice toggled.

    The links are made only if the page does not hold them in its cache.
    """
    several = [each for each in search.asked() if each.kind == "several"]
    typed = [each for each in search.asked() if each.kind != "several"]

    def links(each: search.Asked) -> list[tuple[Translatable, bool, str]]:
        chosen = request.GET.getlist(each.name)
        return [
            (label, value in chosen, _toggled(request.GET, each.name, value))
            for value, label in each.choices
        ]

    def filters() -> dict[Translatable, list[tuple[Translatable, bool, str]]]:
        return {each.label: links(each) for each in several}

    def asked() -> list[tuple[search.Asked, str]]:
        return [(each, search.shown(each.name, request.GET.get(each.name, ""))) for each in typed]

    names_asked = {each.name for each in typed}
    return {
        "query": request.GET,
        "query_key": _changed(request.GET),
        "sort": search.sort_of(request.GET),
        "sorts": [
            (key, label, f"?{_changed(request.GET, sort=[key])}")
            for key, (_, label) in search.SORTS.items()
            if key != "relevance" or search.words_of(request.GET)
        ],
        "filters": filters,
        "asked": asked,
        "kept": [
            (name, value)
            for name, values in request.GET.lists()
            if name != "cursor" and name not in names_asked
            for value in values
        ],
    }


def _changed(query: QueryDict, **values: list[str]) -> str:
    """Return the query from its first page on, with other values of some names."""
    kept = {name: some for name, some in query.lists() if name != "cursor"}
    return urlencode(kept | values, doseq=True)


def _toggled(query: QueryDict, name: str, value: str) -> str:
    chosen = query.getlist(name)
    rest = [v for v in chosen if v != value] if value in chosen else [*chosen, value]
    return f"?{_changed(query, **{name: rest})}"
