"""What one person is shown of the market: ranked roles with their explanation.

Pages and API both read from here. Order and explanation come from the same integers; a role that
has closed, was dismissed or belongs to a blocked employer is left out when the list is read.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, Literal, cast

import numpy as np
from django.core.cache import caches
from django.db.models import Q
from django.db.models.expressions import RawSQL

from matching import gaps, reasons, standing
from matching.engine import (
    POINT,
    Candidate,
    Candidates,
    Explanation,
    counterfactuals,
    explain_rows,
    pack_candidates,
)
from matching.engine.columns import Longs
from matching.models import Dismissal
from matching.packed_rows import encode
from matching.priors import PRIORS
from matching.snapshot import State, read_profiles, read_roles
from opportunities.candidates.models import CandidateProfile
from opportunities.core import pay
from opportunities.core.models import Site
from opportunities.roles import wording
from opportunities.roles.models import Opportunity

type Order = Literal["mutual", "fit"]

MOST_ROWS: Final = 100
DEMOTION: Final = 10 * POINT
"""What a role that leaves applicants without their answer loses of its place in every list."""
MOST_LISTED: Final = 1_000
"""Rows of a list that one can page through."""
WORTH_A_WORD: Final = 1.0
"""Points of price from which on people are told that a role is in demand."""


@dataclass(frozen=True)
class Shown:
    """One role as one person sees it."""

    role: Opportunity
    person: Candidate
    explanation: Explanation
    price_points: float
    """Points taken off its place in the list because the role is in demand."""
    currency: str
    is_late: bool = False
    """Whether somebody waits for this employer's answer past the promised day."""

    @cached_property
    def score(self) -> int:
        """The fit in whole points: what the aspects' whole points add up to."""
        return sum(line.whole_points for line in self.explanation.aspects)

    @property
    def low(self) -> int:
        """The fit with every unstated aspect at nothing."""
        return min(int(self.explanation.low), self.score)

    @property
    def high(self) -> int:
        """The fit with every unstated aspect at its best."""
        return max(-int(-self.explanation.high // 1), self.score)

    @property
    def spread(self) -> int:
        """The width of the range."""
        return self.high - self.low

    @property
    def band(self) -> str:
        """The fit in a word."""
        return reasons.band(self.explanation.fit)

    @property
    def price(self) -> str:
        """The price to one decimal, or nothing where it hardly moves the role."""
        return f"{self.price_points:.1f}" if self.price_points >= WORTH_A_WORD else ""

    @cached_property
    def reasons(self) -> list[reasons.Reason]:
        """Two reasons, one trade-off, one unknown."""
        return reasons.reasons(self.explanation, self.role, self.person)

    @cached_property
    def gaps(self) -> list[gaps.Gap]:
        """Want against offer."""
        minor = self.role.hourly_minor
        rate = None if minor is None else float(pay.to_major(minor, self.currency))
        symbol = wording.SYMBOLS.get(self.currency, "")
        return gaps.gaps(self.role, self.person, self.explanation, symbol=symbol, rate=rate)

    @property
    def lines(self) -> list[dict[str, object]]:
        """Every aspect with its weight, value and whole points."""
        return [
            {
                "label": reasons.ASPECT_WORDS[line.name].label,
                "weight": f"{100 * line.weight:.0f}",
                "value": f"{line.value:.2f}",
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
class Standings:
    """All roles whose gates this person passes, best first, ties by id."""

    state: State
    person: Candidate
    ids: Longs
    ranks: Longs
    """Mutual score less price, or fit, in ten-thousandths of a point."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def open_roles(self) -> int:
        """How many roles are in the market, whether she passes their gates or not."""
        return len(self.state.shelf.roles) - len(self.state.gone) + len(self.state.late.roles)

    def count(self, *, hidden: Iterable[int] = ()) -> int:
        """Return how many roles are left without the hidden ones."""
        return len(self) - int(np.isin(self.ids, np.fromiter(hidden, np.int64)).sum())


def person_of(profile: CandidateProfile, *, at: datetime) -> Candidate:
    """Return a stored profile as the engine sees it."""
    return read_profiles([profile.pk], at=at)[profile.pk].candidate


def standings(person: Candidate, *, at: datetime, order: Order = "mutual") -> Standings:
    """Rank every open role for this person."""
    state = standing.market(at=at)
    people = columns_of([person], state)

    def ranked() -> tuple[Longs, Longs]:
        scored = state.score(people)
        ranks = scored.fit if order == "fit" else scored.rank
        best = np.lexsort((scored.role, -ranks))
        return scored.role[best], ranks[best]

    return Standings(state, person, *remembered(order, people, state, ranked))


def count_open(people: Sequence[Candidate], *, at: datetime) -> list[int]:
    """Return, for each of these people, how many open roles pass every gate."""
    state = standing.market(at=at)
    columns = columns_of(people, state)

    def counted() -> list[int]:
        counts: list[int] = state.open_to(columns).tolist()
        return counts

    return remembered("count", columns, state, counted)


def remembered[Result](
    what: str,
    people: Candidates,
    state: State,
    compute: Callable[[], Result],
    *,
    cache: str = "rankings",
) -> Result:
    """Return what follows from these people and one commit of the market, computed once.

    Several pages of one person, and the counts beside the first questions, ask the same.
    """
    if state.version == standing.UNRUN:
        return compute()
    digest = hashlib.sha256()
    for row in encode(people):
        digest.update(b"".join(row.values()))
    name = f"{what}.{state.version}.{state.seq}.{digest.hexdigest()}"
    return cast("Result", caches[cache].get_or_set(name, compute))


def columns_of(people: Iterable[Candidate], state: State) -> Candidates:
    """Return people as columns, numbered from 0."""
    numbered = [replace(person, id=number) for number, person in enumerate(people)]
    return pack_candidates(numbered, vocabulary=state.vocabulary)


def hidden_from(profile: CandidateProfile | None) -> set[int]:
    """Return the roles that this candidate dismissed or whose employers she blocked."""
    if profile is None:
        return set()
    dismissed = Dismissal.objects.filter(profile=profile).values_list("opportunity_id", flat=True)
    blocked = Opportunity.objects.filter(
        employer__in=profile.blocked_employers.values("employer")
    ).values_list("pk", flat=True)
    return {*dismissed, *blocked}


@dataclass(frozen=True, slots=True)
class Listing:
    """The order in which one person is shown roles, after what is filtered when it is read."""

    ids: list[int]
    late: list[int]
    """Those of her best that owe somebody an answer, by id."""


def listing(
    found: Standings, *, at: datetime, kind: str = "", hidden: Iterable[int] = ()
) -> Listing:
    """Return the roles to page through, best first.

    Closed since, dismissed and blocked roles are filtered here, on read, and those that owe
    somebody an answer stand lower: the step before they are hidden.
    """
    seen = ~np.isin(found.ids, np.fromiter(hidden, np.int64))
    ranks = dict(
        zip(found.ids[seen][:MOST_LISTED].tolist(), found.ranks[seen].tolist(), strict=False)
    )
    best = among(ranks)
    listed = Opportunity.objects.listed(at=at).filter(best)
    kept = (listed.filter(kind=kind) if kind else listed).values_list("pk", flat=True)
    late = set(Opportunity.objects.late(at=at).filter(best).values_list("pk", flat=True))
    ids = sorted(kept, key=lambda role: (DEMOTION * (role in late) - ranks[role], role))
    return Listing(ids, sorted(late))


def among(ids: Iterable[int]) -> Q:
    """Keep rows of these ids: one array is sent and read far sooner than a thousand numbers."""
    array = f"{{{','.join(map(str, ids))}}}"
    return Q(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [array]))


def page(
    found: Standings,
    *,
    at: datetime,
    offset: int = 0,
    limit: int = 10,
    kind: str = "",
    hidden: Iterable[int] = (),
) -> tuple[list[Shown], int]:
    """Return one page of what is shown, and how many rows there are to page through."""
    order = listing(found, at=at, kind=kind, hidden=hidden)
    return part(found, order, offset=offset, limit=limit), len(order.ids)


def part(found: Standings, order: Listing, *, offset: int, limit: int) -> list[Shown]:
    """Return some of the roles of a listing, explained."""
    limit = min(limit, MOST_ROWS)
    shown = show(found.state, found.person, order.ids[offset : offset + limit])
    return [replace(row, is_late=row.role.pk in order.late) for row in shown]


def show(state: State, person: Candidate, ids: Sequence[int]) -> list[Shown]:
    """Return these roles explained for this person, in the order given."""
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
        Opportunity.objects.select_related("employer")
        .prefetch_related("skills__skill")
        .in_bulk([role for role in ids if role in by_id])
    )
    currency = Site.load().currency
    return [
        Shown(
            role=rows[role],
            person=person,
            explanation=by_id[role],
            price_points=state.prices.get(role, 0) / POINT,
            currency=currency,
        )
        for role in ids
        if role in rows
    ]


@dataclass(frozen=True, slots=True)
class Wider:
    """One change of the person's own limits, and how many more roles it lets in."""

    field: str
    value: object
    text: str
    adds: int


def widen(
    person: Candidate, *, at: datetime, today_count: int, currency: str, most: int = 3
) -> list[Wider]:
    """Return the single changes of her limits that let in most roles: counted, not guessed."""
    options: list[tuple[str, Any, str]] = []
    if person.rate_floor > 1:
        lower = round(person.rate_floor * 0.9)
        amount = wording.money(pay.to_minor(Decimal(lower), currency), currency)
        options.append(("rate_floor", float(lower), f"{amount} an hour or more"))
    more = min(40.0, person.hours_per_week + 5)
    if more > person.hours_per_week:
        options.append(("hours_per_week", more, f"{more:g} hours a week"))
    sooner = _a_week_sooner(person, at)
    if sooner:
        options.append(("available_from", sooner, "Start a week sooner"))
    options += [
        ("modes", person.modes | {mode}, words)
        for mode, words in (("remote", "Remote work too"), ("hybrid", "Partly on site too"))
        if mode not in person.modes
    ]
    variants = [replace(person, **{name: value}) for name, value, _ in options]
    gains = [
        Wider(name, value, text, count - today_count)
        for (name, value, text), count in zip(options, count_open(variants, at=at), strict=True)
        if count > today_count
    ]
    return sorted(gains, key=lambda gain: (-gain.adds, gain.field))[:most]


def changes(shown: Shown, *, at: datetime) -> list[dict[str, object]]:
    """Return what the employer could change for this person, with the points it would add."""
    facts = read_roles([shown.role.pk], at=at, listed=False)[shown.role.pk]
    symbol = wording.SYMBOLS.get(shown.currency, "")
    return [
        {
            "name": change.name,
            "fields": dict(change.fields),
            "gain": change.gain,
            "text": reasons.change_words(change.fields, symbol=symbol),
        }
        for change in counterfactuals(shown.person, facts.opportunity, priors=PRIORS)
    ]


def _a_week_sooner(person: Candidate, at: datetime) -> str:
    start = datetime.fromisoformat(person.available_from).date() - timedelta(days=7)
    return start.isoformat() if start >= at.date() else ""
