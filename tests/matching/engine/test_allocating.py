import json
import random
from dataclasses import dataclass
from itertools import islice, permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import allocating
from matching.engine.allocating import Congestion, Lists
from tests.benchmarks.evaluate import deferred
from tests.matching.engine.mutating import mutant, notices
from tests.matching.engine.oracle import reference

GOLDEN = json.loads((Path(__file__).parent / "oracle" / "golden.json").read_text())
EXACT = Congestion(slots=3, kappa=1, rounds=5000, tolerance=1e-9)
seeds = st.integers(0, 2**32 - 1)


def golden(kind):
    return [pytest.param(case, id=case["name"]) for case in GOLDEN if case["kind"] == kind]


# Prices


@dataclass
class Crowd:
    """Mutual scores by (candidate, role), as the oracle wants them, and the places."""

    mutual: dict
    candidates: int
    places: np.ndarray

    @classmethod
    def drawn(cls, seed):
        draw = random.Random(seed)
        candidates, roles = draw.randint(1, 25), draw.randint(1, 6)
        mutual = {
            (i, j): draw.uniform(20, 95)
            for i in range(candidates)
            for j in range(roles)
            if draw.random() < 0.8
        }
        return cls(mutual, candidates, np.array([draw.randint(1, 3) for _ in range(roles)]))

    def lists(self):
        rows = [sorted(j for i, j in self.mutual if i == row) for row in range(self.candidates)]
        starts = np.concatenate(([0], np.cumsum([len(row) for row in rows])))
        roles = np.array([j for row in rows for j in row], dtype=np.int32)
        scores = [self.mutual[i, j] for i, row in enumerate(rows) for j in row]
        return Lists(starts.astype(np.int64), roles, np.array(scores, dtype=np.float64))

    def twice(self):
        again = {(self.candidates + i, j): score for (i, j), score in self.mutual.items()}
        return Crowd(self.mutual | again, 2 * self.candidates, self.places)

    def demand(self, points, market):
        total = np.zeros(len(self.places))
        for row in range(self.candidates):
            pull = {
                j: np.exp((score - points[j] - market.reserve) / market.beta)
                for (i, j), score in self.mutual.items()
                if i == row
            }
            for j, weight in pull.items():
                total[j] += market.slots * weight / (1 + sum(pull.values()))
        return total


def prices(module, crowd, places=None):
    places = crowd.places if places is None else places
    return module.congestion_prices(crowd.lists(), places, EXACT)


def check_prices_are_never_negative(module, crowd):
    assert (prices(module, crowd).points >= 0).all()


def check_demand_fits_the_places(module, crowd):
    demand = crowd.demand(prices(module, crowd).points, EXACT)

    assert (demand <= crowd.places * (1 + 1e-4)).all()


def check_only_what_binds_has_a_price(module, crowd):
    points = prices(module, crowd).points
    slack = np.abs(crowd.demand(points, EXACT) - crowd.places)

    assert (slack <= 1e-3 * crowd.places)[points > 1e-3].all()


def check_ample_places_cost_nothing(module, crowd):
    assert (prices(module, crowd, np.full(len(crowd.places), 10**6)).points == 0).all()


def check_twice_the_demand_never_lowers_a_price(module, crowd):
    once, twice = prices(module, crowd).points, prices(module, crowd.twice()).points

    assert (twice >= once - 1e-6).all()


def check_prices_equal_the_oracle(module, crowd):
    ours = module.congestion_prices(crowd.lists(), crowd.places).points
    theirs = reference.prices(crowd.mutual, dict(enumerate(crowd.places.tolist())))

    assert ours == pytest.approx([theirs[j] for j in range(len(crowd.places))], abs=1e-9)


