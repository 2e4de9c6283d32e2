"""Measure the ranking on what people did, and audit it by groups named from outside.

An outcome is a pair of profile and role: opened, saved, applied, offered. Outcomes that began
before the split feed the baseline "popular before" and leave the lists; those after it are held out
and judge every ranking. Profiles and roles are read as they are now.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from matching.engine import POINT, Vocabulary, pack_candidates, pack_opportunities, rank
from matching.engine import evaluation as measures
from matching.engine.columns import Floats, Longs
from matching.models import Feedback, Market, RoleList
from matching.priors import PRIORS
from matching.store import read_profiles, read_roles, read_vocabulary
from matching.store.loading import read_prices
from opportunities.applications.models import Application
from opportunities.candidates.models import CandidateProfile, SavedRole
from opportunities.roles.models import Opportunity

MAX_OUTCOMES: Final = 100_000
"""The newest of each kind are read."""
MAX_QUERIES: Final = 20_000
LEFT_OUT: Final = 100
"""Places kept in reserve for roles that somebody had met before the split."""
HELD_OUT: Final = 0.2
"""Share of the outcomes that is held out where no split is given."""
OPENED, SAVED, APPLIED, OFFERED = 1.0, 2.0, 3.0, 4.0
"""Gains of the outcomes."""


@dataclass(frozen=True, slots=True)
class ObservedOutcome:
    """What somebody did about one role: when it began, and how far it went."""

    profile: int
    role: int
    began_at: datetime
    gain: float


@dataclass(frozen=True, slots=True)
class Figures:
    """How good, wide and even the lists of one ranking are."""

    ndcg: float
    reciprocal_rank: float
    recall: float
    coverage: float
    exposure_gini: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of every ranking over the held-out outcomes."""

    split: datetime
    k: int
    known: int
    held_out: int
    queries: int
    roles: int
    rankings: dict[str, Figures]


def read_outcomes() -> list[ObservedOutcome]:
    """Return what was opened, saved and applied to as one outcome per pair, the earliest first.

    Only of profiles that count; every application was made by an account.
    """
    steps: dict[tuple[int, int], list[tuple[float, datetime | None]]] = defaultdict(list)
    counted = CandidateProfile.objects.counted()
    for gain, model, moment in (
        (OPENED, Feedback, "opened_at"),
        (SAVED, SavedRole, "saved_at"),
    ):
        rows = model.objects.filter(profile__in=counted).order_by("-id")
        found_there = rows.values_list("profile_id", "opportunity_id", moment)
        for profile, role, began in found_there[:MAX_OUTCOMES]:
            steps[profile, role].append((gain, began))
    for profile, role, submitted, offered in Application.objects.order_by("-id").values_list(
        "profile_id", "opportunity_id", "submitted_at", "offered_at"
    )[:MAX_OUTCOMES]:
        steps[profile, role] += [(APPLIED, submitted), (OFFERED, offered)]
    found = []
    for pair, each in steps.items():
        taken = [(gain, at) for gain, at in each if at is not None]
        if taken:
            began = min(at for _, at in taken)
            found.append(ObservedOutcome(*pair, began, max(gain for gain, _ in taken)))
    return sorted(found, key=lambda item: (item.began_at, item.profile, item.role))


def split_by_time(outcomes: Sequence[ObservedOutcome]) -> datetime | None:
    """Return the moment that holds out the latest fifth of the outcomes; None if there are none."""
    return outcomes[int(len(outcomes) * (1 - HELD_OUT))].began_at if outcomes else None


def evaluate(
    outcomes: Sequence[ObservedOutcome], *, split: datetime, k: int, at: datetime
) -> Evaluation:
    """Return how well each ranking foresaw the outcomes that began at the split or later."""
    known = [outcome for outcome in outcomes if outcome.began_at < split]
    wanted = [outcome for outcome in outcomes if outcome.began_at >= split]
    queried = sorted({outcome.profile for outcome in wanted})[-MAX_QUERIES:]
    listed = Opportunity.objects.listed(at=at).values_list("id", flat=True)
    role_ids = {*listed, *(outcome.role for outcome in wanted)}
    people = read_profiles(queried, at=at)
    found = read_roles(role_ids, at=at, listed=False)
    profiles, roles = sorted(people), sorted(found)
    vocabulary = read_vocabulary()
    columns = pack_opportunities(
        (found[role].opportunity for role in roles), priors=PRIORS, vocabulary=vocabulary
    )
    candidates = pack_candidates(
        (people[profile].candidate for profile in profiles), vocabulary=vocabulary
    )
    weighed: Vocabulary = vocabulary.weigh(columns)

    def ranked(prices: Floats | None, *, by_fit: bool = False) -> Longs:
        lists = rank(
            candidates,
            columns,
            k=k + LEFT_OUT,
            vocabulary=weighed,
            prices=prices,
            order="fit" if by_fit else "mutual",
        )
        return lists.candidates.positions.astype(np.int64)

    met = _pairs(known, profiles, roles)
    judgments = _judgments(wanted, profiles, roles)
    rankings = {
        "mutual - price": ranked(_prices(roles)),
        "mutual": ranked(None),
        "fit": ranked(None, by_fit=True),
        "popular before": _popular(known, profiles, roles, k + LEFT_OUT),
    }
    return Evaluation(
        split=split,
        k=k,
        known=len(known),
        held_out=len(judgments.roles),
        queries=len(profiles),
        roles=len(roles),
        rankings={
            name: _figures(_without(lists, met, k), judgments, len(roles))
            for name, lists in rankings.items()
        },
    )


