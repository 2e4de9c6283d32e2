"""Finds open roles: one set of filters for the page, the API, feeds and saved searches.

A repeated name means "or", different names mean "and"; a name that is not known is refused, so
that a typing error never widens the result.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any, Final, NamedTuple

import django_filters
from django import forms
from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Case, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.core import form_fields, languages, pay
from opportunities.core.errors import Fault, Invalid
from opportunities.core.languages import Translatable
from opportunities.core.models import Site
from opportunities.core.page_cache import Basis
from opportunities.core.validation import Amount, Choice, Code, Day, Words
from opportunities.employers.models import Employer
from opportunities.places import areas
from opportunities.places.folding import AS_TWO_LETTERS
from opportunities.roles.fields import FIELDS, Filter, RoleField
from opportunities.roles.formats import Kind
from opportunities.roles.models import Opportunity, OpportunityQuerySet, OpportunitySkill
from opportunities.roles.models.listings import SEARCH_CONFIG
from opportunities.skills.lookup import skills_alike, skills_named
from opportunities.skills.models import Skill
from opportunities.skills.vocabulary.words import STOP_WORDS, normalize

SHOWN_IN_LIST: Final = ("pk", "employer__name")
"""A column of each table whose rows a role of a list is made of."""
SECONDS_IN_LIST: Final = 10
"""For how long a list is kept, with its count and what the words of a search find first."""

MAX_WORDS: Final = 100
"""Characters of a search term; longer ones are refused."""

MAX_TERMS: Final = 12
MAX_SPELLINGS: Final = 6
MAX_EMPLOYERS: Final = 500
MOST_MEANT: Final = 3
NAMED_BONUS: Final = 0.5
"""What an employer or skill of that name counts beside words of a text."""

_OPERATORS: Final = re.compile(r"[\"\u201c\u201d]|(?:^|\s)-\w|\sor\s", re.IGNORECASE)
_SPELLINGS: Final = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r"([aou])e(?=[a-z]{2})", r"\1"),
        (r"is(?=(?:e|ed|es|er|ers|ing|ation|ations)$)", "iz"),
        (r"iz(?=(?:e|ed|es|er|ers|ing|ation|ations)$)", "is"),
        (r"our(?=s?$|ed$|ing$|ite$)", "or"),
        (r"(?<=[bhlnv])or(?=s?$)", "our"),
        (r"tre(?=s?$)", "ter"),
        (r"(?<=cen)ter(?=s?$)", "tre"),
        (r"^programme", "program"),
        (r"^program(?!m)", "programme"),
    )
)
"""German without its dots, and both ways of English."""

SORTS: Final[Mapping[str, tuple[str, Translatable]]] = {
    "-published_at": ("-opened_at", gettext_lazy("Newest")),
    "apply_by": ("apply_by", gettext_lazy("Closing soonest")),
    "-pay_hour": ("-pay_hour", gettext_lazy("Highest pay")),
    "hours_total": ("hours_total", gettext_lazy("Least time")),
    "relevance": ("-relevance", gettext_lazy("Best match of words")),
}


class Asked(NamedTuple):
    """A filter as the page asks for it."""

    name: str
    label: Translatable
    kind: str
    """text, number, date, flag or choice; several where any number may be chosen."""
    choices: Sequence[tuple[Any, Translatable]] = ()
    """The values of a choice, each with its words."""
    names: tuple[str, ...] = ()
    """What the browser completes what is typed with."""


class _TypedNumber(forms.DecimalField):
    """A number as the reader's language writes it, or as programs do."""

    def to_python(self, value: Any) -> Any:
        """Read what was typed."""
        return super().to_python(languages.number_typed(value) if value else value)

    def validate(self, value: Any) -> None:
        """Refuse what is out of range, with the limit as the reader's language writes it."""
        super().validate(value)
        if value is None:
            return
        limits = (
            (self.min_value, MinValueValidator),
            (self.max_value, MaxValueValidator),
        )
        for limit, rule in limits:
            if isinstance(limit, int) and rule(limit).compare(value, limit):
                told = {"limit_value": languages.number(limit)}
                raise forms.ValidationError(rule.message, code=rule.code, params=told)


class _TypedAmount(_TypedNumber):
    """An amount of the site's currency, alone or with its sign."""

    def to_python(self, value: Any) -> Any:
        """Read what was typed."""
        try:
            return super().to_python(value)
        except forms.ValidationError:
            amount = form_fields.money("")
            amount.currency = Site.load().currency
            return super().to_python(amount.to_python(value))


class _Number(django_filters.NumberFilter):  # type: ignore[misc]  # untyped library
    """A filter by a number that people type."""

    field_class = _TypedNumber


