"""Roles that are likely to come: short ones like those that opened in the same month a year ago.

They are counted among what this site has published itself. Where it is younger than that, or too
few opened, nothing is said. Nobody has promised such a role: no plan counts on one or keeps it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.core.cache import caches
from django.db.models import Aggregate, Case, Count, F, FloatField, IntegerField, Value, When
from django.db.models.functions import Abs, TruncMonth
from django.utils.translation import gettext as _

from matching.engine import POINT, Candidate, Opportunity, Vocabulary, facts
from matching.engine.planning import Plan, value_plan
from matching.priors import PRIORS
from matching.recommending.decision_days import APPLY_WITHIN_DAYS, last_day_of, timeline
from matching.store import read_roles
from opportunities.core import languages
from opportunities.core.fields_of_work import Field
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.models import Site
from opportunities.employers.models import EmployerStatus
from opportunities.roles.formats import Kind
from opportunities.roles.models import Opportunity as Role
from opportunities.roles.models import OpportunityQuerySet
from opportunities.roles.wording import quantity

ENOUGH: Final = 5
"""Roles that must have opened in a month of last year for the like to be expected this year."""
EMPLOYERS: Final = 3
"""Of at least so many employers, since what one does every year says little of the others."""
MONTHS: Final = 6
"""How many months are looked ahead, from the next one on."""
BANDS: Final = (15, 40, 80)
"""Most hours of roles that are alike: up to 15, above that up to 40, above that up to 80."""
YEAR: Final = timedelta(weeks=52)
"""After so long the same day of the week comes in the same season."""
SEASONS_TRIED: Final = 2
EXAMPLES: Final = 2
"""Roles of a season that are tried, to find one within the person's limits and weeks."""
KEPT_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True, order=True)
class Season:
    """Roles that were alike and opened in one month of last year."""

    field: str
    month: date
    """The first day of the month that is ahead, a year later."""
    most_hours: int
    """Which band of hours they are of."""
    opened: int
    """How many of them."""
    hours: float
    """The median."""


@dataclass(frozen=True, slots=True)
class Likely:
    """A role that is likely to come in time for a plan, and that plan with it."""

    season: Season
    starts: date
    """When the work could begin."""
    ends: date
    with_it: Plan

    @property
    def name(self) -> str:
        """Name it by its field and hours; it has no title yet."""
        words = _("%(field)s: a short role of about %(hours)s")
        hours = quantity(round(self.season.hours), "hour")
        return words % {"field": Field(self.season.field).label, "hours": hours}

    @property
    def evidence(self) -> str:
        """Say what it rests on."""
        words = _("likely: %(count)s like it opened in %(month)s")
        month = languages.day(_last_year(self.season.month), "F Y")
        return words % {"count": languages.number(self.season.opened), "month": month}

    @property
    def search(self) -> str:
        """The filters of the list of roles that such a role passes once it is open."""
        return urlencode(
            {
                "kind": Kind.MICRO.value,
                "field": self.season.field,
                "hours_total_max": self.season.most_hours,
            }
        )


class _Median(Aggregate):
    """The value in the middle; of two the lower one."""

    function = "percentile_disc"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def likely_after(
    plan: Plan,
    roles: Sequence[Opportunity],
    person: Candidate,
    *,
    vocabulary: Vocabulary,
    at: datetime,
) -> Likely | None:
    """Return the likely role that is best after a plan of these roles; None if each costs a point.

    It follows them, and is of a field that the person puts first, or of one of the plan's where
    they name none. What it offers is read off roles of last year, with their days a year on.
    """
    wanted = {name for name, share in person.interests.items() if share >= 1}
    wanted = wanted or {role.field for role in roles}
    fitting = [season for season in seasons(at=at) if season.field in wanted][:SEASONS_TRIED]
    if not fitting:
        return None
    starts_of = dict(zip(plan.opportunities, plan.starts, strict=True))
    placed = [
        replaced(role, start_earliest=starts_of[role.id], start_latest=starts_of[role.id])
        for role in roles
    ]
    free = max(
        date.fromisoformat(starts_of[role.id]) + timedelta(days=ceil(7 * facts(role, PRIORS).weeks))
        for role in roles
    )
    found: list[Likely] = []
    for season in fitting:
        for example in _examples(season, at=at):
            name = example.role.id
            with_it = value_plan(
                person,
                [*placed, example.role],
                priors=PRIORS,
                vocabulary=vocabulary,
                begins={name: max(example.begins, free).isoformat()},
            )
            if with_it is not None and _points(with_it) >= _points(plan):
                days = dict(zip(with_it.opportunities, with_it.starts, strict=True))
                starts = date.fromisoformat(days[name])
                found.append(Likely(season, starts, starts + example.lasts, with_it))
                break
    return max(found, key=lambda each: each.with_it.score, default=None)


