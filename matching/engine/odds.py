"""How often applications to a role end in an offer: shrunk from role to employer, format and site.

In: what became of the applications to each role, and whose role it is. Out: beliefs about the share
of applicants who get an offer, as Beta distributions given by mean and strength (a + b; mean =
a / (a + b)), and quantiles of them. Every function takes and returns arrays of one value per role,
employer or format; shares lie in [0, 1].

An *employer* here is an employer within one format: who offers shadowing days to most and
internships to few is two of them. Each level is believed to vary around the one above it by a Beta
whose strength (concentration) is estimated from the data.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.engine.columns import Flags, Floats, Longs

USUAL_STRENGTH: Final = 8.0
"""How strongly members are believed to resemble their group where too few tell."""
LEAST_STRENGTH, MOST_STRENGTH = 1.0, 200.0
FEWEST_COMPARED: Final = 10
"""Degrees of freedom, between members and within them, below which the usual strength stands."""
FEWEST_PEOPLE: Final = 5
"""No figure of a role or an employer rests on fewer people: they might be recognized in it."""
FEWEST_ANSWERED: Final = 20
FEWEST_ROLES: Final = 5
"""Applications to a format that must have been answered, and roles that answered some, before
anything is said: answers of one role are too much alike to tell of another."""
TAILS: Final = (0.1, 0.9)
"""The range that is told holds the true share of four in five such roles."""
CHUNK: Final = 4_096
STEPS: Final = np.linspace(-8.0, 8.0, 801)
"""Where a density is evaluated, in standard deviations of the log odds."""


@dataclass(frozen=True, slots=True)
class Belief:
    """Beta distributions, one per row: ``mean`` in (0, 1) and ``strength`` > 0."""

    mean: Floats
    strength: Floats


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of the applications to each role, and where the roles belong.

    ``answered`` and ``offered`` (roles,) count applications, offered <= answered; ``employer``
    (roles,) numbers the employer-in-a-format of each role; ``format_of`` (employers,) the format of
    each such employer; ``formats`` is how many there are.
    """

    answered: Floats
    offered: Floats
    employer: Longs
    format_of: Longs
    formats: int

    def are_enough(self) -> Flags:
        """Return of which formats enough is known to say anything, shape (formats,)."""
        kind = self.format_of[self.employer]
        answers = np.bincount(kind, self.answered, minlength=self.formats)
        roles = np.bincount(kind[self.answered > 0], minlength=self.formats)
        return (answers >= FEWEST_ANSWERED) & (roles >= FEWEST_ROLES)


def concentration(members: Floats, successes: Floats, group: Longs, groups: int) -> float:
    """Return how strongly members vary around the share of their group: the a + b of a Beta.

    The analysis-of-variance estimator of the correlation r within a member (Ridout, Demetrio and
    Firth, "Estimating intraclass correlation for binary data", Biometrics 55, 1999), here between
    members of the same group; strength = (1 - r) / r. ``members`` (n,) > 0 are their sizes.
    """
    size = np.bincount(group, members, minlength=groups)
    share = np.bincount(group, successes, minlength=groups) / np.where(size > 0, size, 1)
    own = successes / members
    between = len(members) - int((size > 0).sum())
    within = members.sum() - len(members)
    if between < FEWEST_COMPARED or within < FEWEST_COMPARED:
        return USUAL_STRENGTH
    mean_between = float((members * (own - share[group]) ** 2).sum() / between)
    mean_within = float((members * own * (1 - own)).sum() / within)
    usual_size = float((members.sum() - (members**2 / size[group]).sum()) / between)
    spread = mean_between + (usual_size - 1) * mean_within
    alike = (mean_between - mean_within) / spread if spread > 0 else 0.0
    least = 1 / (MOST_STRENGTH + 1)
    return float(np.clip(1 / max(alike, least) - 1, LEAST_STRENGTH, MOST_STRENGTH))


def discount(members: Floats, strength: float) -> Floats:
    """Return what each answer of a member tells of its group, shape (members,), in (0, 1].

    Answers of one member resemble each other, so that many say less than as many of different ones:
    1 / (1 + (n - 1) r) with r = 1 / (strength + 1), Kish's design effect ("Survey Sampling", 1965).
    """
    return (strength + 1) / (np.maximum(members, 1) + strength)


def below(belief: Belief, strength: float) -> Belief:
    """Return what is believed of an unknown member of a group.

    By the law of total variance: the mean of the group with km / (k + m + 1) for k, the strength of
    what is known of the group, and m, how strongly members vary around it.
    """
    known = belief.strength
    return Belief(belief.mean, known * strength / (known + strength + 1))


def updated(belief: Belief, answered: Floats, offered: Floats) -> Belief:
    """Return the belief after these answers: a Beta is conjugate to them."""
    strength = belief.strength + answered
    return Belief((belief.mean * belief.strength + offered) / strength, strength)


