"""What programs read: feeds of any filter, calendars, the sitemap and the well-known files."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap, views
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.views.decorators.http import conditional_page, require_safe

from opportunities.core import calendar_files, page_cache
from opportunities.core.errors import Invalid
from opportunities.core.page_cache import Basis, RowVersion
from opportunities.core.rendering import rendered, visible
from opportunities.core.text import clean_line, clean_text
from opportunities.employers.models import Employer
from opportunities.roles import job_posting, search, wording
from opportunities.roles.formats import FORMATS, Format
from opportunities.roles.models import Opportunity, OpportunityQuerySet

SECONDS: Final = 60
"""For how long a feed is shown as it was made, while what it shows does not change."""
LENGTH: Final = 50
ICS_LENGTH: Final = 500


def _found(request: HttpRequest, basis: Basis, limit: int) -> list[Opportunity]:
    """Return the roles of a feed: any filter of the list, newest first.

    The feed rests on what it shows of each; which roles are new is looked for every minute.
    """
    now = timezone.now()
    roles, order = search.search(request.GET, at=now)
    rows = list(
        roles.select_related("employer")
        .annotate(row_version=RowVersion(*search.SHOWN_IN_LIST))
        .defer("search")
        .order_by(order, "-id")[:limit]
    )
    search.rest_on(basis, rows, at=now)
    basis.keep_for(SECONDS)
    return rows


type Write = Callable[[HttpRequest, list[Opportunity]], HttpResponse]


@login_not_required
@require_safe
@conditional_page
def feed(request: HttpRequest, write: Write, most: int = LENGTH) -> HttpResponse:
    """Show the newest roles of a filter, as ``write`` writes them."""

    def make(basis: Basis) -> HttpResponse:
        try:
            return write(request, _found(request, basis, most))
        except Invalid as broken:
            kind = "text/plain; charset=utf-8"
            return HttpResponse(str(broken), status=400, content_type=kind)

    response = page_cache.page(request, make)
    if request.method == "HEAD":  # which conditional_page leaves as it is
        set_response_etag(response)
        met = get_conditional_response(request, etag=response["ETag"], response=response)
        return met or response
    return response


def _host() -> str:
    return settings.SITE_URL.split("//")[-1].split(":")[0]


def _tag(role: Opportunity) -> str:
    day = (role.opened_at or role.created_at).date().isoformat()
    return f"tag:{_host()},{day}:{role.public_id}"


def _changed_at(role: Opportunity) -> datetime:
    """Return when readers saw a role change: what was written before it opened came with it."""
    return max(role.opened_at or role.changed_at, role.changed_at)


def _title(what: str, request: HttpRequest) -> str:
    """Name a feed by its filters, so that readers tell several apart."""
    filters = "; ".join(
        f"{label}: {', '.join(words)}" if words else label
        for label, words in search.in_words(request.GET)
    )
    named = f"{what} at {settings.SITE_NAME}"
    return clean_line(f"{named} ({filters})" if filters else named)


def _list_of(request: HttpRequest) -> str:
    """Return the address of the list that a feed follows."""
    filters = request.GET.urlencode()
    return f"{settings.SITE_URL}/opportunities/" + (f"?{filters}" if filters else "")


def _words(role: Opportunity) -> str:
    pay, work = wording.pay_phrase(role), wording.work_phrase(role)
    return clean_line(f"{work.main} {work.note}. {pay.main}. {wording.place_phrase(role)}.")


def _content(role: Opportunity) -> str:
    """Return the description as HTML; where it shows nothing, the title stands for it."""
    description = clean_text(role.description)
    if visible(description):
        return str(rendered(description))
    return str(format_html("<p>{}</p>", clean_line(role.title)))


class _Atom(Atom1Feed):
    """A feed each of whose entries says in which language it is written."""

    def item_attributes(self, item: dict[str, Any]) -> dict[str, Any]:
        """Return the attributes of an entry's element."""
        language = {"xml:lang": item["language"]} if item.get("language") else {}
        return {**super().item_attributes(item), **language}