def check_a_new_role_costs_what_its_crowd_exceeds(module, crowd):
    """Price the first role anew, everybody asked, against the formula written out."""
    duals = prices(module, crowd).duals
    mutual = np.array([crowd.mutual.get((i, 0), -np.inf) for i in range(crowd.candidates)])

    def price(places):
        return module.price_of_new_role(
            mutual, duals, population=crowd.candidates, places=places, market=EXACT
        )

    wanted = sum(
        u * np.exp((m - EXACT.reserve) / EXACT.beta) for u, m in zip(duals, mutual, strict=True)
    )
    assert price(1) == pytest.approx(max(0.0, EXACT.beta * np.log(max(wanted, 1e-300))))
    assert price(1) >= price(2) >= 0 == price(10**12)


PRICE_CHECKS = [
    check_prices_are_never_negative,
    check_demand_fits_the_places,
    check_only_what_binds_has_a_price,
    check_ample_places_cost_nothing,
    check_twice_the_demand_never_lowers_a_price,
    check_prices_equal_the_oracle,
    check_a_new_role_costs_what_its_crowd_exceeds,
]
INEQUALITY = "np.minimum(1.0, np.divide(supply, demand, out=np.ones(len(demand)), where=bound))"
PRICE_MUTANTS = [
    (check_prices_are_never_negative, INEQUALITY, INEQUALITY.replace("1.0", "9.0")),
    (check_demand_fits_the_places, INEQUALITY, INEQUALITY.replace("supply, ", "supply * 2, ")),
    (check_only_what_binds_has_a_price, "market.kappa * places.astype", "0.5 * places.astype"),
    (check_ample_places_cost_nothing, "np.log(openness) + 0.0", "np.log(openness) + 1.0"),
    (
        check_twice_the_demand_never_lowers_a_price,
        "supply = market.kappa",
        "supply = 0.01 * len(lists.starts) ** 2",
    ),
    (check_prices_equal_the_oracle, "(lists.mutual - market.reserve)", "lists.mutual"),
    (check_a_new_role_costs_what_its_crowd_exceeds, "max(1.0, crowding)", "crowding"),
    (check_a_new_role_costs_what_its_crowd_exceeds, "* population / sample", "* population"),
    (check_prices_equal_the_oracle, "duals = market.slots", "duals = 9.0"),
]


@pytest.mark.parametrize("check", PRICE_CHECKS)
def test_prices_keep_their_promises(check):
    @settings(max_examples=40, deadline=None)
    @given(seeds)
    def holds(seed):
        check(allocating, Crowd.drawn(seed))

    holds()


@pytest.mark.parametrize(("check", "old", "new"), PRICE_MUTANTS)
def test_broken_prices_are_noticed(check, old, new):
    broken = mutant(allocating, old, new)

    assert notices(check, broken, map(Crowd.drawn, range(20)))


@pytest.mark.parametrize("case", golden("prices"))
def test_prices_equal_the_golden_case(case):
    given_ = case["input"]
    roles = sorted(given_["capacity"])
    candidates = sorted({candidate for (candidate, _), _ in given_["mutual"]})
    mutual = {
        (candidates.index(candidate), roles.index(role)): score
        for (candidate, role), score in given_["mutual"]
    }
    params = given_["params"]
    market = Congestion(
        slots=params["slots"],
        kappa=params["kappa"],
        rounds=params["iters"],
        tolerance=params["tol"],
    )
    places = np.array([given_["capacity"][role] for role in roles])
    crowd = Crowd(mutual, len(candidates), places)

    found = allocating.congestion_prices(crowd.lists(), places, market)
    expected = [case["expected"][role] for role in roles]
    assert found.points == pytest.approx(expected, abs=2e-6)


def test_padded_lists_lose_their_padding():
    lists = Lists.from_padded(
        np.array([[2, 0], [-1, -1], [1, -1]]), np.array([[9.0, 8.0], [0.0, 0.0], [7.0, 0.0]])
    )

    assert lists.starts.tolist() == [0, 2, 2, 3]
    assert lists.roles.tolist() == [2, 0, 1]
    assert lists.mutual.tolist() == [9.0, 8.0, 7.0]