class _Amount(_Number):
    """A filter by an amount of money."""

    field_class = _TypedAmount


class _Named(django_filters.CharFilter):  # type: ignore[misc]  # untyped library
    """A filter by a code that people know by its name."""

    field_class = form_fields.Named


class _Repeated(django_filters.MultipleChoiceFilter):  # type: ignore[misc]  # untyped library
    """A filter that may be repeated; a refusal of what is none of its choices names these."""

    def __init__(self, *, choices: Sequence[tuple[Any, Any]], **options: Any) -> None:
        unknown = format_lazy(
            gettext_lazy("“%(value)s” is not one of: {known}."),
            known=", ".join(str(value) for value, _label in choices),
        )
        told = {"invalid_choice": unknown}
        super().__init__(distinct=False, choices=choices, error_messages=told, **options)


def _filter_of(row: RoleField, rule: Filter) -> django_filters.Filter:
    """Return the filter of one field by one rule."""
    told: dict[str, Any] = {"field_name": row.column, "lookup_expr": rule.lookup}
    if rule.method:
        told = {"method": rule.method}
    made: django_filters.Filter
    match row.kind:
        case Code() if rule.names:
            made = _Named(**told, names=rule.names, kind=row.kind)
        case Choice(choices=choices) if not rule.method:
            made = _Repeated(field_name=row.name, choices=choices)
        case Words(choices=choices) if rule.low is None:
            made = _Repeated(**told, choices=choices)
        case Day():
            made = django_filters.DateFilter(**told)
        case Amount():
            made = _Amount(**told, min_value=rule.low, max_value=rule.high)
        case _ if rule.low is not None:
            made = _Number(**told, min_value=rule.low, max_value=rule.high)
        case _ if rule.most is not None:
            made = django_filters.CharFilter(**told, max_length=rule.most)
        case _:
            made = django_filters.BooleanFilter(**told)
    return made


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

    base_filters: dict[str, django_filters.Filter]

    def __init__(self, params: QueryDict, queryset: OpportunityQuerySet) -> None:
        # Each filter is copied, becomes a field of a form and is asked: only those that are used.
        self.base_filters = {
            name: each for name, each in self.base_filters.items() if name in params
        }
        super().__init__(params, queryset)

    def words(self, roles: OpportunityQuerySet, name: str, text: str) -> OpportunityQuerySet:
        """Keep roles that say every word: in title, text or place, by their employer or a skill.

        A title spelled much like the words is found as well. Quotation marks, "or" and a minus
        before a word are taken as search engines take them, in title, text and place.
        """
        whole = SearchQuery(text, search_type="websearch", config=SEARCH_CONFIG)
        found, named = Q(search=whole), Q(pk__in=[])
        if _OPERATORS.search(text):
            words = {}
        else:
            words = _words(text)
            # The title first: a row that it finds is not asked for its long text as well.
            found = Q(title__trigram_word_similar=text) | found
        if words:
            skilled, employed = _skilled(list(words)), _employed(words)
            each = Q()
            for word in words:
                beside = Q(pk__in=skilled[word].values("opportunity")) if word in skilled else Q()
                if employers := employed.get(word):
                    beside |= Q(employer__in=employers)
                named |= beside
                each &= Q(search=_spelled(words[word])) | beside
            found |= each
        likeness = SearchRank(F("search"), whole) + TrigramWordSimilarity(text, F("title"))
        bonus = Case(When(named, then=Value(NAMED_BONUS)), default=Value(0.0))
        return roles.filter(found).annotate(
            relevance=Cast(likeness, FloatField()) + Cast(bonus, FloatField())
        )

    def using_skill(self, roles: OpportunityQuerySet, name: str, text: str) -> OpportunityQuerySet:
        """Keep roles that use or teach one of the skills, named by slug, label or other name."""
        named = (self.data.getlist("skill") if isinstance(self.data, QueryDict) else [text])[:20]
        found = skills_named(texts=named).values()
        used = OpportunitySkill.objects.filter(Q(skill__slug__in=named) | Q(skill__in=found))
        return roles.filter(pk__in=used.values("opportunity"))

    def at_place(self, roles: OpportunityQuerySet, name: str, text: str) -> OpportunityQuerySet:
        """Keep roles at a place, within the kilometres asked for, or where its name is told.

        A division or a country keeps what lies in it; a place that is not known, its name alone.
        """
        by_name = Q(place__unaccent__icontains=text) | Q(region__iexact=text)
        asked = self.form.cleaned_data.get("within")
        area = areas.searched(text, km=int(asked) if asked else None)
        if area.country:
            inside = Q(country=area.country)
            if area.division:
                return roles.filter(by_name | (inside & Q(region__iexact=area.division)))
            return roles.filter(by_name | inside)
        if area.cities is None:
            return roles.filter(by_name)
        return roles.filter(Q(cities__overlap=list(area.cities)) | (Q(cities=[]) & by_name))

    def within_km(self, roles: OpportunityQuerySet, name: str, km: Any) -> OpportunityQuerySet:
        """Say how far around the place ``at_place`` looks; it keeps nothing by itself."""
        return roles

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

    def leaving_with(self, roles: OpportunityQuerySet, name: str, some: list[str]) -> QuerySet[Any]:
        """Keep roles from which one leaves with one of these."""
        return roles.filter(evidence__overlap=some)

    def without_steps(
        self, roles: OpportunityQuerySet, name: str, some: list[str]
    ) -> QuerySet[Any]:
        """Keep roles that say how they choose, without any of these steps."""
        return roles.filter(steps__isnull=False).exclude(steps__overlap=some)

    def mentored(self, roles: OpportunityQuerySet, name: str, wanted: bool) -> QuerySet[Any]:  # noqa: FBT001
        """Keep roles with, or without, a mentor's weekly time."""
        with_mentor = Q(mentor_minutes_per_week__gt=0)
        return roles.filter(with_mentor if wanted else ~with_mentor)