def atom(request: HttpRequest, roles: list[Opportunity]) -> HttpResponse:
    """Return the newest roles of a filter as an Atom feed."""
    feed = _Atom(
        title=_title("Roles", request),
        link=_list_of(request),
        description="Internships and micro-internships that are open now.",
        feed_url=f"{settings.SITE_URL}{request.get_full_path()}",
        language="en",
    )
    for role in roles:
        feed.add_item(
            title=clean_line(role.title),
            link=job_posting.address_of(role),
            description=format_html(
                "<p>{}</p>{}", _words(role), rendered(clean_text(role.description))
            ),
            author_name=clean_line(role.employer.name),
            pubdate=role.opened_at,
            updateddate=_changed_at(role),
            unique_id=_tag(role),
            language=role.language,
            categories=[role.format_name, role.get_field_display()],
        )
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(response, "utf-8")
    return response


def json_feed(request: HttpRequest, roles: list[Opportunity]) -> HttpResponse:
    """Return the newest roles of a filter as JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title("Roles", request),
        "home_page_url": _list_of(request),
        "feed_url": f"{settings.SITE_URL}{request.get_full_path()}",
        "language": "en",
        "items": [
            {
                "id": _tag(role),
                "url": job_posting.address_of(role),
                "title": clean_line(role.title),
                "summary": _words(role),
                "content_html": _content(role),
                **({"language": role.language} if role.language else {}),
                "date_published": role.opened_at.isoformat() if role.opened_at else None,
                "date_modified": _changed_at(role).isoformat(),
                "authors": [{"name": clean_line(role.employer.name)}],
                "tags": [role.format_name, role.get_field_display()],
            }
            for role in roles
        ],
    }
    return JsonResponse(feed, content_type="application/feed+json")


def deadlines(request: HttpRequest, roles: list[Opportunity]) -> HttpResponse:
    """Return the last days to apply of a filter as a calendar."""
    content = calendar_files.write(
        [job_posting.deadline_of(role) for role in roles if role.apply_by is not None],
        title=_title("Deadlines", request),
        refreshed=timedelta(hours=12),
    )
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


class Roles(Sitemap):  # type: ignore[type-arg]
    """Open roles, each with the day on which it really changed."""

    def items(self) -> OpportunityQuerySet:
        return Opportunity.objects.listed(at=timezone.now()).order_by("id")

    def location(self, item: Opportunity) -> str:
        return item.path

    def lastmod(self, item: Opportunity) -> datetime:
        return _changed_at(item)


class Employers(Sitemap):  # type: ignore[type-arg]
    """Employers with open roles."""

    def items(self) -> QuerySet[Employer]:
        listed = Opportunity.objects.listed(at=timezone.now())
        return Employer.objects.active().filter(pk__in=listed.values("employer")).order_by("id")

    def location(self, item: Employer) -> str:
        return reverse("opportunities:employer", args=[item.slug])


class Formats(Sitemap):  # type: ignore[type-arg]
    """The formats of roles."""

    def items(self) -> list[Format]:
        return list(FORMATS.values())

    def location(self, item: Format) -> str:
        return reverse("opportunities:format", args=[item.path])


class Pages(Sitemap):  # type: ignore[type-arg]
    """The pages that explain the site, by their names."""

    def items(self) -> list[str]:
        return [
            "home", "browse", "formats", "employers", "rules", "privacy", "terms", "accessibility",
        ]  # fmt: skip

    def location(self, item: str) -> str:
        return reverse(f"opportunities:{item}")


SITEMAPS: Final[dict[str, Any]] = {
    "roles": Roles,
    "employers": Employers,
    "formats": Formats,
    "pages": Pages,
}


@login_not_required
@require_safe
def sitemap(request: HttpRequest, section: str = "") -> HttpResponse:
    """Return a sitemap, or the index of all, as it stood within the last five minutes."""

    def make(basis: Basis) -> HttpResponse:
        basis.ask()
        if section:
            return views.sitemap(request, SITEMAPS, section).render()
        return views.index(request, SITEMAPS, sitemap_url_name="sitemap-section").render()

    return page_cache.page(request, make, reads=("p",) if section else ())


@login_not_required
@require_safe
def text(_request: HttpRequest, template: str) -> HttpResponse:
    """Show a well-known file that is words alone."""
    context = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "host": _host(),
        "expires": f"{timezone.now().date() + timedelta(days=180)}T00:00:00Z",
    }
    words = render_to_string(template, context)
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Lead password managers to the page that changes a password."""
    return redirect("account_change_password")
