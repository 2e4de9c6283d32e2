"""Finds open roles: one set of filters for the page, the API, feeds and saved searches.

A repeated name means "or", different names mean "and"; a name that is not known is refused, so
that a typing error never widens the result.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import django_filters
from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict

from opportunities.core import pay
from opportunities.core.errors import Fault, Invalid
from opportunities.core.models import Site
from opportunities.core.validation import Choice, Day, Flag
from opportunities.roles.fields import FIELDS, Filter, RoleField
from opportunities.roles.formats import Kind
from opportunities.roles.models import Opportunity, OpportunityQuerySet, OpportunitySkill

MAX_WORDS: Final = 100
"""Characters of a search term; longer ones are refused."""

SORTS: Final[Mapping[str, tuple[str, str]]] = {
    "-published_at": ("-opened_at", "Newest"),
    "apply_by": ("apply_by", "Closing soonest"),
    "-pay_hour": ("-pay_hour", "Highest pay"),
    "hours_total": ("hours_total", "Least time"),
    "relevance": ("-relevance", "Best match of words"),
}


class _Repeated(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped library
    """A filter that may be repeated."""

    def __init__(self, **options: Any) -> None:
        super().__init__(distinct=False, **options)


def _filter_of(row: RoleField, rule: Filter) -> django_filters.Filter:
    """Return the filter of one field by one rule."""
    told: dict[str, Any] = {"field_name": row.column, "lookup_expr": rule.lookup}
    if rule.method:
        told = {"method": rule.method}
    match row.kind:
        case Choice(choices=choices) if not rule.method:
            return _Repeated(field_name=row.name, choices=choices)
        case Day():
            return django_filters.DateFilter(**told)
        case Flag():
            return django_filters.BooleanFilter(**told)
        case _ if rule.low is not None:
            return django_filters.NumberFilter(**told, min_value=rule.low, max_value=rule.high)
        case _ if rule.most is not None:
            return django_filters.CharFilter(**told, max_length=rule.most)
    return django_filters.BooleanFilter(**told)


_OfFields: Any = type(
    "_OfFields",
    (django_filters.FilterSet,),
    {
        parameter: _filter_of(row, rule)
        for row in FIELDS.values()
        for parameter, rule in row.filters.items()
    },
)


class RoleFilters(_OfFields):  # type: ignore[misc]  # made from the table of fields
    """The filters of the list of roles; money is major units an hour of the site's currency."""

    q = django_filters.CharFilter(method="words", max_length=MAX_WORDS)
    kind = _Repeated(choices=Kind.choices)
    employer = django_filters.CharFilter(field_name="employer__slug", max_length=140)
    verified = django_filters.BooleanFilter(
        field_name="employer__verified_at", lookup_expr="isnull", exclude=True
    )
    updated_since = django_filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gte")

    class Meta:
        model = Opportunity
        fields: list[str] = []

    def words(self, roles: OpportunityQuerySet, name: str, text: str) -> OpportunityQuerySet:
        """Full-text search over title, summary and text, or a title much like the words."""
        query = SearchQuery(text, search_type="websearch", config="english")
        return roles.filter(Q(search=query) | Q(title__trigram_word_similar=text)).annotate(
            relevance=SearchRank(F("search"), query) + TrigramWordSimilarity(text, F("title"))
        )

    def using_skill(self, roles: OpportunityQuerySet, name: str, text: str) -> OpportunityQuerySet:
        """Keep roles that use or teach one of the skills named by the query string."""
        slugs = self.data.getlist("skill") if isinstance(self.data, QueryDict) else [text]
        used = OpportunitySkill.objects.filter(skill__slug__in=slugs[:20])
        return roles.filter(pk__in=used.values("opportunity"))

    def at_place(self, roles: OpportunityQuerySet, name: str, text: str) -> OpportunityQuerySet:
        """Keep roles at a place of that name, or in a region of that code."""
        return roles.filter(Q(place__icontains=text) | Q(region__iexact=text))

    def paid_at_least(self, roles: OpportunityQuerySet, name: str, major: Any) -> QuerySet[Any]:
        """Compare the effective hourly pay, whatever the way of paying."""
        places = pay.EXPONENT.get(Site.load().currency, 2)
        return roles.filter(hourly_minor__gte=major.scaleb(places))

    def starting_from(self, roles: OpportunityQuerySet, name: str, day: Any) -> QuerySet[Any]:
        """Keep roles that can still start on that day or later."""
        return roles.filter(Q(start_latest__isnull=True) | Q(start_latest__gte=day))

    def starting_to(self, roles: OpportunityQuerySet, name: str, day: Any) -> QuerySet[Any]:
        """Keep roles that can start by that day."""
        return roles.filter(Q(start_earliest__isnull=True) | Q(start_earliest__lte=day))

    def mentored(self, roles: OpportunityQuerySet, name: str, wanted: bool) -> QuerySet[Any]:  # noqa: FBT001
        """Keep roles with, or without, a mentor's weekly time."""
        with_mentor = Q(mentor_minutes_per_week__gt=0)
        return roles.filter(with_mentor if wanted else ~with_mentor)


def search(
    params: QueryDict, *, at: datetime, also_known: Iterable[str] = ()
) -> tuple[OpportunityQuerySet, str]:
    """Return the listed roles that pass the filters, and the ordering to page by.

    ``params`` may also hold ``sort`` and the names in ``also_known`` (cursor, limit, …). Raises
    ``Invalid`` that names each parameter which is unknown or has a bad value.
    """
    known = set(RoleFilters.base_filters) | {"sort"} | set(also_known)
    faults = [
        Fault(name, "unknown_parameter", f"{name} is not a filter of roles.")
        for name in params
        if name not in known
    ]
    sort = sort_of(params)
    if sort not in SORTS or (sort == "relevance" and not params.get("q")):
        faults.append(Fault("sort", "unknown_sort", f"sort is one of: {', '.join(SORTS)}."))
    roles = Opportunity.objects.listed(at=at)
    if not RoleFilters.base_filters.keys().isdisjoint(params):
        filters = RoleFilters(params, queryset=roles)
        if filters.form.is_valid():
            roles = filters.qs
        else:
            faults += [
                Fault(name, "bad_value", f"{name}: {message}")
                for name, messages in filters.form.errors.items()
                for message in messages
            ]
    if faults:
        raise Invalid(*faults)
    return roles.annotate(pay_hour=Coalesce("hourly_minor", 0)), SORTS[sort][0]


def sort_of(params: QueryDict) -> str:
    """Return the sort asked for: without one, the best match of words, or the newest."""
    return params.get("sort") or ("relevance" if params.get("q") else "-published_at")


def without_paging(params: QueryDict) -> str:
    """Return the query string of a search, without what only pages it: the form that is saved."""
    kept = params.copy()
    for name in ("cursor", "limit"):
        kept.pop(name, None)
    return kept.urlencode()
