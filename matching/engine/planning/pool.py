"""Hold one candidate's eligible roles; place and value any set of them as one plan.

In: records. Out: scores of plans, and ``Plan``s. A set of roles is a tuple of positions in the
pool, ascending. The formulas are those of ``aspects``, read for a plan: hours, mentoring and
contacts add up, the earliest finish and the best field count, a week is as full as all it holds.
An aspect that nothing else is said of is the mean of its roles, by their hours; so is the field of
a candidate who puts some fields first, since work elsewhere is then less of what they want.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from heapq import nsmallest
from math import ceil
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine import aspects
from matching.engine.aspects import ASPECTS
from matching.engine.calendars import LATEST_WAIT_DAYS, differing_weeks, week_of
from matching.engine.columns import Candidates, Floats, Longs, Opportunities
from matching.engine.explaining import known_flags, score_rows
from matching.engine.facts import Facts, dose, earliest_start, facts, ordinal
from matching.engine.fixed_point import FAR, RELATED, VALUE
from matching.engine.gates import gates
from matching.engine.packing import TRAJECTORY_FULL, pack_candidates, pack_opportunities
from matching.engine.pairs import score
from matching.engine.planning.placing import Placed, Placing, Span, Weeks, Worth, worth_of
from matching.engine.records import Candidate, Opportunity, Priors
from matching.engine.role_index import covers_of, positions_of
from matching.engine.skills import Vocabulary

type Members = tuple[int, ...]
type Begins = Mapping[str | int, str]
"""First days of roles that are not decided before, as ISO dates, by the ids of the roles."""

HORIZON_DAYS: Final = 7 * 1040
"""Plans leave out roles that may end more than twenty years after the candidate is available."""
CALENDAR_GATES: Final = {"weekly_hours", "blocked_weeks"}
"""Gates that placing the roles decides."""

SPEED: Final = ASPECTS.index("speed")
SCHEDULE: Final = ASPECTS.index("schedule")
GROWING: Final = (
    "skills", "depth", "mentorship", "network", "evidence", "trajectory", "field",
)  # fmt: skip
"""Aspects of a plan that a further role never lowers, wherever it is placed; not ``field`` where
some fields come first."""
COMMON: Final = ("schedule", "pay", "effort")
"""Aspects of a plan that rest on all of its roles together."""
SUMS: Final = ("hours", "income", "mentor_hours", "person_weeks", "effort", "public")
"""Facts that add up over the roles of a plan."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a plan comes to, side by side with others."""

    hours: float = 0.0
    income: float = 0.0
    mentor_hours: float = 0.0
    person_weeks: float = 0.0
    public_works: int = 0
    target_skills: int = 0
    """Skills practised that the candidate wants to practise."""
    apply_hours: float = 0.0
    credit: bool = False
    weeks: float = 0.0
    """From the first available day until everything is finished."""


@dataclass(frozen=True, slots=True)
class Fallback:
    """A role that can take the place of one of a plan."""

    opportunity: str | int
    start: str
    """Its first day as an ISO date."""
    score: int
    """Of the plan with it, on the scale ``SCORE``."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Roles in the order of their ids, and the first day of each as an ISO date."""

    opportunities: tuple[str | int, ...]
    starts: tuple[str, ...]
    score: int
    """On the scale ``SCORE``."""
    values: tuple[int, ...]
    """Value of every aspect, in the order of ``ASPECTS``, on the scale ``VALUE``."""
    outcomes: Outcomes
    lows: tuple[int, ...]
    """The least that every aspect can be worth, whatever is true of what roles leave out."""
    highs: tuple[int, ...]
    unstated: tuple[int, ...]
    """For every aspect, how many of the roles leave out what it rests on."""
    without: tuple[int, ...]
    """The score of the plan without each role, on the scale ``SCORE``."""
    fallbacks: tuple[Fallback | None, ...] = ()
    """What can take the place of each role; empty where nobody looked for it."""


_NONE: Final = (0,) * len(ASPECTS)
NOTHING: Final = Plan((), (), 0, _NONE, Outcomes(), _NONE, _NONE, _NONE, ())
"""The plan to do nothing, which is worth nothing."""