def test_an_empty_market_has_no_prices():
    nobody = Lists(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0))

    assert allocating.congestion_prices(nobody, np.array([3])).points.tolist() == [0.0]
    assert allocating.congestion_prices(nobody, np.zeros(0, int)).points.tolist() == []


def test_a_role_without_places_has_no_price():
    crowd = Crowd({(0, 0): 90.0}, 1, np.array([0]))

    assert prices(allocating, crowd).points.tolist() == [0.0]
    assert allocating.price_of_new_role(np.ones(1), np.ones(1), population=1, places=0) == 0.0


def test_a_sample_stands_for_the_whole_population():
    mutual, duals = np.full(1000, 70.0), np.full(1000, 0.01)

    everybody = allocating.price_of_new_role(mutual, duals, population=1000, places=1)
    sample = allocating.price_of_new_role(mutual[:200], duals[:200], population=1000, places=1)

    assert sample == pytest.approx(everybody)
    assert everybody > 0


@pytest.mark.parametrize(("scores", "duals", "population"), [(199, 199, 200), (3, 2, 3), (4, 4, 3)])
def test_refuses_a_sample_that_proves_nothing(scores, duals, population):
    with pytest.raises(ValueError, match="A price needs"):
        allocating.price_of_new_role(
            np.ones(scores), np.ones(duals), population=population, places=1
        )


# Deferred acceptance


@dataclass
class Round:
    """An allocation round as the oracle wants it, and the same in arrays."""

    wishes: dict
    scores: dict
    places: dict
    seed: int

    @classmethod
    def drawn(cls, seed):
        draw = random.Random(seed)
        candidates = [f"c{i:02d}" for i in range(draw.randint(1, 12))]
        roles = [f"r{j}" for j in range(draw.randint(1, 5))]
        return cls(
            {c: draw.sample(roles, draw.randint(0, len(roles))) for c in candidates},
            {r: {c: draw.randint(0, 3) for c in candidates if draw.random() < 0.8} for r in roles},
            {r: draw.randint(0, 3) for r in roles},
            draw.randint(0, 3),
        )

    @property
    def candidates(self):
        return sorted(self.wishes)

    @property
    def roles(self):
        return sorted(self.places)

    def ballots(self):
        rows = [self.wishes[c] for c in self.candidates]
        pairs = [(c, r) for c, row in zip(self.candidates, rows, strict=True) for r in row]
        return deferred.Ballots(
            np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64),
            np.array([self.roles.index(r) for _, r in pairs], dtype=np.int32),
            np.array([self.scores.get(r, {}).get(c, 0) for c, r in pairs], dtype=np.int64),
            np.array([c in self.scores.get(r, {}) for c, r in pairs], dtype=bool),
        )

    def lottery(self):
        drawn = self.candidates
        random.Random(self.seed).shuffle(drawn)
        return np.array([self.candidates.index(c) for c in drawn], dtype=np.int64)

    def room(self):
        return np.array([self.places[r] for r in self.roles], dtype=np.int64)

    def named(self, match):
        pairs = zip(self.candidates, match.tolist(), strict=True)
        return {c: None if j < 0 else self.roles[j] for c, j in pairs}

    def positions(self, named):
        return np.array(
            [-1 if named[c] is None else self.roles.index(named[c]) for c in self.candidates]
        )


def accepted(module, round_):
    return round_.named(
        module.deferred_acceptance(round_.ballots(), round_.room(), round_.lottery(), fast=False)
    )


def check_nobody_has_justified_envy(module, round_):
    match = accepted(module, round_)

    assert not reference.blocking_pairs(round_.wishes, round_.scores, round_.places, match)


def check_places_suffice(module, round_):
    held = list(accepted(module, round_).values())

    assert all(held.count(role) <= places for role, places in round_.places.items())


