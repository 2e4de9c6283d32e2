"""What one may know of the chance at a role: places, applicants, when an answer is due, a range.

The range says how it went for others who applied to roles like this one. It is never a promise, and
where too few have been answered there is none. Figures are those of the last count, which a worker
makes every ten minutes; older than a day they are not shown. No exact number of applicants is told
below ``FEWEST_PEOPLE``, to nobody and for no employer: a small number says too much about those who
are known to have applied.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from matching.engine.calibration import IsotonicMap
from matching.engine.odds import FEWEST_PEOPLE, crowded
from matching.models import RoleOdds, SiteOdds
from opportunities.core import languages
from opportunities.core.calendar import add_working_days
from opportunities.core.models import Site
from opportunities.roles.models import Opportunity
from opportunities.roles.response_times import country_of, response_days
from opportunities.roles.wording import day, quantity

OLDEST: Final = timedelta(days=1)
"""Figures of an older count are not shown."""


@dataclass(frozen=True, slots=True)
class Chance:
    """What is known of one role; shares of applicants who get an offer, in [0, 1].

    ``low`` to ``high`` holds the true share of four in five such roles; both are None where too few
    applications were answered to say anything.
    ``applicants`` is None where there are too few to name, where people apply elsewhere, or where
    nothing was counted yet. ``decision_due`` is the day by which whoever applies now is promised an
    answer; None where people apply elsewhere.
    """

    low: float | None
    high: float | None
    places: int
    applicants: int | None
    decision_due: date | None
    counted_at: datetime | None = None
    """When the figures were counted; None if they were not, or too long ago."""
    is_external: bool = False
    """Whether people apply on the employer's own site, where we count nobody."""
    is_full: bool = False
    """Whether every place is held by an offer or an acceptance."""
    is_crowded: bool = False
    """Whether the range is lower than at roles like this, because so many wait here."""

    @property
    def said_places(self) -> str:
        """Say how many places there are."""
        return quantity(self.places, "place")

    @property
    def said_applicants(self) -> str:
        """Say how many applied, for how many places."""
        if self.is_external:
            return _("People apply on the site of the employer, so we cannot count them.")
        if self.counted_at is None:
            return ""
        places = self.said_places
        if self.applicants is None:
            words = _("Fewer than %(count)s people have applied for %(places)s so far.")
            return words % {"count": FEWEST_PEOPLE, "places": places}
        return _("%(count)s people have applied for %(places)s so far.") % {
            "count": languages.number(self.applicants),
            "places": places,
        }

    @property
    def said_offers(self) -> str:
        """Say which share of applicants gets an offer, and nothing of the reader."""
        if self.is_external or self.counted_at is None:
            return ""
        if self.is_full:
            return _("Every place is taken or on offer for now.")
        if self.low is None or self.high is None:
            return _(
                "Too few people had an answer from roles like this to say how many get an offer."
            )
        share = {"share": said_range(self.low, self.high)}
        if self.is_crowded:
            words = _("Going by roles like this and by how many wait here, %(share)s get an offer.")
            return words % share
        return _("Of people who applied to roles like this, %(share)s got an offer.") % share

    @property
    def said_due(self) -> str:
        """Say by when an answer is promised."""
        if self.decision_due is None:
            return ""
        return _("Whoever applies today is promised an answer by %(day)s.") % {
            "day": day(self.decision_due)
        }

    @property
    def says_range(self) -> bool:
        """Whether the words tell a range."""
        return self.low is not None and not self.is_full

    @property
    def in_short(self) -> str:
        """Say all of it in one line, for a card."""
        if self.is_external or self.counted_at is None:
            return ""
        places = self.said_places
        if self.applicants is None:
            words = _("Fewer than %(count)s applied for %(places)s")
            said = [words % {"count": FEWEST_PEOPLE, "places": places}]
        else:
            words = _("%(count)s applied for %(places)s")
            said = [words % {"count": languages.number(self.applicants), "places": places}]
        if self.is_full:
            said.append(_("every place is taken or on offer for now"))
        elif self.low is None or self.high is None:
            said.append(_("too few answers yet to say how many get an offer"))
        else:
            words = (
                _("%(share)s of people here get an offer")
                if self.is_crowded
                else _("%(share)s of people at roles like this get an offer")
            )
            said.append(words % {"share": said_range(self.low, self.high)})
        if self.decision_due:
            said.append(_("an answer promised by %(day)s") % {"day": day(self.decision_due)})
        return " · ".join(said)

    @property
    def sentences(self) -> list[str]:
        """Return all that is said, in its order."""
        return [said for said in (self.said_applicants, self.said_offers, self.said_due) if said]


