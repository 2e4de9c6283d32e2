"""A plan that was taken on, as it stands today: what is done for each role, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from matching.engine.planning import value_plan
from matching.models import CandidatePlan, PlannedRole
from matching.plans.keeping import asks_for_letter
from matching.priors import PRIORS
from matching.recommending.accepted_work import accepted_work, without_work
from matching.recommending.decision_days import Timeline, timelines, waiting_applications
from matching.recommending.odds import Chance, chances_of
from matching.recommending.paths import Leg, Likelihood, Worth, likelihood_of, worth_of
from matching.store import live, read_roles
from matching.store.profiles import read_person
from opportunities.accounts.models import Draft
from opportunities.applications.own_state import NOTHING, OwnState, own_states
from opportunities.core.lifecycle import LIVE, ApplicationStatus
from opportunities.roles.models import Opportunity

SURE = frozenset({ApplicationStatus.ACCEPTED, ApplicationStatus.COMPLETED})
WAITING = LIVE | {ApplicationStatus.OFFERED}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands with one role of a plan."""

    own: OwnState
    is_open: bool
    asks_letter: bool
    has_draft: bool

    @property
    def is_sure(self) -> bool:
        """Whether the place is theirs."""
        return self.own.status in SURE

    @property
    def is_lost(self) -> bool:
        """Whether the role can no longer come about."""
        if self.own.status:
            return self.own.status not in SURE | WAITING
        return not self.is_open and not self.own.is_stated

    @property
    def may_apply(self) -> bool:
        """Whether an application is still to be sent."""
        return self.is_open and not self.own.word


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan with its legs and where each stands, in the order in which they begin."""

    plan: CandidatePlan
    legs: Sequence[Leg]
    standings: Sequence[Standing]
    likelihood: Likelihood

    @property
    def rows(self) -> list[tuple[Leg, Standing]]:
        """The legs, each with its standing."""
        return list(zip(self.legs, self.standings, strict=True))

    @property
    def is_whole(self) -> bool:
        """Whether every role can still come about."""
        return not any(standing.is_lost for standing in self.standings)

    @property
    def worth_then(self) -> Worth | None:
        """What was shown when it was made; None of plans that are older than their ranges."""
        plan = self.plan
        if plan.low is None or plan.high is None:
            return None
        return Worth(plan.score, plan.low, plan.high)

    @property
    def lacks_letters(self) -> bool:
        """Whether a letter could be drafted for one of the roles."""
        return any(
            standing.may_apply and standing.asks_letter and not standing.has_draft
            for standing in self.standings
        )


def show(plan: CandidatePlan, *, at: datetime) -> KeptPlan:
    """Return a plan as it stands."""
    return show_all([plan], at=at)[0]


def show_all(plans: Sequence[CandidatePlan], *, at: datetime) -> list[KeptPlan]:
    """Return plans of one person as they stand, with as many questions as for one."""
    if not plans:
        return []
    profile = plans[0].profile
    kept = list(
        PlannedRole.objects.filter(plan__in=plans)
        .select_related("role__employer")
        .prefetch_related("role__questions")
        .order_by("starts", "role_id")
    )
    roles = {row.role_id: row.role for row in kept}
    owns = own_states(profile, roles.keys())
    pages = set(
        Draft.objects.filter(writer=profile.user).values_list("page", flat=True)
        if profile.user_id
        else ()
    )
    standings = {
        key: Standing(
            own=owns.get(key, NOTHING),
            is_open=role.is_open(at=at),
            asks_letter=asks_for_letter(role, None),
            has_draft=reverse("opportunities:apply", args=[role.slug, role.public_id]) in pages,
        )
        for key, role in roles.items()
    }
    chances = chances_of(roles.values(), at=at)
    sent = waiting_applications(profile.pk)
    found = []
    for plan in plans:
        own = [row for row in kept if row.plan_id == plan.pk]
        days = timelines([row.role for row in own], sent, today=plan.made_at.date())
        spares = {
            row.stands_in_for_id: _leg(row, days, chances, standings)
            for row in own
            if row.stands_in_for_id
        }
        rows = [row for row in own if row.stands_in_for_id is None]
        legs = [_leg(row, days, chances, standings, spares.get(row.pk)) for row in rows]
        likelihood = likelihood_of([_as_it_stands(leg, standings) for leg in legs])
        found.append(KeptPlan(plan, legs, [standings[row.role_id] for row in rows], likelihood))
    return found


def worth_now(kept: KeptPlan, *, at: datetime) -> Worth | None:
    """Return what is left of a plan is worth today, on the days that were planned or later.

    None once its work has begun, if nothing is left, or if it no longer fits the person's answers.
    """
    left = [leg for leg, standing in kept.rows if not standing.is_lost]
    if not left or min(leg.starts for leg in kept.legs) <= at.date():
        return None
    profile, roles = kept.plan.profile, [leg.role.pk for leg in left]
    others = [work for work in accepted_work(profile.pk, at=at) if work.role not in roles]
    person = without_work(read_person(profile, at=at), others)
    facts = read_roles(roles, at=at, listed=False)
    plan = value_plan(
        person,
        [facts[role].opportunity for role in roles],
        priors=PRIORS,
        vocabulary=live.roles(at=at).vocabulary,
        begins={leg.role.pk: leg.starts.isoformat() for leg in left},
    )
    return worth_of(plan, person) if plan else None


def _leg(
    row: PlannedRole,
    days: dict[int, Timeline],
    chances: dict[int, Chance],
    standings: dict[int, Standing],
    fallback: Leg | None = None,
) -> Leg:
    role: Opportunity = row.role
    until = row.apply_until if standings[role.pk].may_apply else None
    return Leg(role, row.starts, row.ends, days[role.pk], until, chances[role.pk], fallback)


def _as_it_stands(leg: Leg, standings: dict[int, Standing]) -> Leg:
    """Return a leg with the chances of somebody who knows more: it is theirs, or it is over."""

    def known(step: Leg) -> Chance:
        standing, chance = standings[step.role.pk], step.chance
        if not (standing.is_sure or standing.is_lost):
            return chance
        share = 1.0 if standing.is_sure else 0.0
        return replace(chance, low=share, high=share)

    spare = leg.fallback
    return replace(leg, chance=known(leg), fallback=spare and replace(spare, chance=known(spare)))
