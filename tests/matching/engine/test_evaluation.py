import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import evaluation
from matching.engine.evaluation import Judgments
from tests.matching.engine.mutating import mutant, notices
from tests.matching.engine.oracle import reference

GOLDEN = json.loads((Path(__file__).parent / "oracle" / "golden.json").read_text())
AUDITS = [pytest.param(case, id=case["name"]) for case in GOLDEN if case["kind"] == "audit"]
ROLES = 6
rows = st.lists(
    st.tuples(
        st.lists(st.integers(0, ROLES - 1), unique=True, max_size=4),
        st.dictionaries(st.integers(0, ROLES - 1), st.sampled_from([0.5, 1.0, 3.0])),
    ),
    min_size=1,
    max_size=5,
)


def lists_of(queries, k=4):
    return np.array([[*listed, *[-1] * (k - len(listed))] for listed, _ in queries])


def judgments_of(queries):
    pairs = [pair for _, wanted in queries for pair in wanted.items()]
    return Judgments(
        np.concatenate(([0], np.cumsum([len(wanted) for _, wanted in queries]))).astype(np.int64),
        np.array([role for role, _ in pairs], dtype=np.int64),
        np.array([gain for _, gain in pairs], dtype=np.float64),
    )


# Every check compares a measure with its definition, written out for one list at a time.


def check_ndcg_is_gain_over_the_best_gain(module, queries):
    for found, (listed, wanted) in zip(measured(module, "ndcg", queries), queries, strict=True):
        best = sorted(wanted.values(), reverse=True)[:4]
        ideal = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(best))
        real = sum(wanted.get(role, 0) / math.log2(rank + 2) for rank, role in enumerate(listed))
        assert found == (pytest.approx(real / ideal) if wanted else pytest.approx(nan, nan_ok=True))


def check_reciprocal_rank_is_of_the_first_hit(module, queries):
    found = measured(module, "reciprocal_rank", queries)
    for figure, (listed, wanted) in zip(found, queries, strict=True):
        hits = [1 / rank for rank, role in enumerate(listed, 1) if role in wanted]
        expected = max(hits, default=0.0) if wanted else nan
        assert figure == pytest.approx(expected, nan_ok=True)


def check_recall_counts_the_wanted_roles_listed(module, queries):
    for found, (listed, wanted) in zip(measured(module, "recall", queries), queries, strict=True):
        expected = len(set(listed) & set(wanted)) / len(wanted) if wanted else nan
        assert found == pytest.approx(expected, nan_ok=True)


def check_coverage_counts_the_listed_roles(module, queries):
    listed = {role for roles, _ in queries for role in roles}

    assert module.coverage(lists_of(queries), ROLES) == pytest.approx(len(listed) / ROLES)


def check_exposure_is_shared_by_rank(module, queries):
    expected = [0.0] * ROLES
    for listed, _ in queries:
        for rank, role in enumerate(listed):
            expected[role] += 1 / math.log2(rank + 2)

    assert module.exposure(lists_of(queries), ROLES) == pytest.approx(expected)


def check_gini_is_half_the_mean_difference(module, queries):
    amounts = [sum(wanted.values()) for _, wanted in queries]
    differences = sum(abs(a - b) for a in amounts for b in amounts)
    total = 2 * len(amounts) * sum(amounts)

    expected = differences / total if total else 0.0
    assert module.gini(np.array(amounts)) == pytest.approx(expected)


nan = float("nan")


def measured(module, name, queries):
    judged = module.judge(lists_of(queries), judgments_of(queries))
    return getattr(module, name)(judged).tolist()


RANKING_CHECKS = [
    check_ndcg_is_gain_over_the_best_gain,
    check_reciprocal_rank_is_of_the_first_hit,
    check_recall_counts_the_wanted_roles_listed,
    check_coverage_counts_the_listed_roles,
    check_exposure_is_shared_by_rank,
    check_gini_is_half_the_mean_difference,
]
RANKING_MUTANTS = [
    (check_ndcg_is_gain_over_the_best_gain, "judgments.gains[best]", "judgments.gains"),
    (check_ndcg_is_gain_over_the_best_gain, "row * width + judgments.roles", "judgments.roles"),
    (check_ndcg_is_gain_over_the_best_gain, "place < k], place", "place < k], 0 * place"),
    (check_reciprocal_rank_is_of_the_first_hit, "1.0 + hits", "2.0 + hits"),
    (check_reciprocal_rank_is_of_the_first_hit, "hits.any(axis=1) / rank, np.nan", "1 / rank, 0.0"),
    (check_recall_counts_the_wanted_roles_listed, ".sum(axis=1), judged", ".any(axis=1), judged"),
    (check_coverage_counts_the_listed_roles, "np.unique(lists[lists >= 0])", "np.unique(lists)"),
    (check_exposure_is_shared_by_rank, "weights[lists >= 0]", "np.ones((lists >= 0).sum())"),
    (check_gini_is_half_the_mean_difference, "np.sort(amounts", "np.array(amounts"),
]  # fmt: skip