def with_odds(roles: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """Read with these roles what ``chances_of`` needs of them, so that it asks nothing more."""
    kept = RoleOdds.objects.filter(opportunity_id=OuterRef("pk"))
    return roles.annotate(
        odds=JSONObject(
            kept=_as_json(kept, "applicants", "waiting", "low", "middle", "high"),
            count=_as_json(SiteOdds.objects, "counted_at", "formats", "told", "happened"),
            site=_as_json(
                Site.objects, "currency", "response_days_micro", "response_days_internship"
            ),
        )
    )


def site_of(role: Opportunity) -> Site:
    """Return the settings of the site that ``with_odds`` read with a role."""
    return Site(**vars(role)["odds"]["site"] or {})


def _as_json(rows: Any, *names: str) -> Subquery:
    """Return the one row as an object, null where there is none."""
    return Subquery(rows.values(row=JSONObject(**{name: name for name in names})))


def chances_of(roles: Iterable[Opportunity], *, at: datetime) -> dict[int, Chance]:
    """Return the chance at each of these roles, read with their employers, by its id."""
    rows = list(roles)
    read = {role.pk: getattr(role, "odds", None) for role in rows}
    if unread := [role for role, odds in read.items() if odds is None]:
        asked = with_odds(Opportunity.objects.filter(pk__in=unread).only("pk"))
        read |= {role.pk: getattr(role, "odds", None) for role in asked}
    return {
        role.pk: _chance(role, odds, at=at) for role in rows if (odds := read[role.pk]) is not None
    }


def odds_on_page(role: Opportunity, *, at: datetime) -> str:
    """Return what the page of an open role says of it, as HTML."""
    context = {"chance": chances_of([role], at=at)[role.pk]}
    return render_to_string("matching/recommending/_odds.html", context)


def chance_of(role: Opportunity, *, at: datetime) -> Chance | None:
    """Return the chance at one role; None where nobody can apply."""
    return chances_of([role], at=at)[role.pk] if role.is_open(at=at) else None


def said_range(low: float, high: float) -> str:
    """Write shares as people say them: in steps of five, of one below ten; never narrower."""
    least, most = _percent(low, math.floor), _percent(high, math.ceil)
    words = {"least": languages.number(least), "most": languages.percent(most / 100)}
    if not least:
        return _("at most %(most)s") % words
    if least == most:
        return _("about %(most)s") % words
    return _("%(least)s to %(most)s") % words


def _percent(share: float, towards: Any) -> int:
    percent = round(100 * share, 6)
    step = 5 if percent >= 10 else 1
    return int(step * towards(percent / step))


def _chance(role: Opportunity, odds: Mapping[str, Any], *, at: datetime) -> Chance:
    """Return the chance at a role by what ``with_odds`` read: its own row, the count, the site."""
    if role.apply_url:
        return Chance(None, None, role.capacity, None, None, is_external=True)
    row, count, site = odds["kept"], odds["count"], Site(**odds["site"] or {})
    due = add_working_days(at.date(), response_days(role, site), country=country_of(role))
    counted_at = datetime.fromisoformat(count["counted_at"]) if count else None
    if counted_at is None or counted_at < at - OLDEST:
        return Chance(None, None, role.capacity, None, due)
    if row is None:  # it opened after the count
        low, middle, high = count["formats"].get(role.format, (None, None, None))
        row = {"applicants": 0, "waiting": 0, "low": low, "middle": middle, "high": high}
    free = role.capacity - role.seats_held
    low, high, is_crowded = _range(row, free, count)
    return Chance(
        low=low,
        high=high,
        places=role.capacity,
        applicants=row["applicants"] if row["applicants"] >= FEWEST_PEOPLE else None,
        decision_due=due,
        counted_at=counted_at,
        is_full=free <= 0,
        is_crowded=is_crowded,
    )


def _range(
    row: Mapping[str, Any], free: int, count: Mapping[str, Any]
) -> tuple[float | None, float | None, bool]:
    """Return lower and upper end as told, and whether the crowd here lowers them."""
    ends = [row["low"], row["middle"], row["high"]]
    if None in ends:
        return None, None, False
    usual, crowd = np.array([ends]), (free, row["waiting"], row["applicants"])
    here = crowded(usual, *(np.array([number]) for number in crowd))
    learnt = IsotonicMap(np.array(count["told"]), np.array(count["happened"]))
    low, _middle, high = np.round(learnt(here[0]), 2).tolist()
    return low, high, bool(here[0, 1] < usual[0, 1])