def check_only_wished_and_accepted_pairs_are_made(module, round_):
    for candidate, role in accepted(module, round_).items():
        assert role is None or role in round_.wishes[candidate]
        assert role is None or candidate in round_.scores[role]


def check_the_match_equals_the_oracle(module, round_):
    oracle = reference.deferred_acceptance(round_.wishes, round_.scores, round_.places, round_.seed)

    assert accepted(module, round_) == oracle


def check_the_order_of_proposals_changes_nothing(module, round_):
    """Rename the candidates backwards, so that the others propose first; keep the lottery."""
    ballots, lottery = round_.ballots(), round_.lottery()
    last = len(lottery) - 1
    rows = [slice(*ballots.starts[i : i + 2]) for i in range(last, -1, -1)]
    mirrored = deferred.Ballots(
        np.concatenate(([0], np.cumsum(np.diff(ballots.starts)[::-1]))).astype(np.int64),
        *(
            np.concatenate([column[row] for row in rows])
            for column in (ballots.roles, ballots.scores, ballots.acceptable)
        ),
    )
    there = module.deferred_acceptance(ballots, round_.room(), lottery, fast=False)
    back = module.deferred_acceptance(mirrored, round_.room(), last - lottery, fast=False)

    assert there.tolist() == back[::-1].tolist()


def check_a_false_ranking_gains_nothing(module, round_):
    honest = accepted(module, round_)
    liar = round_.candidates[round_.seed % len(round_.candidates)]
    wishes = round_.wishes[liar]

    def rank(role):
        return wishes.index(role) if role in wishes else len(wishes)

    for lie in islice(permutations(wishes), 6):
        for length in range(len(lie) + 1):
            told = {**round_.wishes, liar: list(lie[:length])}
            match = accepted(module, Round(told, round_.scores, round_.places, round_.seed))
            assert rank(match[liar]) >= rank(honest[liar])


def check_the_loops_match_like_the_heaps(module, round_):
    ballots, places = round_.ballots(), round_.room()
    ranks = module._ranks(ballots, round_.lottery())
    applicants = np.bincount(ballots.roles[ranks >= 0], minlength=len(places))
    room = np.minimum(places, applicants)
    offsets = np.concatenate(([0], np.cumsum(room)))
    match = np.full(len(round_.wishes), -1)
    held = np.empty(offsets[-1], dtype=np.int64)
    edges = ballots.candidates()
    module._propose_in_loops(ballots.starts, ballots.roles, ranks, edges, offsets, held, match)

    assert match.tolist() == module._propose_in_python(ballots, ranks, room).tolist()


def check_envy_is_found_in_any_match(module, round_):
    """Compare blocking pairs on a match made by chance, which has many."""
    draw = random.Random(round_.seed)
    match = {}
    for candidate, wishes in round_.wishes.items():
        free = [
            role
            for role in wishes
            if candidate in round_.scores[role]
            and list(match.values()).count(role) < round_.places[role]
        ]
        match[candidate] = draw.choice([*free, None])
    found = module.blocking_pairs(round_.ballots(), round_.room(), round_.positions(match))
    expected = reference.blocking_pairs(round_.wishes, round_.scores, round_.places, match)

    named = [(round_.candidates[i], round_.roles[j]) for i, j in found.tolist()]
    assert sorted(named) == sorted(expected)


