"""Chances are held against what happened, and corrected by it."""

import numpy as np
import pytest

from matching.engine.calibration import (
    ENOUGH_OUTCOMES,
    calibration,
    fit_isotonic,
    pool_adjacent_violators,
)


def least_squares_by_the_min_max_formula(values: np.ndarray, weights: np.ndarray) -> list[float]:
    """The largest, over starts before, of the smallest mean up to an end after (Barlow, 1972)."""

    def mean(first: int, last: int) -> float:
        part = slice(first, last + 1)
        return float(np.average(values[part], weights=weights[part]))

    size = len(values)
    return [
        max(min(mean(first, last) for last in range(place, size)) for first in range(place + 1))
        for place in range(size)
    ]


class TestPoolAdjacentViolators:
    @pytest.mark.parametrize("seed", range(20))
    def test_is_the_nearest_rising_line(self, seed):
        draw = np.random.default_rng(seed)
        size = int(draw.integers(1, 25))
        values = draw.random(size).round(1) if seed % 2 else draw.normal(0, 1, size)
        weights = draw.integers(1, 9, size).astype(float)

        found = pool_adjacent_violators(values, weights)

        assert found == pytest.approx(least_squares_by_the_min_max_formula(values, weights))

    def test_leaves_what_rises_and_pools_what_falls(self):
        rising, falling = np.array([0.1, 0.2, 0.9]), np.array([0.9, 0.2, 0.1])

        assert pool_adjacent_violators(rising, np.ones(3)).tolist() == [0.1, 0.2, 0.9]
        assert pool_adjacent_violators(falling, np.array([1, 1, 2])) == pytest.approx([0.325] * 3)
        assert pool_adjacent_violators(np.zeros(0), np.zeros(0)).tolist() == []


class TestIsotonicMap:
    def test_changes_nothing_before_a_thousand_outcomes(self):
        told = np.linspace(0, 1, ENOUGH_OUTCOMES - 1)

        learnt = fit_isotonic(told, np.zeros(len(told)))

        assert learnt(np.array([0.0, 0.3, 1.0])).tolist() == [0.0, 0.3, 1.0]

    def test_corrects_what_was_told_twice_too_high(self):
        draw = np.random.default_rng(5)
        told = draw.uniform(0, 0.8, 20_000)
        happened = (draw.random(20_000) < told / 2).astype(float)

        learnt = fit_isotonic(told, happened)

        asked = np.linspace(0.05, 0.75, 15)
        assert learnt(asked) == pytest.approx(asked / 2, abs=0.06)
        before, after = calibration(told, happened), calibration(learnt(told), happened)
        assert after.brier < before.brier
        assert after.gap < 0.01
        assert before.gap > 0.15

    def test_never_falls_and_is_level_beyond_what_is_known(self):
        draw = np.random.default_rng(6)
        told = draw.uniform(0.2, 0.6, 1_000)

        learnt = fit_isotonic(told, (draw.random(1_000) < 0.4).astype(float))

        mapped = learnt(np.linspace(0, 1, 101))
        assert (np.diff(mapped) >= 0).all()
        assert mapped[0] == mapped[20]
        assert mapped[-1] == mapped[60]


class TestCalibration:
    def test_is_that_worked_out_by_hand(self):
        told = np.array([0.1, 0.1, 0.5, 0.5])
        happened = np.array([0.0, 1.0, 1.0, 1.0])

        found = calibration(told, happened, bins=2)

        assert found.brier == pytest.approx((0.01 + 0.81 + 0.25 + 0.25) / 4)
        assert found.base_brier == pytest.approx(0.75 * 0.25)
        assert [(line.count, line.told, line.happened) for line in found.bins] == [
            (2, 0.1, 0.5),
            (2, 0.5, 1.0),
        ]
        assert found.gap == pytest.approx((2 * 0.4 + 2 * 0.5) / 4)

    def test_equal_chances_stand_on_one_line(self):
        found = calibration(np.array([0.3] * 7 + [0.4]), np.array([1.0, 0] * 4))

        assert [line.count for line in found.bins] == [7, 1]

    def test_of_nothing_there_is_none(self):
        assert calibration(np.zeros(0), np.zeros(0)) is None