@pytest.mark.parametrize("check", RANKING_CHECKS)
def test_measures_equal_their_definitions(check):
    @settings(max_examples=150, deadline=None)
    @given(rows)
    def holds(queries):
        check(evaluation, queries)

    holds()


@pytest.mark.parametrize(("check", "old", "new"), RANKING_MUTANTS)
def test_broken_measures_are_noticed(check, old, new):
    broken = mutant(evaluation, old, new)
    queries = [
        ([4, 1, 0], {0: 1.0, 1: 3.0, 2: 0.5, 5: 0.5}),
        ([], {}),
        ([2, 3], {1: 1.0}),
        ([5], {5: 0.5}),
    ]

    check(evaluation, queries)
    assert notices(check, broken, [queries])


def test_a_perfect_list_scores_one_and_a_better_order_never_scores_less():
    wanted = {0: 3.0, 1: 1.0}
    queries = [([0, 1], wanted), ([1, 0], wanted), ([2, 1, 0], wanted), ([2, 3], wanted)]

    found = evaluation.ndcg(evaluation.judge(lists_of(queries), judgments_of(queries)))

    assert found[0] == pytest.approx(1.0)
    assert sorted(found, reverse=True) == found.tolist()
    assert found[3] == 0.0


def test_queries_that_want_nothing_are_left_out_of_the_mean():
    assert evaluation.mean(np.array([1.0, nan, 0.0])) == 0.5
    assert math.isnan(evaluation.mean(np.array([nan])))


def test_one_role_with_all_the_exposure_is_most_unequal():
    assert evaluation.gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)
    assert evaluation.gini(np.array([2, 2, 2])) == pytest.approx(0.0)
    assert evaluation.gini(np.array([], dtype=float)) == 0.0


def test_empty_lists_and_markets_are_no_error():
    nobody = Judgments(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0))
    judged = evaluation.judge(np.zeros((0, 5), np.int64), nobody)

    assert evaluation.ndcg(judged).shape == (0,)
    assert math.isnan(evaluation.coverage(np.zeros((0, 5), np.int64), 0))
    short = evaluation.judge(
        np.zeros((1, 0), np.int64), Judgments(*map(np.array, ([0, 1], [0], [1.0])))
    )
    assert evaluation.reciprocal_rank(short).tolist() == [0.0]


# Impact ratios


def audited(module, given_):
    groups = [row.get(given_["group"]) for row in given_["rows"]]
    outcomes = np.array([row[given_["outcome"]] for row in given_["rows"]])
    audit = module.impact_ratios(groups, outcomes)
    return {
        "kind": audit.kind,
        "unknown": audit.unknown,
        "excluded": audit.excluded,
        "groups": {
            name: {"n": rate.n, "rate": rate.rate, "ratio": rate.ratio, "flag": rate.flag}
            for name, rate in audit.groups.items()
        },
    }


def check_audit(module, given_, expected):
    found = audited(module, given_)
    rates = {name: found["groups"].pop(name) for name in list(found["groups"])}

    assert found == {**expected, "groups": {}}
    assert sorted(rates) == sorted(expected["groups"])
    for name, rate in rates.items():
        assert rate == pytest.approx(expected["groups"][name], abs=2e-6)


def check_golden_audit(module, case):
    check_audit(module, case["input"], case["expected"])


@pytest.mark.parametrize("case", AUDITS)
def test_audits_equal_the_golden_case(case):
    check_golden_audit(evaluation, case)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", "c", None]), st.integers(0, 5)), max_size=60),
    st.booleans(),
)
def test_audits_equal_the_oracle(people, selection):
    people = [*people, ("a", 1)]
    audit_rows = [{"g": g, "x": score > 2 if selection else score} for g, score in people]
    given_ = {"rows": audit_rows, "group": "g", "outcome": "x"}

    check_audit(evaluation, given_, reference.impact_ratios(audit_rows, "g", "x"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rate / best < FLAG_BELOW", "rate < FLAG_BELOW"),
        ("minimum_share * len(results)", "0"),
        ("np.median(results)", "np.mean(results)"),
        ("len(groups) - len(results)", "len(names)"),
        ("float(chosen[i] / size[i])", "float(chosen[i] / size.sum())"),
        ("rate / best if best else None", "rate"),
    ],
)
def test_a_broken_audit_is_noticed(old, new):
    broken = mutant(evaluation, old, new)

    cases = [param.values[0] for param in AUDITS]

    assert notices(check_golden_audit, broken, cases)


def test_refuses_outcomes_without_groups():
    with pytest.raises(ValueError, match="2 groups for 1 outcomes"):
        evaluation.impact_ratios(["a", None], np.array([True]))


def test_an_audit_of_nobody_is_empty():
    audit = evaluation.impact_ratios([None, None], np.array([1.0, 2.0]))

    assert (audit.unknown, audit.groups, audit.excluded) == (2, {}, [])
