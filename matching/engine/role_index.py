"""Arrange roles for ranking: bucketed by place, with small local numbers instead of codes.

In: ``Opportunities``, a vocabulary, the prices. Out: a ``RoleIndex``, built once per snapshot.
Roles stand in bucket order: the remote ones by country, then the hybrid and the on-site ones of
each place, so that a candidate reads only ranges that mode, rights and region leave open.
Quantities that a gate compares are replaced by their ranks, which compare alike and are integers.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.columns import Bytes, Flags, Floats, Ints, Longs, Opportunities, Shorts
from matching.engine.fixed_point import FAR, LEVELS, POINT, RELATED, SHARE, USUAL, VALUE
from matching.engine.places import PLACE_COLUMNS, Sites, rows_of, sites_of
from matching.engine.records import MODES
from matching.engine.skills import Vocabulary

PLAIN_GATES: Final = 8
LOAD, RATE, LATEST, LENGTH, END, AGE, ENROLMENT, NO_CREDIT = range(PLAIN_GATES)
"""Rows of ``RoleIndex.needed`` and of what a candidate has of each."""


class Cover(NamedTuple):
    """A sparse table from codes to local skills of the roles, with the relatedness of each pair."""

    codes: Longs
    """Codes that have a row, ascending."""
    at: Longs
    skill: NDArray[np.uint32]
    relatedness: Shorts
    weight: Ints
    """How much a wish for it counts, by its rarity; ``USUAL`` is as rare as usual."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class RoleIndex:
    """Roles in bucket order; ``m`` of them, asking for ``s`` different skills."""

    opportunities: Opportunities
    """The roles themselves, in bucket order."""
    position: Ints
    """Where each stood in the columns given."""
    tie: Ints
    """Place of each in the order of ids; breaks ties."""
    ids_by_tie: Longs
    """Id of each in that order, and where it stood."""
    position_by_tie: Ints
    price: Ints
    """Congestion price on the scale of scores."""
    bucket_at: Longs
    """Start of each bucket: remote by country whose rights are needed, then hybrid and on-site of
    each place in turn; and the end."""
    sites: Sites
    """Where the roles are: names and sets of places; a local region is a position there."""
    place_at: Longs
    """Of each site, its first place: a site together with a country whose rights are needed."""
    place_country: Ints
    """The local country of each place."""
    fields: Longs
    field: Ints
    countries: Longs
    """Codes of the countries whose right to work some role needs; 0 comes first."""
    needed: Ints
    """Shape (8, m): what the plain gates need of a candidate, who must have no less of each.

    The quantities are ranks among the distinct ones that follow, negated where a gate is open to
    whoever is below. The end is -1 where a role may begin at any time.
    """
    days: Floats
    """The distinct lengths in days, ascending."""
    ends: Floats
    """The distinct ends of roles that begin on a stated day, when they begin on it."""
    loads: Floats
    rates: Floats
    latests: Ints
    """The distinct last days on which roles may begin; -1 where one can never begin."""
    timing: Longs
    """Number of the roles' timing: equal where start, length and load are."""
    skill_codes: Longs
    skill: Ints
    """Local skill of every posting of a skill."""
    per_level: Ints
    """Value of one level of the skill; 0 where it is taught on the job."""
    asked: Bytes
    """Level at which the skill is asked for, at least 1."""
    share: Ints
    """Part of the competence that the skill makes up."""
    learning: Ints
    """Part of the growth that the skill makes up."""
    asks: Flags
    """Whether the role asks for any skill at all, beyond those it teaches."""
    must_at: Longs
    must: Ints
    """Local skills without which the role is out of reach."""
    must_level: Bytes
    holds: Cover
    """From a skill held to the skills asked that it covers."""
    learns: Cover
    """From a skill that somebody wants to practise to the skills asked that practise it."""

    def __len__(self) -> int:
        return len(self.position)


