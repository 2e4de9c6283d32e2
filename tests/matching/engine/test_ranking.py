"""Both kernels against brute force and each other: the same lists, bit for bit."""

import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import (
    LOWEST,
    POINT,
    Candidate,
    Opportunity,
    Ranker,
    Skill,
    explain,
    gates,
    numba_kernel,
    numpy_kernel,
    pack_candidates,
    pack_opportunities,
    rank,
    relate,
    score_rows,
)
from matching.engine.role_index import build_index
from matching.engine.scoring import weights
from matching.engine.topk import best_first
from matching.priors import PRIORS
from tests.matching.engine.markets import asked, busy, candidate, market, opportunity, seeking
from tests.matching.engine.oracle import reference

SEEDS = st.integers(0, 2**32 - 1)
KERNELS = ["numpy", "fast"]
TAXONOMY = relate(
    list("abcdefgh"),
    broader=[("a", "b"), ("b", "c"), ("d", "group"), ("e", "group"), ("f", "c"), ("g", "b")],
    words={"g": ["red", "dye"], "h": ["red", "dye", "vat"]},
)
quick = settings(max_examples=15, deadline=None)


def packed(seed, candidates=25, opportunities=30, vocabulary=None):
    people, roles = market(seed, candidates, opportunities)
    known = {"vocabulary": vocabulary} if vocabulary else {}
    columns = pack_opportunities(roles, priors=PRIORS, **known)
    return people, roles, pack_candidates(people, **known), columns


def same(left, right):
    return all(
        np.array_equal(getattr(left, name), getattr(right, name))
        for name in ("ids", "scores", "positions")
    )


def both_same(left, right):
    return same(left.candidates, right.candidates) and same(left.opportunities, right.opportunities)


class TestOracle:
    @settings(max_examples=8, deadline=None)
    @given(SEEDS)
    def test_lists_are_those_of_the_reference(self, seed):
        draw = random.Random(seed)
        people = [candidate(draw, number) for number in range(12)]
        roles = [opportunity(draw, number) for number in range(15)]
        theirs = [seeking(person) for person in people], [asked(role) for role in roles]

        lists = rank(
            pack_candidates(people), pack_opportunities(roles, priors=PRIORS), k=15
        ).candidates

        for place, person in enumerate(theirs[0]):
            expected = {
                role.id: reference.mutual(person, role)
                for role in theirs[1]
                if not reference.gates(person, role)
            }
            found = {
                int(number): score / POINT
                for number, score in zip(lists.ids[place], lists.scores[place], strict=True)
                if number >= 0
            }
            assert found == pytest.approx(expected, abs=0.01)

    @quick
    @given(SEEDS)
    def test_every_pair_scores_as_in_the_reference(self, seed):
        draw = random.Random(seed)
        person, role = candidate(draw), opportunity(draw)
        them = seeking(person), asked(role)

        found = explain(person, role, priors=PRIORS)

        assert found.fit == pytest.approx(reference.fit(*them), abs=0.01)
        assert found.suit == pytest.approx(reference.suit(*them), abs=0.01)
        assert found.mutual == pytest.approx(reference.mutual(*them), abs=0.01)
        assert list(found.gates) == reference.gates(*them)
        values = reference.plan_value(them[0], [reference.facts(them[1])])
        assert {line.name: line.value for line in found.aspects} == pytest.approx(values, abs=1e-4)