def believe(answers: Answers) -> Belief:
    """Return what is believed of every role's share of offers, shape (roles,).

    Starts from Jeffreys' prior for the site and descends: the site's other formats, the format's
    other employers, the employer's other roles, the role itself; so that nothing counts twice.
    Fewer answers than ``FEWEST_PEOPLE`` of one role or one employer count only higher up, so that
    nothing tells such a role from one without any.
    """
    employer, format_of = answers.employer, answers.format_of
    of_role = (answers.answered, answers.offered)
    to_role, up_role = _upwards(of_role, employer, len(format_of))
    of_employer = _sums(up_role, employer, len(format_of))
    to_employer, up_employer = _upwards(of_employer, format_of, answers.formats)
    of_format = _sums(up_employer, format_of, answers.formats)
    nowhere = np.zeros(answers.formats, np.int64)
    to_format, up_format = _upwards(of_format, nowhere, 1)
    of_site = _sums(up_format, nowhere, 1)

    owner, kind, itself = employer, format_of[employer], np.arange(len(employer))
    of_owner = np.bincount(owner, answers.answered, minlength=len(format_of))[owner]
    own = answers.answered >= FEWEST_PEOPLE
    siblings = of_owner - answers.answered >= FEWEST_PEOPLE
    rest = _others(of_employer, up_role, owner, itself)
    # Whose own answers are too few is told what holds for somebody unknown, with them among all.
    others = _others(of_format, up_employer, kind, owner, leaving=own | siblings)
    start = Belief(np.full(len(employer), 0.5), np.ones(len(employer)))
    site = updated(start, *_others(of_site, up_format, nowhere[kind], kind))
    formats = updated(below(site, to_format), *others)
    employers = updated(below(formats, to_employer), *(part * siblings for part in rest))
    return updated(below(employers, to_role), *(part * own for part in of_role))


def quantiles(belief: Belief, tails: tuple[float, ...] = TAILS) -> Floats:
    """Return quantiles of each Beta, shape (rows, tails), to about three digits.

    The density is summed up over the log odds, where it has no poles:
    x^a (1 - x)^b with dx = x (1 - x) dt.
    """
    found = np.empty((len(belief.mean), len(tails)))
    for first in range(0, len(found), CHUNK):
        part = slice(first, first + CHUNK)
        found[part] = _quantiles(belief.mean[part], belief.strength[part], tails)
    return found


def told_of(belief: Belief) -> Floats:
    """Return lower end, mean and upper end of what is told of each role, shape (roles, 3)."""
    ends = quantiles(belief)
    return np.stack((ends[:, 0], np.clip(belief.mean, ends[:, 0], ends[:, 1]), ends[:, 1]), axis=1)


def crowded(shares: Floats, free: Longs, waiting: Longs, applicants: Longs) -> Floats:
    """Return shares (roles, k), k odd and rising, as far as what is left to give allows.

    One more applicant beside ``waiting`` others has at most free / (waiting + 1) of a chance, being
    as good as the others: shares whose middle is above that are scaled down to have it there, and
    none ends above it. Among fewer applicants than ``FEWEST_PEOPLE`` nobody is counted: only that
    no place is free shows.
    """
    others = np.where(applicants >= FEWEST_PEOPLE, waiting, 0)
    most = np.minimum(1.0, np.maximum(free, 0) / (others + 1.0))
    middle = shares[:, shares.shape[1] // 2]
    scale = np.minimum(1.0, most / np.maximum(middle, 1e-12))
    return np.minimum(shares * scale[:, None], most[:, None])


def _upwards(
    counts: tuple[Floats, Floats], group: Longs, groups: int
) -> tuple[float, tuple[Floats, Floats]]:
    """Return how strongly members resemble their group, and what their answers tell of it."""
    members, successes = counts
    some = members > 0
    strength = concentration(members[some], successes[some], group[some], groups)
    weight = discount(members, strength)
    return strength, (members * weight, successes * weight)


def _sums(counts: tuple[Floats, Floats], group: Longs, groups: int) -> tuple[Floats, Floats]:
    answered, offered = (np.bincount(group, part, minlength=groups) for part in counts)
    return answered, offered


def _others(
    groups: tuple[Floats, Floats],
    members: tuple[Floats, Floats],
    group: Longs,
    member: Longs,
    *,
    leaving: Flags | bool = True,
) -> tuple[Floats, Floats]:
    """Return the counts of each one's group without its own, where its own are left out."""
    answered, offered = (
        np.maximum(whole[group] - part[member] * leaving, 0.0)
        for whole, part in zip(groups, members, strict=True)
    )
    return answered, offered


def _quantiles(mean: Floats, strength: Floats, tails: tuple[float, ...]) -> Floats:
    a, b = mean * strength, (1 - mean) * strength
    middle = np.log(a) - np.log(b)
    spread = np.sqrt(1 / a + 1 / a**2 + 1 / b + 1 / b**2)
    at = middle[:, None] + spread[:, None] * STEPS
    # log x = -log(1 + e^-t) and log (1 - x) = -log(1 + e^t), without overflow.
    density = -a[:, None] * np.logaddexp(0, -at) - b[:, None] * np.logaddexp(0, at)
    density = np.exp(density - density.max(axis=1, keepdims=True))
    steps = (density[:, 1:] + density[:, :-1]) / 2
    summed = np.concatenate((np.zeros((len(a), 1)), np.cumsum(steps, axis=1)), axis=1)
    summed /= summed[:, -1:]
    found = np.empty((len(a), len(tails)))
    for place, tail in enumerate(tails):
        right = np.clip((summed < tail).sum(axis=1), 1, len(STEPS) - 1)
        rows = np.arange(len(a))
        low, high = summed[rows, right - 1], summed[rows, right]
        share = (tail - low) / np.maximum(high - low, 1e-300)
        odds = at[rows, right - 1] + share * (at[rows, right] - at[rows, right - 1])
        found[:, place] = 1 / (1 + np.exp(-np.clip(odds, -700, 700)))
    return found