def build_index(
    opportunities: Opportunities, *, vocabulary: Vocabulary, prices: Floats | None = None
) -> RoleIndex:
    """Return the index of roles; ``prices`` are in points, one for each role, none being 0."""
    countries = np.append(0, np.setdiff1d(opportunities.work_rights, [0])).astype(np.int64)
    country = positions_of(countries[1:], opportunities.work_rights) + 1
    sites, region = sites_of(
        opportunities.region, opportunities.place_at, rows_of(opportunities, PLACE_COLUMNS)
    )
    places, place = np.unique(region * len(countries) + country, return_inverse=True)
    bucket = _buckets(opportunities, country, len(countries) + 2 * place)
    order = np.lexsort((opportunities.ids, bucket)).astype(np.int32)
    roles = opportunities.take(order)
    tie = np.empty(len(roles), np.int32)
    by_id = np.argsort(opportunities.ids, kind="stable")
    tie[by_id] = np.arange(len(roles), dtype=np.int32)
    fields = np.unique(np.append(roles.field, 0))
    begins = roles.start_earliest > 0
    never = begins & (roles.start_earliest > roles.start_latest)
    latests, latest_rank = np.unique(
        np.where(never, -1, np.minimum(roles.start_latest, FAR)), return_inverse=True
    )
    ends = roles.start_earliest + roles.days
    distinct_ends = np.unique(ends[begins])
    skill_codes = np.unique(roles.skill)
    skill = np.searchsorted(skill_codes, roles.skill)
    rarity = vocabulary.rarities(skill_codes)[skill]
    counts = np.where(roles.skill_level > 0, roles.skill_importance * rarity, 0.0)
    days, days_rank = np.unique(roles.days, return_inverse=True)
    loads, load_rank = np.unique(roles.weekly, return_inverse=True)
    rates, rate_rank = np.unique(roles.gate_rate, return_inverse=True)
    holds, learns = covers_of(skill_codes, vocabulary)
    price = np.zeros(len(roles)) if prices is None else prices[order]
    return RoleIndex(
        opportunities=roles,
        position=order,
        tie=tie[order],
        ids_by_tie=opportunities.ids[by_id],
        position_by_tie=by_id.astype(np.int32),
        price=np.rint(price * POINT).astype(np.int32),
        bucket_at=np.searchsorted(
            bucket[order], np.arange(len(countries) + 2 * len(places) + 1)
        ).astype(np.int64),
        sites=sites,
        place_at=np.searchsorted(places, np.arange(len(sites) + 1) * len(countries)).astype(
            np.int64
        ),
        place_country=(places % len(countries)).astype(np.int32),
        fields=fields,
        field=np.searchsorted(fields, roles.field).astype(np.int32),
        countries=countries,
        needed=np.array(
            [
                load_rank,
                -rate_rank,
                -latest_rank,
                days_rank,
                np.where(begins, np.searchsorted(distinct_ends, ends), -1),
                roles.min_age,
                roles.requires_enrolment,
                ~roles.credit,
            ],
            np.int32,
        ),
        days=days,
        ends=distinct_ends,
        loads=loads,
        rates=rates,
        latests=latests,
        timing=_timing(roles, days_rank * len(loads) + load_rank),
        skill_codes=skill_codes,
        skill=skill.astype(np.int32),
        per_level=_per_level(roles.skill_level),
        asked=np.clip(roles.skill_level, 1, LEVELS).astype(np.uint8),
        share=_shares(counts, roles.skill_at),
        learning=_shares(rarity, roles.skill_at),
        asks=np.append(0, np.cumsum(counts > 0))[roles.skill_at[1:]]
        > np.append(0, np.cumsum(counts > 0))[roles.skill_at[:-1]],
        must_at=np.append(0, np.cumsum(roles.skill_must))[roles.skill_at].astype(np.int64),
        must=skill[roles.skill_must].astype(np.int32),
        must_level=roles.skill_level[roles.skill_must],
        holds=holds,
        learns=learns,
    )


def _timing(roles: Opportunities, extent: Longs) -> Longs:
    starts = roles.start_earliest.astype(np.int64) << 32 | roles.start_latest
    _, start = np.unique(starts, return_inverse=True)
    most = int(extent.max(initial=0)) + 1
    timing: Longs = np.unique(start * most + extent, return_inverse=True)[1]
    return timing


def _buckets(roles: Opportunities, country: Ints, place: Longs) -> Longs:
    is_onsite = roles.mode == MODES.index("onsite")
    return np.where(roles.mode == MODES.index("remote"), country, place + is_onsite)


def positions_of(known: Longs, codes: Longs) -> Ints:
    """Return where each code stands among the known, ascending ones; -1 if it does not."""
    if not len(known):
        return np.full(len(codes), -1, np.int32)
    found = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    return np.where(known[found] == codes, found, -1).astype(np.int32)


def _per_level(levels: Bytes) -> Ints:
    per_level = [0, *(-(-VALUE // level) for level in range(1, 256))]
    return np.array(per_level, np.int32)[levels]


def _shares(counts: Floats, at: Longs) -> Ints:
    """Return each skill's part of its role's sum, on the scale ``SHARE``, rounded down."""
    totals = np.add.reduceat(np.append(counts, 0.0), at[:-1]) if len(at) > 1 else np.zeros(0)
    totals = np.where(np.diff(at) > 0, totals, 0.0)
    mine = np.repeat(totals, np.diff(at))
    return np.where(counts > 0, SHARE * counts / np.where(mine > 0, mine, 1.0), 0).astype(np.int32)


def covers_of(asked: Longs, vocabulary: Vocabulary) -> tuple[Cover, Cover]:
    """Return what held skills cover and what practises a wanted skill, among the skills asked."""
    held = np.repeat(vocabulary.held, np.diff(vocabulary.near_at))
    own = np.full(len(asked), RELATED, np.int16)
    source = np.concatenate([asked, held])
    target = np.concatenate([asked, vocabulary.near])
    relatedness = np.concatenate([own, vocabulary.nearness])
    return (
        _cover(source, positions_of(asked, target), relatedness, vocabulary),
        _cover(target, positions_of(asked, source), relatedness, vocabulary),
    )


def _cover(codes: Longs, skill: Ints, relatedness: NDArray[Any], vocabulary: Vocabulary) -> Cover:
    used: Flags = skill >= 0
    order = np.lexsort((skill[used], codes[used]))
    keys, counts = np.unique(codes[used], return_counts=True)
    return Cover(
        codes=keys,
        at=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        skill=skill[used][order].astype(np.uint32),
        relatedness=relatedness[used][order].astype(np.int16),
        weight=np.maximum(1, np.rint(USUAL * vocabulary.rarities(keys) / vocabulary.usual)).astype(
            np.int32
        ),
    )