class TestLists:
    @pytest.mark.parametrize("kernel", KERNELS)
    @quick
    @given(SEEDS, st.booleans())
    def test_hold_the_best_eligible_pairs_of_both_sides(self, kernel, seed, by_fit):
        people, roles, candidates, opportunities = packed(seed, vocabulary=TAXONOMY)
        known = TAXONOMY.weigh(opportunities)
        prices = np.random.default_rng(seed).uniform(0, 30, len(roles))
        order = "fit" if by_fit else "mutual"

        found = rank(
            candidates,
            opportunities,
            k=4,
            vocabulary=known,
            prices=prices,
            order=order,
            kernel=kernel,
        )

        pairs = np.indices((len(people), len(roles))).reshape(2, -1)
        scores = score_rows(candidates, opportunities, *pairs, vocabulary=known)
        worth = {}
        for place, (number, other) in enumerate(pairs.T):
            if not gates(people[number], roles[other], priors=PRIORS, vocabulary=known):
                priced = scores.mutual[place] - round(prices[other] * POINT)
                mine = scores.fit[place] if by_fit else priced
                worth[number, other] = mine, scores.mutual[place]
        for number in range(len(people)):
            best = sorted((-worth[n, o][0], o) for n, o in worth if n == number)[:4]
            assert [int(o) for o in found.candidates.ids[number] if o >= 0] == [o for _, o in best]
        for other in range(len(roles)):
            best = sorted((-worth[n, o][1], n) for n, o in worth if o == other)[:4]
            assert [int(n) for n in found.opportunities.ids[other] if n >= 0] == [
                n for _, n in best
            ]

    @quick
    @given(SEEDS, st.sampled_from([1, 3, 50]), st.sampled_from([1, 7, 8, 64, 4096]))
    def test_do_not_depend_on_kernel_or_block(self, seed, k, block):
        _, _, candidates, opportunities = packed(seed, 40, 60, TAXONOMY)
        known = TAXONOMY.weigh(opportunities)

        plain = rank(candidates, opportunities, k=k, vocabulary=known, kernel="numpy")

        with mock.patch.object(numpy_kernel, "BLOCK", block):
            for kernel in KERNELS:
                again = rank(candidates, opportunities, k=k, vocabulary=known, kernel=kernel)
                assert both_same(plain, again)

    @quick
    @given(SEEDS, st.booleans(), st.sampled_from(["mutual", "fit"]))
    def test_of_skewed_markets_do_not_depend_on_the_kernel(self, seed, all_remote, order):
        draw = random.Random(seed)
        musts = tuple(Skill(name, 1, 2, must=True) for name in draw.sample("abc", 2))
        place = {"mode": "remote", "work_rights": ""} if all_remote else {"region": "BE"}
        roles = [opportunity(draw, n, skills=musts[: n % 3], **place) for n in range(80)]
        roles += [replace(role, id=100 + role.id) for role in roles[:20]]
        people = [
            (candidate if n % 3 else busy)(draw, n, skills={"a": 2, "b": 1, "c": n % 3})
            for n in range(40)
        ]
        people += [replace(person, id=100 + person.id) for person in people[:20]]
        columns = pack_candidates(people), pack_opportunities(roles, priors=PRIORS)
        index = build_index(
            columns[1], vocabulary=TAXONOMY, prices=np.array([n % 4 * 2.5 for n in range(100)])
        )

        found = []
        for kernel in KERNELS:
            ranker = Ranker(index, k=3, order=order, kernel=kernel)
            parts = [ranker.rank(columns[0].take(np.arange(a, a + 30))) for a in (0, 30)]
            found.append([*parts, ranker.opportunity_lists()])

        assert all(same(plain, quickly) for plain, quickly in zip(*found, strict=True))

    def test_of_one_index_are_those_of_its_roles(self):
        _, _, candidates, opportunities = packed(11, vocabulary=TAXONOMY)
        index = build_index(opportunities, vocabulary=TAXONOMY)

        for kernel in KERNELS:
            first = Ranker(index, k=5, kernel=kernel).rank(candidates)
            again = Ranker(index, k=5, kernel=kernel).rank(candidates)
            plain = Ranker(opportunities, k=5, vocabulary=TAXONOMY).rank(candidates)

            assert same(first, plain)
            assert same(again, plain)

    def test_need_no_new_arrangement_of_an_index(self, monkeypatch):
        _, _, candidates, opportunities = packed(11)
        index = build_index(opportunities, vocabulary=TAXONOMY)
        first = Ranker(index, k=5, kernel="fast").rank(candidates)
        monkeypatch.delattr(numba_kernel, "arrange")

        again = Ranker(index, k=5, kernel="fast", one_sided=True).rank(candidates)

        assert same(first, again)

    def test_of_several_threads_stand_apart(self):
        _, _, candidates, opportunities = packed(11)
        index = build_index(opportunities, vocabulary=TAXONOMY)
        first = Ranker(index, k=5, kernel="fast").rank(candidates)

        with ThreadPoolExecutor(4) as pool:
            rankers = [Ranker(index, k=5, kernel="fast") for _ in range(40)]
            found = list(pool.map(lambda ranker: ranker.rank(candidates), rankers))

        assert all(same(first, lists) for lists in found)

    @pytest.mark.parametrize("kernel", KERNELS)
    @quick
    @given(SEEDS)
    def test_do_not_depend_on_the_order_of_the_input(self, kernel, seed):
        people, roles, candidates, opportunities = packed(seed)
        draw = random.Random(seed)
        shuffled = draw.sample(people, len(people)), draw.sample(roles, len(roles))

        straight = rank(candidates, opportunities, k=5, kernel=kernel)
        mixed = rank(
            pack_candidates(shuffled[0]),
            pack_opportunities(shuffled[1], priors=PRIORS),
            k=5,
            kernel=kernel,
        )

        for owners, left, right in (
            (shuffled[0], straight.candidates, mixed.candidates),
            (shuffled[1], straight.opportunities, mixed.opportunities),
        ):
            rows = [owner.id for owner in owners]
            assert np.array_equal(left.ids[rows], right.ids)
            assert np.array_equal(left.scores[rows], right.scores)

    @pytest.mark.parametrize("kernel", KERNELS)
    def test_break_ties_by_the_lower_id(self, kernel):
        people = [Candidate(id=number) for number in (7, 3, 5)]
        roles = [Opportunity(id=number, hours_total=20, weeks=2) for number in (9, 2, 4)]

        found = rank(
            pack_candidates(people),
            pack_opportunities(roles, priors=PRIORS),
            k=2,
            kernel=kernel,
        )

        assert found.candidates.ids.tolist() == [[2, 4]] * 3
        assert found.opportunities.ids.tolist() == [[3, 5]] * 3
        assert found.candidates.positions.tolist() == [[1, 2]] * 3
        assert found.opportunities.positions.tolist() == [[1, 2]] * 3

    def test_order_ids_that_are_text_alphabetically(self):
        roles = [Opportunity(id=name, hours_total=20, weeks=2) for name in ("b", "a")]

        found = rank(
            pack_candidates([Candidate(id="x")]), pack_opportunities(roles, priors=PRIORS), k=2
        )

        assert found.candidates.positions.tolist() == [[1, 0]]

    @pytest.mark.parametrize("kernel", KERNELS)
    @pytest.mark.parametrize(("people", "roles"), [(0, 0), (0, 3), (3, 0), (2, 1)])
    def test_are_padded_where_there_is_nothing(self, kernel, people, roles):
        draw = random.Random(1)
        far = [
            opportunity(draw, n, mode="onsite", region="nowhere", places=()) for n in range(roles)
        ]

        found = rank(
            pack_candidates([candidate(draw, n) for n in range(people)]),
            pack_opportunities(far, priors=PRIORS),
            k=2,
            kernel=kernel,
        )

        for lists, owners in ((found.candidates, people), (found.opportunities, roles)):
            assert lists.ids.shape == (owners, 2)
            assert (lists.ids == -1).all()
            assert (lists.positions == -1).all()
            assert (lists.scores == LOWEST).all()

    @pytest.mark.parametrize("kernel", KERNELS)
    def test_may_have_no_places(self, kernel):
        _, _, candidates, opportunities = packed(3)

        found = rank(candidates, opportunities, k=0, kernel=kernel)

        assert found.candidates.ids.shape == (25, 0)

    def test_of_a_negative_length_are_refused(self):
        _, _, _, opportunities = packed(3, 1, 1)

        with pytest.raises(ValueError, match="k: -1"):
            Ranker(opportunities, k=-1)

    @pytest.mark.parametrize("kernel", KERNELS)
    @quick
    @given(SEEDS)
    def test_of_portions_are_those_of_the_whole(self, kernel, seed):
        _, _, candidates, opportunities = packed(seed)
        whole = rank(candidates, opportunities, k=5, kernel=kernel)
        ranker = Ranker(opportunities, k=5, kernel=kernel)

        parts = [ranker.rank(candidates.take(np.arange(a, a + 5))) for a in range(0, 25, 5)]

        assert np.array_equal(np.concatenate([part.ids for part in parts]), whole.candidates.ids)
        assert same(ranker.opportunity_lists(), whole.opportunities)

    def test_need_portions_in_the_order_of_ids(self):
        _, _, candidates, opportunities = packed(3)
        ranker = Ranker(opportunities, k=5)
        ranker.rank(candidates.take(np.arange(5, 10)))

        with pytest.raises(ValueError, match="ids: portions"):
            ranker.rank(candidates.take(np.arange(5)))


