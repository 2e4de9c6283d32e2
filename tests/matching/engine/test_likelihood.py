import pytest

from matching.engine.planning import all_of, any_of, leg_chance


def test_a_leg_comes_about_by_its_role_or_else_by_its_fallback():
    # 0.2, and where it fails (0.8) half of the time the fallback: 0.2 + 0.8 * 0.5
    assert leg_chance(0.2, 0.5) == pytest.approx(0.6)
    assert leg_chance(0.2, 0.0) == pytest.approx(0.2)
    assert leg_chance(1.0, 0.3) == 1.0


def test_a_fallback_of_which_nothing_is_known_counts_as_none():
    assert leg_chance(0.2, None) == pytest.approx(0.2)


def test_nothing_is_said_of_a_leg_of_which_nothing_is_known():
    assert leg_chance(None, 0.9) is None


def test_a_plan_comes_about_if_every_leg_does():
    # (0.2 + 0.8 * 0.5) * 0.5 * (0.1 + 0.9 * 0.2) = 0.6 * 0.5 * 0.28
    legs = [leg_chance(0.2, 0.5), leg_chance(0.5, None), leg_chance(0.1, 0.2)]

    assert all_of(legs) == pytest.approx(0.084)


def test_at_least_one_leg_comes_about_unless_all_fail():
    # 1 - 0.4 * 0.5 * 0.72
    assert any_of([0.6, 0.5, 0.28]) == pytest.approx(0.856)


def test_nothing_is_said_of_a_plan_with_an_unknown_leg_or_none():
    assert all_of([0.5, None]) is None
    assert any_of([0.5, None]) is None
    assert all_of([]) is None