def _words(text: str) -> dict[str, list[str]]:
    """Return the words that say something, without accents, each with its usual spellings."""
    words: dict[str, list[str]] = {}
    for token in text.split():
        german = normalize(token.casefold().translate(AS_TWO_LETTERS)).split()
        for place, word in enumerate(normalize(token).split()):
            if word not in STOP_WORDS:
                other = german[place : place + 1] if word not in german else []
                words[word] = list(dict.fromkeys([*spellings(word), *other]))
    return dict(list(words.items())[:MAX_TERMS])


def spellings(word: str) -> list[str]:
    """Return the usual spellings of a word that has no accents: Zuerich is Zurich, labour labor."""
    found = {word: None}
    for pattern, other in _SPELLINGS:
        found |= dict.fromkeys(pattern.sub(other, each) for each in list(found))
    return [each for each in found if each][:MAX_SPELLINGS]


def _spelled(spelled: list[str]) -> Any:
    """Return the question for any of these spellings."""
    queries = [SearchQuery(each, search_type="plain", config=SEARCH_CONFIG) for each in spelled]
    return reduce(or_, queries)


def _skilled(words: list[str]) -> dict[str, QuerySet[OpportunitySkill]]:
    """Return, for each word that is or helps to name a skill, who uses that skill."""
    phrases = {
        " ".join(words[start:stop]): words[start:stop]
        for start in range(len(words))
        for stop in range(start + 1, min(start + 4, len(words)) + 1)
    }
    named: dict[str, list[int]] = {}
    for phrase, skill in skills_named(texts=phrases).items():
        for word in phrases[phrase]:
            named.setdefault(word, []).append(skill.pk)
    return {word: OpportunitySkill.objects.filter(skill__in=ids) for word, ids in named.items()}


def _employed(words: Mapping[str, list[str]]) -> dict[str, list[int]]:
    """Return, for each word, the employers in whose names a word begins so."""
    some = Q()
    for each in words.values():
        for spelling in each:
            some |= Q(name__unaccent__icontains=spelling)
    found: dict[str, list[int]] = {}
    for pk, name in Employer.objects.filter(some).values_list("pk", "name")[:MAX_EMPLOYERS]:
        told = f" {normalize(name)}"
        for word, each in words.items():
            if any(f" {spelling}" in told for spelling in each):
                found.setdefault(word, []).append(pk)
    return found


def search(
    params: QueryDict, *, at: datetime, also_known: Iterable[str] = ()
) -> tuple[OpportunityQuerySet, str]:
    """Return the listed roles that pass the filters, and the ordering to page by.

    ``params`` may also hold ``sort`` and the names in ``also_known`` (cursor, limit, …). Raises
    ``Invalid`` that names each parameter which is unknown or has a bad value.
    """
    known = set(RoleFilters.base_filters) | {"sort"} | set(also_known)
    faults = [
        Fault(name, "unknown_parameter", _("%(name)s is not a filter of roles.") % {"name": name})
        for name in params
        if name not in known
    ]
    sort = sort_of(params)
    if sort not in SORTS or (sort == "relevance" and not words_of(params)):
        detail = _("sort is one of: %(known)s.") % {"known": ", ".join(SORTS)}
        faults.append(Fault("sort", "unknown_sort", detail))
    roles = Opportunity.objects.listed(at=at)
    if not RoleFilters.base_filters.keys().isdisjoint(params):
        filters = RoleFilters(params, queryset=roles)
        if filters.form.is_valid():
            roles = filters.qs
        else:
            labels = _labels()
            faults += [
                Fault(name, "bad_value", f"{labels.get(name, name)}: {message}")
                for name, messages in filters.form.errors.items()
                for message in messages
            ]
    if faults:
        raise Invalid(*faults)
    return roles.annotate(pay_hour=Coalesce("hourly_minor", 0)), SORTS[sort][0]