def seasons(*, at: datetime) -> list[Season]:
    """Return what is likely to open in the months ahead, the most of a kind first.

    Counted once an hour, in the whole site: everybody is told of the same.
    """
    first = _month_after(at.date())
    return _kept(f"seasons.{first}", lambda: _count(first))


def _kept[Answer](name: str, make: Callable[[], Answer]) -> Answer:
    """Return what was made under a name within the hour."""
    return cast("Answer", caches["plans"].get_or_set(name, make, KEPT_SECONDS))


def _count(first: date) -> list[Season]:
    months = [first]
    while len(months) <= MONTHS:
        months.append(_month_after(months[-1]))
    ahead = {_last_year(month): month for month in months[:-1]}
    counted = (
        _opened(_last_year(first), _last_year(months[-1]))
        .annotate(month=TruncMonth("opened_at", tzinfo=UTC), most_hours=_BAND)
        .order_by()
        .values("field", "month", "most_hours")
        .annotate(
            count=Count("pk"),
            employers=Count("employer", distinct=True),
            hours=_Median("hours_total"),
        )
        .filter(count__gte=ENOUGH, employers__gte=EMPLOYERS)
    )
    found = [
        Season(
            row["field"],
            ahead[row["month"].date()],
            row["most_hours"],
            row["count"],
            row["hours"],
        )
        for row in counted
    ]
    return sorted(found, key=lambda each: (-each.opened, each))


_BAND: Final = Case(
    *(When(hours_total__lte=most, then=Value(most)) for most in BANDS),
    output_field=IntegerField(),
)


def _opened(since: date, until: date) -> OpportunityQuerySet:
    """Return the short roles that opened within days, but for those that moderators took away."""
    return Role.objects.filter(
        kind=Kind.MICRO,
        hours_total__lte=BANDS[-1],
        status__in=[RoleStatus.OPEN, RoleStatus.PAUSED, RoleStatus.CLOSED],
        employer__status=EmployerStatus.ACTIVE,
        opened_at__gte=datetime.combine(since, time(), UTC),
        opened_at__lt=datetime.combine(until, time(), UTC),
    ).exclude(field="")


@dataclass(frozen=True, slots=True)
class _Example:
    """A role of last year as it would be a year later, when it could begin and how long it takes.

    ``lasts`` is from its first day to its last one.
    """

    role: Opportunity
    begins: date
    lasts: timedelta


def _examples(season: Season, *, at: datetime) -> list[_Example]:
    """Return those of last year's roles that took about the usual hours, kept for an hour."""
    name = f"examples.{season.field}.{season.month}.{season.most_hours}"
    return _kept(name, lambda: _read_examples(season, at=at))


def _read_examples(season: Season, *, at: datetime) -> list[_Example]:
    month, site = _last_year(season.month), Site.load()
    rows = list(
        _opened(month, _month_after(month))
        .annotate(most_hours=_BAND, off=Abs(F("hours_total") - Value(season.hours)))
        .filter(field=season.field, most_hours=season.most_hours, status=RoleStatus.CLOSED)
        .select_related("employer")
        .defer("description", "search")
        .order_by("off", "pk")[:EXAMPLES]
    )
    read = read_roles([row.pk for row in rows], at=at, listed=False)
    found = []
    for row in rows:
        applied = (row.opened_at or at).date() + YEAR + timedelta(days=APPLY_WITHIN_DAYS)
        begins = timeline(row, site, applied=applied).begins
        role = _a_year_later(read[row.pk].opportunity)
        found.append(_Example(role, begins, last_day_of(row, begins) - begins))
    return found


def _a_year_later(role: Opportunity) -> Opportunity:
    moved: Mapping[str, Any] = {
        name: (date.fromisoformat(day) + YEAR).isoformat()
        for name in ("start_earliest", "start_latest")
        if (day := getattr(role, name)) is not None
    }
    return replaced(role, **moved)


def _points(plan: Plan) -> int:
    return round(plan.score / POINT)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _last_year(month: date) -> date:
    return month.replace(year=month.year - 1)
