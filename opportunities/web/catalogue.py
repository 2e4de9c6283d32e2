"""What everyone may read: home, the list of roles, a role, an employer."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.db import models
from django.db.models import Count, Max, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opportunities import completing, markup, promises, searching
from opportunities.errors import Invalid
from opportunities.fields import Field
from opportunities.formats import FORMATS, Kind
from opportunities.lifecycle import RoleStatus
from opportunities.models import CandidateProfile, Employer, Mode, Opportunity, Site
from opportunities.paging import page_of
from opportunities.permissions import Viewer, can_manage, is_member

LOGO_HEADERS = {
    "Content-Type": "image/png",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "public, max-age=300",
}
ON_HOME = 3
SECONDS_ON_HOME = 30
"""For how long the counts of the market stand on the home page."""
SIMILAR = 3
MOST_COUNTED = 1_000
"""Roles of a list that are counted; beyond them it says "more than"."""


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say what the site does, with live numbers and the newest roles."""
    now = timezone.now()
    listed = Opportunity.objects.listed(at=now)
    counts = caches["template_fragments"].get_or_set(
        "home",
        lambda: listed.aggregate(
            roles=Count("pk"),
            micro=Count("pk", filter=Q(kind=Kind.MICRO)),
            internships=Count("pk", filter=Q(kind=Kind.INTERNSHIP)),
            employers=Count("employer", distinct=True),
            newest=Max("opened_at"),
        ),
        SECONDS_ON_HOME,
    )
    newest = (
        listed.prompt(at=now)
        .select_related("employer")
        .fetch_mode(models.FETCH_PEERS)
        .order_by("-opened_at", "-id")[:ON_HOME]
    )
    return render(request, "catalogue/home.html", {"counts": counts, "roles": newest})


@login_not_required
@require_safe
def browse(request: HttpRequest) -> HttpResponse:
    """List the roles that pass the filters; the filters are links and a form."""
    now = timezone.now()
    context = _filter_choices(request)
    try:
        roles, order = searching.search(request.GET, at=now, also_known=["cursor"])
        rows, cursor = page_of(
            roles.select_related("employer").fetch_mode(models.FETCH_PEERS),
            request,
            order=(order, "-id"),
        )
    except Invalid as broken:
        return render(
            request, "catalogue/list.html", context | {"faults": broken.faults}, status=400
        )
    context |= {
        "roles": rows,
        "next": cursor.get_next_link(),
        "previous": cursor.get_previous_link(),
        "count": None
        if request.GET.get("cursor")
        else roles.values("pk")[: MOST_COUNTED + 1].count(),
        "most_counted": MOST_COUNTED,
        "feed_query": searching.without_paging(request.GET),
    }
    name = "catalogue/list.html"
    response = render(
        request, f"{name}#results" if request.headers.get("HX-Request") else name, context
    )
    response.headers["Vary"] = "HX-Request"
    return response


@login_not_required
@require_safe
def role(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Show one role: its facts, what is made, how they choose, and whom it suits."""
    found = get_object_or_404(
        Opportunity.objects.visible_to(request.user)
        .select_related("employer")
        .prefetch_related("deliverables", "skills__skill", "questions"),
        public_id=public_id,
    )
    if found.status == RoleStatus.REMOVED:
        return render(request, "catalogue/removed.html", {"role": found}, status=410)
    if slug != found.slug:
        return redirect("opportunities:role", found.slug, public_id, permanent=True)
    now = timezone.now()
    is_open = found.is_open(at=now)
    similar = (
        Opportunity.objects.listed(at=now)
        .prompt(at=now)
        .filter(field=found.field)
        .exclude(pk=found.pk)
        .select_related("employer")
        .order_by(models.Case(models.When(kind=found.kind, then=0), default=1), "-opened_at", "-id")
    )
    posts = found.posts.filter(hidden_at__isnull=True).order_by("-asked_at", "-id")
    return render(
        request,
        "catalogue/role.html",
        {
            "role": found,
            "format": FORMATS[found.format],
            "is_open": is_open,
            "mine": can_manage(request.user, found),
            "posts": posts[:20],
            "similar": similar[:SIMILAR],
            "response_days": promises.response_days(found, Site.load()),
            "reply": promises.reply_rate(found.employer),
            "is_late": is_open and Opportunity.objects.late(at=now).filter(pk=found.pk).exists(),
            "canonical": markup.address_of(found),
            "posting": markup.job_posting(found) if is_open else None,
        },
    )


@login_not_required
@require_safe
def employer(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an employer: what it is, how it answers, and its open roles."""
    found = get_object_or_404(Employer.objects.active(), slug=slug)
    roles, cursor = page_of(
        Opportunity.objects.listed(at=timezone.now())
        .filter(employer=found)
        .select_related("employer"),
        request,
        order=("-opened_at", "-id"),
    )
    return render(
        request,
        "catalogue/employer.html",
        {
            "employer": found,
            "roles": roles,
            "next": cursor.get_next_link(),
            "reply": promises.reply_rate(found),
            "paid": completing.realised_hourly_pay(found),
            "can_block": _can_block(request.user, found),
        },
    )


@login_not_required
@require_safe
def logo(request: HttpRequest, slug: str) -> FileResponse:
    """Hand out an employer's logo, which was written anew as a PNG when it came."""
    found = get_object_or_404(Employer.objects.active(), slug=slug)
    if not found.logo:
        raise Http404
    return FileResponse(found.logo.open("rb"), headers=dict(LOGO_HEADERS))


def _can_block(viewer: Viewer, employer: Employer) -> bool:
    """Say whether the page offers a candidate to keep this employer away."""
    return (
        viewer.is_authenticated
        and not is_member(viewer, employer.pk)
        and CandidateProfile.objects.of(viewer)
        .filter(erased_at__isnull=True)
        .exclude(blocked_employers__employer=employer)
        .exists()
    )


def _filter_choices(request: HttpRequest) -> dict[str, object]:
    """Return each filter with its links: the same address with that one choice toggled.

    The links are made only if the page does not hold them in its cache.
    """
    groups = {
        "kind": list(Kind.choices),
        "mode": list(Mode.choices),
        "field": list(Field.choices),
        "format": [(entry.slug, entry.label) for entry in FORMATS.values()],
    }

    def filters() -> dict[str, list[tuple[str, bool, str]]]:
        return {
            name: [
                (label, value in request.GET.getlist(name), _toggled(request.GET, name, value))
                for value, label in choices
            ]
            for name, choices in groups.items()
        }

    return {
        "query": request.GET,
        "query_key": _changed(request.GET).urlencode(),
        "sort": searching.sort_of(request.GET),
        "sorts": [
            (key, label, _with(request.GET, "sort", key))
            for key, (_, label) in searching.SORTS.items()
            if key != "relevance" or request.GET.get("q")
        ],
        "filters": filters,
    }


def _changed(query: QueryDict, **values: list[str]) -> QueryDict:
    """Return the query from its first page on, with other values of some names."""
    changed = query.copy()
    changed.pop("cursor", None)
    for name, some in values.items():
        changed.setlist(name, some)
    return changed


def _toggled(query: QueryDict, name: str, value: str) -> str:
    chosen = query.getlist(name)
    rest = [v for v in chosen if v != value] if value in chosen else [*chosen, value]
    return f"?{_changed(query, **{name: rest}).urlencode()}"


def _with(query: QueryDict, name: str, value: str) -> str:
    return f"?{_changed(query, **{name: [value]}).urlencode()}"