ROUND_CHECKS = [
    check_nobody_has_justified_envy,
    check_places_suffice,
    check_only_wished_and_accepted_pairs_are_made,
    check_the_match_equals_the_oracle,
    check_the_order_of_proposals_changes_nothing,
    check_a_false_ranking_gains_nothing,
    check_the_loops_match_like_the_heaps,
    check_envy_is_found_in_any_match,
]
DISPLACE = "refused = heapq.heappushpop(held[role], proposal)"
UPCOMING = "range(upcoming[candidate], starts[candidate + 1])"
FIRST_WISH = "range(upcoming[candidate], min(starts[candidate] + 1, starts[candidate + 1]))"
DRAWN = "drawn[ballots.candidates()[edges]]"
SIFT = "if ranks[held[base + parent]] > ranks[edge]"
TURN_AWAY = "if ranks[edge] > ranks[held[base]]"
ROUND_MUTANTS = [
    (check_nobody_has_justified_envy, DISPLACE, "refused = proposal"),
    (check_nobody_has_justified_envy, "-ballots.scores[edges]", "ballots.scores[edges]"),
    (check_places_suffice, "if len(held[role]) < room_of[role]:", "if len(held[role]) < 9:"),
    (check_places_suffice, "match[loser] = -1\n                free", "free"),
    (
        check_only_wished_and_accepted_pairs_are_made,
        "np.flatnonzero(ballots.acceptable)",
        "np.arange(len(ballots.roles))",
    ),
    (check_the_match_equals_the_oracle, "drawn[lottery] = np", "drawn[lottery] = -np"),
    (check_the_order_of_proposals_changes_nothing, DISPLACE, "refused = proposal"),
    (check_the_order_of_proposals_changes_nothing, DRAWN, "ballots.candidates()[edges]"),
    (check_a_false_ranking_gains_nothing, UPCOMING, FIRST_WISH),
    (check_the_loops_match_like_the_heaps, "child += 1", "child += 0"),
    (check_the_loops_match_like_the_heaps, SIFT, SIFT.replace(">", "<")),
    (check_the_loops_match_like_the_heaps, TURN_AWAY, TURN_AWAY.replace(">", "<")),
    (check_envy_is_found_in_any_match, "ballots.scores > lowest", "ballots.scores >= lowest"),
    (check_envy_is_found_in_any_match, "(taken < places)[ballots.roles] | ", ""),
    (check_envy_is_found_in_any_match, "& (edges < stop[candidates])", ""),
]


@pytest.mark.parametrize("check", ROUND_CHECKS)
def test_a_round_keeps_its_promises(check):
    @settings(max_examples=100, deadline=None)
    @given(seeds)
    def holds(seed):
        check(deferred, Round.drawn(seed))

    holds()


@pytest.mark.parametrize(("check", "old", "new"), ROUND_MUTANTS)
def test_a_broken_round_is_noticed(check, old, new):
    broken = mutant(deferred, old, new)

    assert notices(check, broken, map(Round.drawn, range(300)))


@pytest.mark.parametrize("fast", [True, False])
@pytest.mark.parametrize("case", golden("allocation"))
def test_a_round_equals_the_golden_case(case, fast):
    given_ = case["input"]
    round_ = Round(given_["prefs"], given_["scores"], given_["capacity"], given_["seed"])
    match = deferred.deferred_acceptance(
        round_.ballots(), round_.room(), round_.lottery(), fast=fast
    )

    assert round_.named(match) == case["expected"]["match"]
    pairs = deferred.blocking_pairs(round_.ballots(), round_.room(), match)
    assert pairs.tolist() == case["expected"]["blocking_pairs"]


def test_the_compiled_round_is_equal_on_a_crowded_market():
    draw = np.random.default_rng(3)
    candidates, roles, wishes = 3000, 120, 8
    order = draw.random((candidates, roles)).argsort(axis=1)[:, :wishes]
    ballots = deferred.Ballots(
        np.arange(0, candidates * wishes + 1, wishes),
        order.ravel().astype(np.int32),
        draw.integers(0, 20, candidates * wishes),
        draw.random(candidates * wishes) < 0.9,
    )
    places, lottery = draw.integers(0, 30, roles), draw.permutation(candidates)

    compiled = deferred.deferred_acceptance(ballots, places, lottery, fast=True)
    plain = deferred.deferred_acceptance(ballots, places, lottery, fast=False)

    assert compiled.tolist() == plain.tolist()
    assert len(deferred.blocking_pairs(ballots, places, plain)) == 0
    assert 0 < (plain >= 0).sum() < candidates
