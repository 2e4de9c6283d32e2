"""Hold the ranking to what ``make evaluate`` shows at full size, in small."""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine import POINT, pack_candidates, pack_opportunities, rank
from matching.priors import PRIORS
from tests.benchmarks.evaluate import policies, seasons
from tests.benchmarks.evaluate.offers import judge_terms, play_terms
from tests.benchmarks.evaluate.published import INSTANCES, matches
from tests.benchmarks.evaluate.rounds import DEFERRED, compare_rounds
from tests.benchmarks.evaluate.trials import try_policies

SMALL = seasons.Kind(candidates=800, roles=120)


@pytest.mark.parametrize("instance", INSTANCES, ids=lambda found: f"{found.attention} {found.seed}")
def test_published_figures_are_reproduced_to_four_decimals(instance):
    assert matches(instance) == pytest.approx(instance.published, abs=5e-5)


def test_prices_bring_more_good_matches_than_the_product_alone():
    results = try_policies(SMALL, range(40, 50))
    priced, product = results[policies.PRICED], results[policies.PRODUCT]

    assert priced.good >= 1.15 * product.good
    assert priced.matches > product.matches
    assert priced.exposure_gini < product.exposure_gini
    assert all(result.envious == 0 for result in results.values())


@pytest.mark.parametrize("name", seasons.VARIANTS)
def test_prices_never_bring_fewer_good_matches(name):
    variant = seasons.VARIANTS[name]
    kind = seasons.Kind(800, 120, variant.noise, variant.crowding, variant.places)
    results = try_policies(kind, [40])

    assert results[policies.PRICED].good >= results[policies.PRODUCT].good


def test_only_deferred_acceptance_leaves_nobody_envious():
    season = seasons.draw_season(60, SMALL)
    table = compare_rounds(season, policies.score_season(season), seed=1)

    assert table.pop(DEFERRED)["envious"] == 0
    assert all(row["envious"] > 0 for row in table.values())


def test_the_ranking_that_is_simulated_is_the_one_that_is_served():
    season = seasons.draw_season(5, SMALL)
    scores = policies.score_season(season)
    prices = policies.season_prices(scores.mutual, scores.eligible, season.places)
    served = rank(
        pack_candidates(season.candidates),
        pack_opportunities(season.roles, priors=PRIORS),
        k=policies.LIST_LENGTH,
        prices=prices,
    ).candidates.positions

    priced = np.rint(scores.mutual * POINT) - np.rint(prices * POINT)
    assert (served == policies.top(priced, scores.eligible, policies.LIST_LENGTH)).all()
    assert prices.max() > 1


@pytest.mark.parametrize("name", ["base", "half the places", "noise x 3"])
def test_chances_that_are_told_come_true(name):
    variant = seasons.VARIANTS.get(name, seasons.BASE)
    kind = seasons.Kind(800, 120, variant.noise, variant.crowding, variant.places)
    histories = play_terms(seasons.draw_season(40, kind), terms=6, seed=1)

    found = judge_terms(histories)

    assert found.counted.count > 5_000
    for judged in (found.counted, found.corrected):
        assert judged.brier < judged.base_brier
        assert judged.gap < 0.02
        told = [line.told for line in judged.bins]
        assert told == sorted(told)
        assert judged.bins[-1].happened > judged.bins[0].happened + 0.05


def test_chances_know_more_than_the_format_alone():
    histories = play_terms(seasons.draw_season(41, SMALL), terms=6, seed=1)
    alone = replace(
        histories,
        employer=histories.format_of[histories.employer],
        format_of=np.arange(histories.formats),
    )

    by_employer, by_format = judge_terms(histories), judge_terms(alone)

    assert by_employer.counted.brier < by_format.counted.brier