class TestBestFirst:
    @given(SEEDS)
    def test_is_by_falling_score_and_rising_id_whatever_stood_first(self, seed):
        draw = np.random.default_rng(seed)
        ids = draw.choice(1 << 40, 50, replace=False)
        scores = draw.choice([-(1 << 30), -1, 0, 7, 7_000, (1 << 30) - 1], 50)

        best = best_first(scores, ids)

        by_hand = sorted(range(50), key=lambda place: (-scores[place], ids[place]))
        assert best.tolist() == by_hand

    def test_of_nothing_is_nothing(self):
        assert best_first(np.zeros(0, np.int64), np.zeros(0, np.int64)).tolist() == []


class TestOnlySomeFields:
    @pytest.mark.parametrize("kernel", KERNELS)
    @quick
    @given(SEEDS)
    def test_leave_out_the_others_and_change_nothing_else(self, kernel, seed):
        people, roles, _, opportunities = packed(seed)
        anything = [replace(person, only_fields=frozenset()) for person in people]

        narrow, wide = (
            rank(pack_candidates(some), opportunities, k=len(roles), kernel=kernel).candidates
            for some in (people, anything)
        )

        for row, person in enumerate(people):
            left = [
                (number, score)
                for number, score in zip(wide.ids[row], wide.scores[row], strict=True)
                if number >= 0
                and (not person.only_fields or roles[number].field in person.only_fields)
            ]
            found = zip(narrow.ids[row], narrow.scores[row], strict=True)
            assert [pair for pair in found if pair[0] >= 0] == left

    @pytest.mark.parametrize("kernel", KERNELS)
    def test_that_no_role_is_in_leave_none(self, kernel):
        roles = [Opportunity(id=n, hours_total=20, weeks=2, field="data") for n in range(3)]
        person = Candidate(id=1, only_fields=frozenset({"astronomy"}))

        found = rank(
            pack_candidates([person]), pack_opportunities(roles, priors=PRIORS), k=3, kernel=kernel
        )

        assert found.candidates.ids.tolist() == [[-1, -1, -1]]

    def test_come_first_as_the_aspect_that_matters_most_does(self):
        wants = {"interests": {"data": 1.0}, "top3": ("pay", "skills", "effort")}
        first = weights(Candidate(id=1, **wants, fields_first=True))
        named = weights(Candidate(id=1, **wants | {"top3": ("field",)}, fields_first=True))
        once = weights(Candidate(id=1, **wants | {"top3": ("field",)}))

        assert first["field"] == pytest.approx(first["pay"])
        assert named == once