def asked() -> list[Asked]:
    """Return the filters that the page asks for, in the order of the fields."""
    found = [Asked("kind", _("Kind"), "several", Kind.choices)]
    for row in FIELDS.values():
        for name, rule in row.filters.items():
            each = RoleFilters.base_filters[name]
            kind, words = _FORM_KINDS.get(type(each), "text"), each.extra.get("choices", ())
            if row.scale:
                kind, words = "choice", [(f"{value:g}", said) for value, said in row.scale.items()]
            names = tuple(rule.names().shown.values()) if rule.names else ()
            found.append(Asked(name, rule.label or row.label, kind, words, names))
    return [*found, Asked("verified", _("Verified employers"), "flag")]


def shown(name: str, raw: str) -> str:
    """Return what a filter asks for as people read it: a name for a code, 12,5 for 12.5."""
    field = RoleFilters.base_filters[name].field
    if isinstance(field, form_fields.Named):
        return str(field.prepare_value(raw))
    return languages.number_to_type(raw) if isinstance(field, _TypedNumber) else raw


def in_words(params: QueryDict) -> list[tuple[str, list[str]]]:
    """Return each filter of a search by its label, with what it asks for in words.

    A filter that only says yes asks for nothing beside its label.
    """
    words = {each.name: each.choices for each in asked()}
    labels = _labels()
    found = []
    for name, given in params.lists():
        if name == "sort":
            continue
        known = dict(words.get(name, ())) | {"true": "", "false": _("no")}
        if name in RoleFilters.base_filters:
            known = {value: shown(name, value) for value in given} | known
        said = [str(known.get(value, value)) for value in given]
        found.append((labels.get(name, name), [each for each in said if each]))
    return found


def _labels() -> dict[str, str]:
    """Return what people call each filter."""
    found = {each.name: str(each.label) for each in asked()}
    return found | {"q": _("Words"), "employer": _("Employer"), "updated_since": _("Changed since")}


_FORM_KINDS: Final[Mapping[type, str]] = {
    _Repeated: "several",
    _Amount: "number",
    _Number: "number",
    django_filters.BooleanFilter: "flag",
    django_filters.DateFilter: "date",
}


def skills_meant(text: str, *, at: datetime) -> list[Skill]:
    """Return skills of listed roles whose names are spelled much like all or one of these words."""
    words = list(dict.fromkeys([text, *text.split()]))[:MAX_TERMS]
    alike = dict.fromkeys(chain(*skills_alike(texts=words, limit=MOST_MEANT).values()))
    listed = Opportunity.objects.listed(at=at)
    uses = OpportunitySkill.objects.filter(opportunity__in=listed, skill__in=alike)
    used = set(uses.values_list("skill", flat=True))
    return [skill for skill in alike if skill.pk in used][:MOST_MEANT]


def rest_on(basis: Basis, roles: Iterable[Opportunity], *, at: datetime) -> None:
    """Let a page rest on these roles while they are listed, whatever else might be found."""
    shown = sorted(roles, key=lambda role: role.pk)
    listed = Opportunity.objects.listed(at=at).filter(pk__in=[role.pk for role in shown])
    basis.add_read(listed.order_by("pk"), *SHOWN_IN_LIST, read=shown)


def sort_of(params: QueryDict) -> str:
    """Return the sort asked for: without one, the best match of words, or the newest."""
    return params.get("sort") or ("relevance" if words_of(params) else "-published_at")


def words_of(params: QueryDict) -> str:
    """Return the words that are looked for; spaces alone are none."""
    return params.get("q", "").strip()


def without_paging(params: QueryDict) -> str:
    """Return the query string of a search, without what only pages it: the form that is saved.

    Numbers are written as programs write them: a saved search is read in any language.
    """
    kept = params.copy()
    for name in ("cursor", "limit"):
        kept.pop(name, None)
    for name, values in list(kept.lists()):
        if isinstance(RoleFilters.base_filters.get(name), _Number):
            kept.setlist(name, [languages.number_typed(value) for value in values])
    return kept.urlencode()
