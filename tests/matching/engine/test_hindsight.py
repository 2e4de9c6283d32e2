"""What would have been told rests on nothing that came later, and is held against what happened."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from matching.engine.calibration import ENOUGH_OUTCOMES
from matching.engine.hindsight import Histories, foresee, judge_chances
from matching.engine.odds import FEWEST_ANSWERED


def drawn(seed: int, applications: int = 400, roles: int = 30) -> Histories:
    draw = np.random.default_rng(seed)
    sent = draw.uniform(0, 200, applications).round(1)
    waits = sent + draw.uniform(1, 40, applications).round(1)
    offered = draw.random(applications) < 0.3
    return Histories(
        role=draw.integers(0, roles, applications),
        sent=sent,
        known=np.maximum(waits, sent + 28),
        waits_until=waits,
        held_from=np.where(offered, waits, inf),
        held_until=np.where(offered & (draw.random(applications) < 0.2), waits + 5, inf),
        offered=offered,
        capacity=draw.integers(1, 5, roles),
        employer=draw.integers(0, 10, roles),
        format_of=draw.integers(0, 3, 10),
        formats=3,
    )


class TestForesee:
    def test_sees_the_role_as_it_was_when_each_applied(self):
        one = drawn(1)

        free, waiting, applicants = one.at_arrival()

        for number in range(len(one.role)):
            now = one.sent[number]
            same = (one.role == one.role[number]) & (one.sent < now)
            held = same & (one.held_from < now) & ~(one.held_until < now)
            assert applicants[number] == same.sum()
            assert waiting[number] == (same & ~(one.waits_until < now)).sum()
            assert free[number] == one.capacity[one.role[number]] - held.sum()

    def test_what_comes_later_changes_nothing_of_what_was_told(self):
        one = drawn(2)
        later = one.known > 120
        other = replace(one, offered=np.where(later, ~one.offered, one.offered))
        early = one.sent <= 120

        before, after = foresee(one), foresee(other)

        assert np.isfinite(before[early]).sum() > 50
        assert np.array_equal(before[early], after[early], equal_nan=True)
        assert not np.array_equal(before[~early], after[~early], equal_nan=True)

    def test_says_nothing_of_a_format_with_fewer_than_twenty_answers(self):
        one = drawn(3)

        told = foresee(one, rounds=1)
        much_later = foresee(
            replace(
                one, sent=np.append(one.sent, 900.0), role=np.append(one.role, 0),
                known=np.append(one.known, inf), waits_until=np.append(one.waits_until, inf),
                held_from=np.append(one.held_from, inf),
                held_until=np.append(one.held_until, inf), offered=np.append(one.offered, False),
                capacity=np.full(30, 50),
            ),
            rounds=401,
        )  # fmt: skip

        assert np.isnan(told).all()
        first = np.argsort(one.sent)[FEWEST_ANSWERED]
        assert np.isnan(much_later[first])
        assert 0 < much_later[-1] < 1


class TestJudgeChances:
    def test_only_those_are_judged_who_applied_since_and_have_an_answer(self):
        one = drawn(4)

        found = judge_chances(one, split=100, now=200)

        since = (one.sent >= 100) & (one.known <= 200) & ~np.isnan(foresee(one))
        assert found.counted.count == since.sum() > 20
        share = one.offered[since].mean()
        assert found.counted.base_brier == pytest.approx(share * (1 - share))
        assert judge_chances(one, split=500) is None

    def test_is_corrected_by_earlier_answers_only_and_by_enough_of_them(self):
        few, many = drawn(5, 600), drawn(5, 6_000)
        mirrored = replace(many, offered=np.where(many.sent < 100, many.offered, False))

        assert judge_chances(few, split=100).corrected == judge_chances(few, split=100).counted
        found = judge_chances(many, split=100)
        assert (many.known <= 100).sum() > ENOUGH_OUTCOMES
        assert found.corrected != found.counted
        assert judge_chances(mirrored, split=100).counted.base_brier == 0
        last = replace(many, offered=many.offered ^ (many.known > 200))
        after = judge_chances(last, split=100)
        assert [line.told for line in after.corrected.bins] == [
            line.told for line in found.corrected.bins
        ]
        assert after.corrected.brier != found.corrected.brier
