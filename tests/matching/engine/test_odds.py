"""The share of applicants who get an offer: formulas by hand, ranges that hold what they say."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from matching.engine.odds import (
    FEWEST_PEOPLE,
    LEAST_STRENGTH,
    MOST_STRENGTH,
    USUAL_STRENGTH,
    Answers,
    Belief,
    believe,
    below,
    concentration,
    crowded,
    discount,
    quantiles,
    told_of,
    updated,
)


def numbers(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


def places(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


class TestConcentration:
    def test_is_that_worked_out_by_hand(self):
        # Twelve pairs, three all chosen, three not at all, six by half: between 3/11, within 1/4,
        # usual size 2, so r = (12 - 11) / (12 + 11) and (1 - r) / r = 22.
        chosen = numbers(2, 2, 2, 0, 0, 0, 1, 1, 1, 1, 1, 1)

        found = concentration(np.full(12, 2.0), chosen, np.zeros(12, np.int64), 1)

        assert found == pytest.approx(22)

    def test_compares_members_of_the_same_group_only(self):
        # The same twelve pairs twice; in the second group the shares are mirrored, none differs.
        chosen = numbers(2, 2, 2, 0, 0, 0, 1, 1, 1, 1, 1, 1)
        both = np.concatenate((chosen, 2 - chosen))

        found = concentration(np.full(24, 2.0), both, np.repeat(places(0, 1), 12), 2)

        assert found == pytest.approx(22)

    def test_has_bounds_for_members_that_are_all_alike_or_not_at_all(self):
        size, group = np.full(12, 4.0), np.zeros(12, np.int64)

        assert concentration(size, np.full(12, 2.0), group, 1) == MOST_STRENGTH
        assert concentration(size, numbers(*[4, 0] * 6), group, 1) == LEAST_STRENGTH

    def test_is_the_usual_one_where_too_few_can_be_compared(self):
        ten = np.zeros(10, np.int64)

        assert concentration(np.full(10, 9.0), numbers(*range(10)), ten, 1) == USUAL_STRENGTH
        assert concentration(np.ones(12), numbers(*[1, 0] * 6), places(*[0] * 12), 1) == 8.0

    def test_finds_what_was_planted(self):
        draw = np.random.default_rng(3)
        group = draw.integers(0, 50, 4000)
        share = draw.beta(3, 9, 50)[group]
        size = draw.integers(1, 20, 4000)
        chosen = draw.binomial(size, draw.beta(share * 20, (1 - share) * 20))

        found = concentration(size.astype(float), chosen.astype(float), group, 50)

        assert found == pytest.approx(20, rel=0.15)


class TestBelief:
    def test_ten_answers_of_one_member_count_like_five_at_strength_eight(self):
        assert discount(numbers(0, 1, 10), 8.0).tolist() == [1, 1, 0.5]

    def test_a_member_varies_as_much_as_its_group_and_it_together(self):
        mean, known, alike = Fraction(1, 5), Fraction(10), Fraction(4)
        of_group = mean * (1 - mean) / (known + 1)
        total = (mean * (1 - mean) - of_group) / (alike + 1) + of_group

        found = below(Belief(numbers(0.2), numbers(10)), 4.0)

        assert found.mean[0] == 0.2
        assert found.mean[0] * (1 - found.mean[0]) / (found.strength[0] + 1) == pytest.approx(
            float(total)
        )

    def test_answers_are_added_to_it(self):
        found = updated(Belief(numbers(0.25), numbers(8)), numbers(4), numbers(4))

        assert (found.mean[0], found.strength[0]) == (0.5, 12)

    def test_descends_from_the_site_to_the_role_as_worked_out_by_hand(self):
        answers = Answers(
            answered=numbers(10, 0, 20, 30, 6),
            offered=numbers(2, 0, 10, 27, 6),
            employer=places(0, 0, 1, 2, 0),
            format_of=places(0, 0, 1),
            formats=2,
        )

        found = believe(answers)

        # Every strength is the usual one, as too few can be compared.
        alike = Fraction(8)

        def part(size: Fraction) -> Fraction:
            return (alike + 1) / (max(size, Fraction(1)) + alike)

        def down(strength: Fraction) -> Fraction:
            return strength * alike / (strength + alike + 1)

        sizes, offers = (
            [Fraction(10), Fraction(0), Fraction(20), Fraction(30), Fraction(6)],
            [Fraction(2), Fraction(0), Fraction(10), Fraction(27), Fraction(6)],
        )
        of_roles = [
            (size * part(size), offer * part(size))
            for size, offer in zip(sizes, offers, strict=True)
        ]
        third = of_roles[3]
        third_up = third[0] * part(third[0]), third[1] * part(third[0])
        other_format = tuple(count * part(third_up[0]) for count in third_up)
        other_employer = tuple(count * part(of_roles[2][0]) for count in of_roles[2])
        siblings = [count + other for count, other in zip(of_roles[0], of_roles[4], strict=True)]
        mean, strength = Fraction(1, 2), Fraction(1)
        for size, offer in (other_format, other_employer, siblings, (Fraction(0), Fraction(0))):
            if (size, offer) != other_format:
                strength = down(strength)
            mean, strength = (mean * strength + offer) / (strength + size), strength + size
        assert found.mean[1] == pytest.approx(float(mean))
        assert found.strength[1] == pytest.approx(float(strength))

        # The only role of its format and employer is told by the other format and by itself.
        first = [count * part(of_roles[2][0]) for count in of_roles[2]]
        both = [count + of_roles[4][place] for place, count in enumerate(of_roles[0])]
        second = [count * part(both[0]) for count in both]
        summed = [one + other for one, other in zip(first, second, strict=True)]
        size, offer = (count * part(summed[0]) for count in summed)
        mean, strength = (Fraction(1, 2) + offer) / (1 + size), 1 + size
        strength = down(down(down(strength)))
        assert found.strength[3] == pytest.approx(float(strength + 30))
        assert found.mean[3] == pytest.approx(float((mean * strength + 27) / (strength + 30)))

    def test_the_nearer_counts_more_the_more_it_has_answered(self):
        def of_role(answered: float) -> float:
            answers = Answers(
                answered=numbers(answered, 100, 400),
                offered=numbers(answered, 50, 40),
                employer=places(0, 0, 1),
                format_of=places(0, 0),
                formats=1,
            )
            return float(believe(answers).mean[0])

        shares = [of_role(answered) for answered in (0, 10, 50, 500)]

        assert shares == sorted(shares)
        assert 0.1 < shares[0] < 0.5
        assert shares[-1] > 0.95

    @pytest.mark.parametrize("answered", [FEWEST_PEOPLE - 1, FEWEST_PEOPLE])
    def test_a_role_and_an_employer_are_told_from_five_people_on(self, answered):
        def shares(offered: float) -> list[float]:
            answers = Answers(
                answered=numbers(answered, 0, 400),
                offered=numbers(offered, 0, 40),
                employer=places(0, 0, 1),
                format_of=places(0, 0),
                formats=1,
            )
            return believe(answers).mean[:2].tolist()

        none, all_of_them = shares(0), shares(answered)

        if answered < FEWEST_PEOPLE:
            assert none[0] == none[1]
            assert all_of_them[0] == all_of_them[1]
        else:
            assert none[0] + 0.5 < all_of_them[0]
            assert none[1] + 0.1 < all_of_them[1]

    @pytest.mark.parametrize(
        ("answered", "is_enough"),
        [((4, 4, 4, 4, 4), True), ((5, 5, 5, 5, 0), False), ((4, 4, 4, 4, 3), False)],
    )
    def test_twenty_answers_of_five_roles_are_enough(self, answered, is_enough):
        answers = Answers(
            numbers(*answered), np.zeros(5), places(0, 1, 2, 3, 4), places(*[1] * 5), 2
        )

        assert answers.are_enough().tolist() == [False, is_enough]


class TestRange:
    @pytest.mark.parametrize(("a", "b"), [(1, 1), (1, 9), (2, 30), (40, 60), (7, 1), (60, 140)])
    def test_quantiles_are_those_of_the_binomial_sum(self, a, b):
        found = quantiles(Belief(numbers(a / (a + b)), numbers(a + b)), (0.1, 0.5, 0.9))[0]

        for tail, share in zip((0.1, 0.5, 0.9), found.tolist(), strict=True):
            n = a + b - 1
            below_it = sum(
                float(comb(n, k) * Fraction(share) ** k * Fraction(1 - share) ** (n - k))
                for k in range(a, n + 1)
            )
            assert below_it == pytest.approx(tail, abs=0.002)

    def test_holds_the_true_share_of_four_in_five(self):
        draw = np.random.default_rng(11)
        kind = draw.integers(0, 6, 300)
        formats = draw.beta(3, 9, 6)[kind]
        own = draw.beta(formats * 15, (1 - formats) * 15)
        employer = draw.integers(0, 300, 3000)
        true = draw.beta(own[employer] * 20, (1 - own[employer]) * 20)
        answered = draw.poisson(8, 3000)
        answered[:600] = 0
        offered = draw.binomial(answered, true)
        answers = Answers(answered.astype(float), offered.astype(float), employer, kind, 6)

        told = told_of(believe(answers))

        inside = (told[:, 0] <= true) & (true <= told[:, 2])
        assert (told[:, 0] <= told[:, 1]).all()
        assert (told[:, 1] <= told[:, 2]).all()
        assert 0.74 < inside[:600].mean() < 0.86
        assert 0.76 < inside[600:].mean() < 0.84
        overall = offered.sum() / answered.sum()
        assert np.abs(told[:, 1] - true).mean() < 0.8 * np.abs(overall - true).mean()


class TestCrowded:
    def test_nobody_is_told_more_than_the_places_left_give(self):
        usual = np.array([[0.2, 0.3, 0.4]] * 4)

        found = crowded(usual, places(2, 2, 2, 0), places(4, 5, 12, 0), places(9, 9, 20, 9))

        assert found[0] == pytest.approx([0.2, 0.3, 0.4])
        assert found[1] == pytest.approx([0.2, 0.3, 1 / 3])
        assert found[2] == pytest.approx([0.2 * (2 / 13) / 0.3, 2 / 13, 2 / 13])
        assert found[3].tolist() == [0, 0, 0]

    def test_fewer_than_five_applicants_are_not_counted(self):
        usual = np.array([[0.5, 0.6, 0.7]] * 2)

        found = crowded(usual, places(1, 1), places(4, 4), places(4, 5))

        assert found[0].tolist() == [0.5, 0.6, 0.7]
        assert found[1] == pytest.approx([0.5 / 3, 0.2, 0.2])