def is_internship(role: Facts) -> bool:
    """Tell internships from shorter work by hours and weeks (model, section 1, zone C)."""
    return role.hours > (160 if role.weeks <= 4 else 80)


class _Untimed(NamedTuple):
    """A plan before it is placed: what it is worth but for time, and at best with it."""

    total: int
    """Weights times values of the aspects that do not depend on the starts."""
    most: int
    """The score that no starts exceed."""


class Pool:
    """One candidate's eligible roles, and the scores of the plans made of them so far.

    Roles stand in the order in which they are placed: those that must begin soonest first, then
    the longest. Roles behind a gate, and those that fit in no week, are left out. ``begins`` names
    the first day of roles on which nobody decides before it.
    """

    def __init__(
        self,
        candidate: Candidate,
        opportunities: Iterable[Opportunity],
        *,
        priors: Priors,
        vocabulary: Vocabulary,
        begins: Begins,
    ) -> None:
        self._candidate = candidate
        self._growing = {*GROWING} - ({"field"} if candidate.fields_first else set())
        self._person = pack_candidates([candidate], vocabulary=vocabulary)
        self._available = ordinal(candidate.available_from)
        self._week = week_of(self._available)
        horizon = self._available + HORIZON_DAYS
        eligible = [
            opportunity
            for opportunity in opportunities
            if CALENDAR_GATES.issuperset(
                gates(candidate, opportunity, priors=priors, vocabulary=vocabulary)
            )
        ]
        roles = [facts(opportunity, priors) for opportunity in eligible]
        columns = pack_opportunities(eligible, priors=priors, vocabulary=vocabulary)
        spans = [
            _span(candidate, role, begins.get(role.opportunity.id), rigid, ticks)
            for role, rigid, ticks in zip(
                roles, columns.rigid.tolist(), columns.speed_ticks.tolist(), strict=True
            )
        ]
        order = sorted(
            (place for place, span in enumerate(spans) if span.latest + span.days <= horizon),
            key=lambda place: (_deadline(roles[place]), -roles[place].hours, columns.ids[place]),
        )
        self.weeks = Weeks(
            self._hours_of_weeks(spans[place] for place in order),
            first=self._week,
            available=self._available,
        )
        alone = {place: self.weeks.placing(spans[place]) for place in order}
        kept = [place for place in order if alone[place].starts]
        self.roles = [roles[place] for place in kept]
        self.placings: list[Placing] = [alone[place] for place in kept]
        self._columns = columns.take(np.array(kept, np.int64))
        each = np.arange(len(self._columns))
        self._alone = score_rows(
            self._person, self._columns, np.zeros_like(each), each, vocabulary=vocabulary
        ).values
        self._ids: list[int] = self._columns.ids.tolist()
        weights = dict(zip(ASPECTS, self._person.weights[0].tolist(), strict=True))
        self._worth = Worth(weights["speed"], weights["schedule"])
        self._hands_on = np.array([role.hands_on_hours for role in self.roles])
        self._conversion = np.array([role.conversion for role in self.roles])
        self._organization = _numbers(
            role.opportunity.org or f"\0{place}" for place, role in enumerate(self.roles)
        )
        self._sums = [
            np.array([getattr(role, name) for role in self.roles], np.float64) for name in SUMS
        ]
        self._interest, self._new_field = self._fields()
        self._practised, self._wish_weight = _practised(self._columns, self._person, vocabulary)
        self._quickest = np.array([role.quickest for role in self.placings], np.int64)
        self._easiest = np.array([role.easiest for role in self.placings])
        self._untimed: dict[Members, _Untimed] = {}
        self._placed: dict[Members, Placed | None] = {}

    def rank(self, members: Members) -> tuple[int, list[int]]:
        """Return what orders feasible plans, the best first: score, then ids."""
        return -(self.score(members) or 0), self.ids(members)

    def score(self, members: Members) -> int | None:
        """Return the score of a plan, or None if its roles do not fit together."""
        if not members:
            return 0
        placed = self.place(members)
        if placed is None:
            return None
        self._value_all([members])
        timed = worth_of(placed.speed, placed.fullest, self._worth)
        return int(score(self._untimed[members].total + timed))

    def best(self, plans: Collection[Members], number: int) -> list[Members]:
        """Return the best of the feasible plans among plans of one size, the best first.

        What a plan is worth at best, whatever its starts, is computed for all of them together;
        only those are placed that may still be among the best.
        """
        self._value_all(plans)
        found: list[Members] = []
        for members in sorted(plans, key=lambda plan: (-self._untimed[plan].most, self.ids(plan))):
            if len(found) >= number and self._untimed[members].most < (self.score(found[-1]) or 0):
                break
            if self.score(members) is not None:
                found = nsmallest(number, [*found, members], key=self.rank)
        return found

    def ids(self, members: Members) -> list[int]:
        """Return the ids of roles, ascending."""
        return sorted([self._ids[member] for member in members])

    def place(self, members: Members) -> Placed | None:
        """Return the best starts of a plan in the order of its members, None if there are none."""
        if members not in self._placed:
            self._placed[members] = self.weeks.place(
                [self.placings[member] for member in members], self._worth
            )
        return self._placed[members]

    def scores(self, plans: Longs, speeds: Longs, fullest: Floats) -> list[int]:
        """Return the scores of plans of one size with these finishes and fullest weeks."""
        values = self._values(plans, speeds, fullest)
        found: list[int] = (
            score((values * self._person.weights[0]).sum(axis=1)).astype(int).tolist()
        )
        return found

    def may_stand_in(self, other: int, member: int) -> bool:
        """Say whether a role is of the same family as another and of another employer."""
        return (
            is_internship(self.roles[other]) == is_internship(self.roles[member])
            and self._organization[other] != self._organization[member]
        )

    def _value_all(self, plans: Iterable[Members]) -> None:
        """Value plans of one size together, which is far quicker than one by one."""
        fresh = [members for members in plans if members not in self._untimed]
        if not fresh:
            return
        chosen = np.array(fresh)
        speeds, fullest = self._quickest[chosen].max(axis=1), self._easiest[chosen].max(axis=1)
        values = self._values(chosen, speeds, fullest)
        totals = (values * self._person.weights[0]).sum(axis=1)
        timed = self._worth.speed * values[:, SPEED] + self._worth.schedule * values[:, SCHEDULE]
        self._untimed.update(
            (members, _Untimed(total, int(most)))
            for members, total, most in zip(
                fresh, (totals - timed).tolist(), score(totals).tolist(), strict=True
            )
        )

    def plan(self, members: Members) -> Plan:
        """Return a feasible plan with all that there is to say about it."""
        placed = self.place(members) if members else None
        if placed is None:
            return NOTHING
        values = self._values(
            np.array([members]), np.array([placed.speed]), np.array([placed.fullest])
        )[0]
        lows, highs, unstated = self._bounds(members, placed, values)
        ids = self._columns.ids[list(members)]
        order = np.argsort(ids)
        pairs = [(members[place], placed.starts[place].day) for place in order]
        roles = [self.roles[member] for member, _ in pairs]
        return Plan(
            opportunities=tuple(role.opportunity.id for role in roles),
            starts=tuple(date.fromordinal(start).isoformat() for _, start in pairs),
            score=self.score(members) or 0,
            values=tuple(values.tolist()),
            outcomes=self._outcomes(pairs),
            lows=tuple(lows.tolist()),
            highs=tuple(highs.tolist()),
            unstated=tuple(unstated.tolist()),
            without=tuple(
                self.score(members[:place] + members[place + 1 :]) or 0 for place in order
            ),
        )

    def _bounds(
        self, members: Members, placed: Placed, values: Longs
    ) -> tuple[Longs, Longs, Longs]:
        """Return the least and the most that each aspect can be worth, and how many leave it out.

        What grows from role to role is worth at least what the roles are worth that state it, a
        mean counts the others by their hours as nothing or all, and of the rest nothing is sure.
        """
        known = known_flags(self._columns, np.array(members))
        low, high = values.copy(), values.copy()
        hours = self._sums[0][list(members)]
        for at, name in enumerate(ASPECTS):
            states = known[:, at]
            if states.all():
                continue
            low[at], high[at] = 0, VALUE
            sure = tuple(
                member for member, is_stated in zip(members, states, strict=True) if is_stated
            )
            if name in self._growing and sure:
                nowhere = np.zeros(1, np.int64)
                low[at] = self._values(np.array([sure]), nowhere, nowhere.astype(float))[0, at]
            elif name == "speed":
                low[at] = max(
                    (
                        start.speed
                        for start, is_stated in zip(placed.starts, states, strict=True)
                        if is_stated
                    ),
                    default=0,
                )
            elif name not in COMMON and name not in self._growing:
                alone = self._alone[list(members), at] * hours
                low[at] = int((alone * states).sum() / hours.sum())
                high[at] = ceil((np.where(states, alone, VALUE * hours)).sum() / hours.sum())
        return np.minimum(low, values), np.maximum(high, values), (~known).sum(axis=0)

    def _outcomes(self, pairs: Sequence[tuple[int, int]]) -> Outcomes:
        roles = [self.roles[member] for member, _ in pairs]
        practised = self._practised[[member for member, _ in pairs], : len(self._person.target)]
        return Outcomes(
            hours=sum(role.hours for role in roles),
            income=sum(role.income for role in roles),
            mentor_hours=sum(role.mentor_hours for role in roles),
            person_weeks=sum(role.person_weeks for role in roles),
            public_works=sum(role.public for role in roles),
            target_skills=int((practised.max(axis=0) == RELATED).sum()),
            apply_hours=sum(role.effort for role in roles),
            credit=any(role.opportunity.credit for role in roles),
            weeks=max(
                (start - self._available) / 7 + self.roles[member].weeks for member, start in pairs
            ),
        )

    def _hours_of_weeks(self, spans: Iterable[Span]) -> list[float]:
        """Return the hours of every week in which a role may be under way."""
        last = max((week_of(span.latest + span.days) for span in spans), default=self._week)
        differing = differing_weeks(self._candidate)
        usual = self._candidate.hours_per_week
        return [differing.get(week, usual) for week in range(self._week, last + 1)]

    def _values(self, plans: Longs, speeds: Longs, fullest: Floats) -> Longs:
        """Return the aspects of plans of one size, shape (plans, aspects), on the scale ``VALUE``.

        ``speeds`` values the earliest finish of each plan, ``fullest`` is the share of its fullest
        week that fixed hours take: what its starts decide.
        """
        person, columns = self._person, self._columns
        hours, income, mentoring, contacts, applying, works = (
            _added(column[plans]) for column in self._sums
        )
        evidence = np.bitwise_or.reduce(columns.evidence[plans].astype(np.int64), axis=1)
        practised = self._practised[plans].max(axis=1)
        converted = reduce(
            lambda chance, more: chance + more - chance * more, self._conversion[plans].T
        )
        explore = person.explore[0].astype(np.int64)
        wanted = person.evidence_wanted[0].astype(np.int64)
        values = {
            "skills": aspects.skills((practised * self._wish_weight).sum(axis=1)),
            "depth": _doses(self._deepest(plans), "depth"),
            "speed": speeds,
            "schedule": aspects.schedule(fullest, aspects.hour_value(1.0)),
            "mentorship": _doses(mentoring, "mentorship"),
            "network": _doses(contacts, "network"),
            "pay": aspects.pay(
                np.divide(income, hours, out=np.zeros_like(income), where=hours > 0),
                income,
                person.pay_scale[0],
                person.need_scale[0],
                columns.credit[plans].any(axis=1) & (person.credit[0] > 0),
            ),
            "effort": _doses(applying, "effort", falling=True),
            "evidence": aspects.evidence(
                evidence,
                _doses(works, "public_work"),
                wanted,
                aspects.BY_ASKED[wanted],
            ),
            "trajectory": np.rint(VALUE * np.minimum(converted / TRAJECTORY_FULL, 1.0)),
        }
        if "field" in self._growing:
            novel = _doses(_distinct(self._new_field[plans]), "novel_fields")
            values["field"] = aspects.field_by_skill(
                np.maximum(
                    self._interest[plans].max(axis=1), (explore * novel + aspects.HALF) // VALUE
                ),
                ((practised == RELATED) * self._wish_weight).any(axis=1),
            )
        shares = self._sums[0][plans]
        for place, name in enumerate(ASPECTS):
            if name not in values:
                sums = _added(self._alone[plans, place] * shares)
                values[name] = np.int64(sums / np.maximum(hours, 1e-9) + 0.5)
        return np.stack([values[name] for name in ASPECTS], axis=1).astype(np.int64)

    def _deepest(self, plans: Longs) -> Floats:
        """Return the hands-on hours with the organization where they are most, for each plan."""
        organization, hands_on = self._organization[plans], self._hands_on[plans]
        sums = (
            _added(np.where(organization == own[:, None], hands_on, 0.0)) for own in organization.T
        )
        deepest: Floats = reduce(np.maximum, sums)
        return deepest

    def _fields(self) -> tuple[Longs, Longs]:
        """Return the value of every role's field as an interest, and a number if it is new."""
        values = dict(
            zip(self._candidate.interests, self._person.interest_value.tolist(), strict=True)
        )
        fields = [role.opportunity.field for role in self.roles]
        interest = np.array([values.get(field, 0) for field in fields], np.int64)
        new = [bool(field) and field not in self._candidate.fields_done for field in fields]
        return interest, np.where(new, _numbers(fields) + 1, 0)


