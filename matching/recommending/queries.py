"""What one person is shown of the market: ranked roles with their explanation.

Pages and API both read from here. Order and explanation come from the same integers; a role that
has closed, was dismissed or belongs to a blocked employer is left out when the list is read.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

import numpy as np
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from matching.engine import Candidate, Explanation, explain, explain_rows
from matching.engine import Opportunity as EngineRole
from matching.priors import PRIORS
from matching.recommending import reasons
from matching.recommending.aspect_words import ASPECT_WORDS
from matching.recommending.match_number import MatchNumber, number_of, order_of, place_in_list
from matching.recommending.odds import site_of, with_odds
from matching.recommending.reason_facts import km_away
from matching.recommending.wants_and_offers import WantAndOffer, compare
from matching.store import State, read_roles
from matching.store.live import Order, Ranking, columns_of
from opportunities.core import languages
from opportunities.core.models import Site
from opportunities.roles import wording
from opportunities.roles.models import Opportunity

MOST_ROWS: Final = 100
MOST_LISTED: Final = 1_000
"""Rows of a list that one can page through."""


@dataclass(frozen=True)
class Shown:
    """One role as one person sees it."""

    role: Opportunity
    person: Candidate
    explanation: Explanation
    price: int
    """What is taken off its place because the role is in demand, in ten-thousandths of a point."""
    currency: str
    order: Order = "mutual"
    """The order of the list in which the person is shown roles."""
    is_late: bool = False
    """Whether somebody waits for this employer's answer past the promised day."""

    @cached_property
    def match(self) -> MatchNumber:
        """The number that stands on the role and orders the list, with its parts."""
        return self._number()

    @property
    def number(self) -> int:
        """The number alone."""
        return self.match.value

    @cached_property
    def score(self) -> int:
        """The fit in whole points: what the aspects' whole points add up to."""
        return sum(line.whole_points for line in self.explanation.aspects)

    @cached_property
    def low(self) -> int:
        """The number with every unstated aspect at nothing."""
        return min(self._number(fit=self.explanation.low).value, self.number)

    @cached_property
    def high(self) -> int:
        """The number with every unstated aspect at its best."""
        return max(self._number(fit=self.explanation.high).value, self.number)

    @property
    def ends(self) -> tuple[int, int]:
        """Between which numbers it lies, once all facts are known."""
        return self.low, self.high

    @property
    def spread(self) -> int:
        """The width of the range."""
        return self.high - self.low

    @property
    def in_demand(self) -> int:
        """The whole points that the number loses because the role is in demand."""
        return -self.match.points_of("in_demand")

    def _number(self, *, fit: float | None = None) -> MatchNumber:
        return number_of(
            self.explanation, order=self.order, price=self.price, is_late=self.is_late, fit=fit
        )

    @cached_property
    def reasons(self) -> list[reasons.Reason]:
        """Two reasons, one trade-off, one unknown."""
        return reasons.reasons(self.explanation, self.role, self.person, currency=self.currency)

    @cached_property
    def wants_and_offers(self) -> list[WantAndOffer]:
        """Want against offer."""
        return compare(self.role, self.person, self.explanation, currency=self.currency)

    @property
    def where(self) -> str:
        """Where it is and how far that is, once the person has said where they are."""
        km = km_away(self.person, self.role)
        said = wording.said_place(self.role)
        if km is None or not said:
            return ""
        return _("%(place)s, %(distance)s.") % {
            "place": said,
            "distance": wording.away_phrase(km),
        }

    @property
    def lines(self) -> list[dict[str, object]]:
        """Every aspect with its weight, value and whole points."""
        return [
            {
                "label": ASPECT_WORDS[line.name].label,
                "weight": f"{100 * line.weight:.0f}",
                "value": languages.number(line.value, 2),
                "points": line.whole_points,
                "known": line.known,
            }
            for line in self.explanation.aspects
            if line.weight > 0
        ]

    @property
    def skills(self) -> list[dict[str, object]]:
        """The role's skills, with what the person has and wants."""
        return [
            {
                "name": used.skill.name,
                "held": used.skill.slug in self.person.skills,
                "wanted": used.skill.slug in self.person.targets,
            }
            for used in self.role.skills.all()
        ]