def audit(groups: Mapping[str, str], *, k: int) -> dict[str, measures.Audit]:
    """Return impact ratios for being shown to employers, shortlisted and offered.

    ``groups`` names the group of each profile by its public id; other profiles count as unknown.
    Shown means among the first ``k`` of some role's published list; the other two are shares of
    the applications.
    """
    shown: set[int] = set()
    for ids in RoleList.objects.values_list("ids", flat=True):
        shown.update(ids[:k])
    profiles = list(CandidateProfile.objects.counted().values_list("id", "public_id"))
    applications = list(
        Application.objects.order_by("-id").values_list(
            "profile__public_id", "shortlisted_at", "offered_at"
        )[:MAX_OUTCOMES]
    )
    applicants = [groups.get(public_id) for public_id, _, _ in applications]
    shortlisted = [at is not None for _, at, _ in applications]
    offered = [at is not None for _, _, at in applications]
    return {
        "shown": measures.impact_ratios(
            [groups.get(public_id) for _, public_id in profiles],
            np.array([profile in shown for profile, _ in profiles], np.bool_),
        ),
        "shortlisted": measures.impact_ratios(applicants, np.array(shortlisted, np.bool_)),
        "offered": measures.impact_ratios(applicants, np.array(offered, np.bool_)),
    }


def _prices(roles: Sequence[int]) -> Floats:
    """Return the published price of every role in points; 0 where there is none."""
    known = read_prices(Market.load().run_id or 0)
    return np.array([known.get(role, 0) / POINT for role in roles], np.float64)


def _popular(
    known: Iterable[ObservedOutcome], profiles: Sequence[int], roles: Sequence[int], k: int
) -> Longs:
    """Return the same list for everybody: what most people had met before."""
    counts = Counter(outcome.role for outcome in known)
    order = sorted(range(len(roles)), key=lambda place: (-counts[roles[place]], roles[place]))[:k]
    return np.tile(np.array(order, np.int64), (len(profiles), 1))


def _pairs(
    outcomes: Iterable[ObservedOutcome], profiles: Sequence[int], roles: Sequence[int]
) -> dict[tuple[int, int], float]:
    """Return the gain of every pair of positions."""
    row = {profile: place for place, profile in enumerate(profiles)}
    column = {role: place for place, role in enumerate(roles)}
    return {
        (row[outcome.profile], column[outcome.role]): outcome.gain
        for outcome in outcomes
        if outcome.profile in row and outcome.role in column
    }


def _judgments(
    outcomes: Iterable[ObservedOutcome], profiles: Sequence[int], roles: Sequence[int]
) -> measures.Judgments:
    pairs = sorted(_pairs(outcomes, profiles, roles).items())
    rows = np.array([row for (row, _), _ in pairs], np.int64)
    counts = np.bincount(rows, minlength=len(profiles))
    return measures.Judgments(
        starts=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        roles=np.array([column for (_, column), _ in pairs], np.int64),
        gains=np.array([gain for _, gain in pairs], np.float64),
    )


def _without(lists: Longs, met: Mapping[tuple[int, int], float], k: int) -> Longs:
    """Return the first ``k`` of each list that its owner had not met before."""
    shortened = np.full((len(lists), k), -1, np.int64)
    for row, entries in enumerate(lists.tolist()):
        new = [role for role in entries if role >= 0 and (row, role) not in met][:k]
        shortened[row, : len(new)] = new
    return shortened


def _figures(lists: Longs, judgments: measures.Judgments, roles: int) -> Figures:
    judged = measures.judge(lists, judgments)
    return Figures(
        ndcg=measures.mean(measures.ndcg(judged)),
        reciprocal_rank=measures.mean(measures.reciprocal_rank(judged)),
        recall=measures.mean(measures.recall(judged)),
        coverage=measures.coverage(lists, roles),
        exposure_gini=measures.gini(measures.exposure(lists, roles)),
    )