def _span(candidate: Candidate, role: Facts, begins: str | None, rigid: float, ticks: int) -> Span:
    earliest = earliest_start(candidate, role.opportunity)
    if begins is not None:
        earliest = max(earliest, ordinal(begins))
    latest = min(_deadline(role), earliest + LATEST_WAIT_DAYS)
    if candidate.available_until is not None:
        latest = min(latest, int(ordinal(candidate.available_until) + 1 - 7 * role.weeks))
    return Span(earliest, latest, max(1, ceil(7 * role.weeks)), role.weekly, rigid, ticks)


def _deadline(role: Facts) -> int:
    latest = role.opportunity.start_latest
    return FAR if latest is None else ordinal(latest)


def _added(columns: NDArray[Any]) -> Floats:
    """Add along the second axis from left to right, so that every machine rounds alike."""
    total: Floats = reduce(np.add, columns.T.astype(np.float64))
    return total


def _doses(amounts: NDArray[Any], name: str, *, falling: bool = False) -> Longs:
    shares = [dose(amount, name) for amount in amounts.tolist()]
    return np.array([round(VALUE * (1 - share if falling else share)) for share in shares])


def _numbers(names: Iterable[str]) -> Longs:
    """Give every name a number from 0, equal names the same one."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], np.int64)


def _distinct(numbers: Longs) -> Longs:
    """Count the different numbers above 0 in each row."""
    ordered = np.sort(numbers, axis=1)
    rises = np.diff(ordered, axis=1, prepend=0) > 0
    return rises.sum(axis=1)


def _practised(
    roles: Opportunities, person: Candidates, vocabulary: Vocabulary
) -> tuple[Longs, Longs]:
    """Return how well each role practises each wish, shape (roles, wishes), and their weights.

    The wishes are the skills wanted, in their order, and then those held that are to be used.
    """
    owner = np.repeat(np.arange(len(roles)), np.diff(roles.skill_at))
    codes, code = np.unique(roles.skill, return_inverse=True)
    covers, weights = [], []
    for cover, wishes, priorities in zip(
        covers_of(codes, vocabulary)[::-1],
        (person.target, person.skill),
        (person.target_priority, person.skill_used),
        strict=True,
    ):
        related = np.zeros((len(codes), len(wishes)), np.int64)
        weight = np.zeros(len(wishes), np.int64)
        for wish, row in enumerate(positions_of(cover.codes, wishes)):
            if row >= 0:
                part = slice(cover.at[row], cover.at[row + 1])
                related[cover.skill[part], wish] = cover.relatedness[part]
                weight[wish] = cover.weight[row] * priorities[wish]
        covers.append(related)
        weights.append(weight)
    related = np.concatenate(covers, axis=1)
    practised = np.zeros((len(roles), related.shape[1]), np.int64)
    np.maximum.at(practised, owner, related[code])
    return practised, np.concatenate(weights)