@dataclass(frozen=True, slots=True)
class Listing:
    """The order in which one person is shown roles, after what is filtered when it is read."""

    ids: list[int]
    late: list[int]
    """Those of the best that owe somebody an answer, by id."""
    hourly: Mapping[int, int | None]
    """What each pays an hour in minor units, by id; None where that is not stated."""


def listing(found: Ranking, *, at: datetime, kind: str = "", hidden: Iterable[int] = ()) -> Listing:
    """Return the roles to page through, best first.

    Closed since, dismissed and blocked roles are filtered here, on read, and those that owe
    somebody an answer stand lower: the step before they are hidden.
    """
    seen = ~np.isin(found.ids, np.fromiter(hidden, np.int64))
    ranks = dict(
        zip(found.ids[seen][:MOST_LISTED].tolist(), found.ranks[seen].tolist(), strict=False)
    )
    ranked = among(ranks)
    listed = Opportunity.objects.listed(at=at).filter(ranked)
    kept = listed.filter(kind=kind) if kind else listed
    hourly = dict(kept.values_list("pk", "hourly_minor"))
    late = set(Opportunity.objects.late(at=at).filter(ranked).values_list("pk", flat=True))
    ids = [role for role in ranks if role in hourly]
    if late:
        ids.sort(key=lambda role: (-place_in_list(ranks[role], is_late=role in late), role))
    return Listing(ids, sorted(late), hourly)


def among(ids: Iterable[int]) -> Q:
    """Keep rows of these ids: one array is sent and read far sooner than a thousand numbers."""
    array = f"{{{','.join(map(str, ids))}}}"
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [array]))


def best(found: Ranking, *, at: datetime, limit: int, hidden: Iterable[int] = ()) -> list[Shown]:
    """Return the best of the roles that one person is shown, explained."""
    return part(found, listing(found, at=at, hidden=hidden), offset=0, limit=limit)


def part(found: Ranking, order: Listing, *, offset: int, limit: int) -> list[Shown]:
    """Return some of the roles of a listing, explained."""
    limit = min(limit, MOST_ROWS)
    ids = order.ids[offset : offset + limit]
    return show(found.state, found.person, ids, late=order.late, order=found.order)


def show(
    state: State,
    person: Candidate,
    ids: Sequence[int],
    *,
    late: Collection[int],
    order: Order | None = None,
) -> list[Shown]:
    """Return these roles explained for this person, in the sequence given.

    ``late`` names those that owe somebody an answer; ``order`` is that of the person's list.
    """
    if not ids:
        return []
    columns = columns_of([person], state)
    roles = state.pick_roles(ids)
    places = np.arange(len(roles), dtype=np.int64)
    explanations = explain_rows(
        columns, roles, np.zeros_like(places), places, vocabulary=state.vocabulary
    )
    by_id = dict(zip(roles.ids.tolist(), explanations, strict=True))
    rows = (
        with_odds(Opportunity.objects.select_related("employer").defer("search"))
        .prefetch_related("skills__skill")
        .in_bulk([role for role in ids if role in by_id])
    )
    for row in rows.values():
        row.km_away = km_away(person, row)
    currency = next((site_of(row).currency for row in rows.values()), "")
    return [
        Shown(
            role=rows[role],
            person=person,
            explanation=by_id[role],
            price=state.prices.get(role, 0),
            currency=currency,
            order=order or order_of(person),
            is_late=role in late,
        )
        for role in ids
        if role in rows
    ]


def show_any(
    role: Opportunity, person: Candidate, *, state: State, at: datetime, is_late: bool
) -> tuple[Shown, EngineRole]:
    """Return a role explained for a person, whether or not they pass its gates, and its facts."""
    facts = read_roles([role.pk], at=at, listed=False)[role.pk].opportunity
    shown = Shown(
        role=role,
        person=person,
        explanation=explain(person, facts, priors=PRIORS, vocabulary=state.vocabulary),
        price=state.prices.get(role.pk, 0),
        currency=Site.load().currency,
        order=order_of(person),
        is_late=is_late,
    )
    return shown, facts


def late_among(ids: Collection[int], *, at: datetime) -> set[int]:
    """Return those of these roles that owe somebody an answer."""
    return set(Opportunity.objects.late(at=at).filter(pk__in=ids).values_list("pk", flat=True))