class TestColumns:
    @quick
    @given(SEEDS)
    def test_concatenate_what_take_cut(self, seed):
        _, _, candidates, opportunities = packed(seed, 9, 9)
        for columns in (candidates, opportunities):
            parts = [columns.take(np.arange(start, start + 3)) for start in (0, 3, 6)]

            joined = type(columns).concatenate(parts)

            for item in fields(columns):
                left, right = getattr(joined, item.name), getattr(columns, item.name)
                assert left.dtype == right.dtype, item.name
                assert np.array_equal(left, right), item.name


class TestPurity:
    def test_the_engine_loads_no_framework(self):
        code = (
            "import sys, matching.engine, matching.engine.numba_kernel;"
            "print(sorted({name.split('.')[0] for name in sys.modules}"
            " & {'django', 'celery', 'redis', 'psycopg', 'config', 'opportunities'}))"
        )

        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )

        assert done.stdout == "[]\n"

    def test_nothing_protected_is_a_field(self):
        protected = {
            "name", "first_name", "last_name", "gender", "sex", "age", "birth_date", "ethnicity",
            "race", "religion", "disability", "nationality", "photo", "school", "university",
            "grades", "gpa", "postcode", "address", "marital_status", "email",
        }  # fmt: skip
        for record in (Candidate, Opportunity):
            assert not protected & {item.name for item in fields(record)}

    def test_must_have_skills_need_the_very_skill(self):
        role = Opportunity(id=1, hours_total=20, weeks=2, skills=(Skill("a", 1, 1, must=True),))
        sibling = Candidate(id=1, skills={"b": 4})

        assert gates(sibling, role, priors=PRIORS, vocabulary=TAXONOMY) == ["must_have_skill"]
        for kernel in KERNELS:
            found = rank(
                pack_candidates([sibling], vocabulary=TAXONOMY),
                pack_opportunities([role], priors=PRIORS, vocabulary=TAXONOMY),
                k=1,
                vocabulary=TAXONOMY,
                kernel=kernel,
            )
            assert found.candidates.ids.tolist() == [[-1]]
