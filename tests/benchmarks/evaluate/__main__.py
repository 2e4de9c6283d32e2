"""Run all simulations, print their tables and write them to ``var/evaluation.json``.

It takes two to three minutes of one processor, and no server. Where ``shared/data/esco`` is beside
the project, its skills and occupations are judged too.
"""

import argparse
import json
import sys
from dataclasses import asdict, fields
from pathlib import Path
from time import process_time

from tests.benchmarks import bench_skills
from tests.benchmarks.evaluate.offers import judge_terms, play_terms
from tests.benchmarks.evaluate.playing import Result
from tests.benchmarks.evaluate.policies import PRICED, PRODUCT, score_season
from tests.benchmarks.evaluate.published import INSTANCES, matches
from tests.benchmarks.evaluate.rounds import DEFERRED, compare_rounds, time_cohort
from tests.benchmarks.evaluate.seasons import BASE, VARIANTS, draw_season
from tests.benchmarks.evaluate.short_profiles import (
    COMPARED,
    DRAWN,
    ESCO,
    NAMED,
    SPREAD_BEFORE,
    apart,
    drawn_market,
    guests,
    judge,
    occupations,
)
from tests.benchmarks.evaluate.stacks import compare_paths
from tests.benchmarks.evaluate.trials import try_policies

REPORT = Path("var") / "evaluation.json"
COLUMNS = [field.name for field in fields(Result)]
FIRST_SEED = 40


def main() -> int:
    """Return 0 if every promise of the model held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seasons", type=int, default=5, help="seasons of the base market")
    parser.add_argument("--variant-seasons", type=int, default=3)
    parser.add_argument("--people", type=int, default=8, help="candidates whose paths are planned")
    parser.add_argument("--cohort", type=int, default=500_000, help="candidates of a large round")
    parser.add_argument("--terms", type=int, default=8, help="terms whose offers are foretold")
    options = parser.parse_args()
    promises: dict[str, bool] = {}
    report = {
        "published": _published(promises),
        "policies": _policies(options.seasons, options.variant_seasons, promises),
        "short profiles": _short_profiles(promises),
        "skills": _skills(promises),
        "rounds": _rounds(promises),
        "cohort": _cohort(options.cohort, promises),
        "paths": _paths(options.people),
        "chances": _chances(options.terms, promises),
        "promises": promises,
    }
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1))
    _say("\nPromises")
    for promise, kept in promises.items():
        _say(f"{'kept  ' if kept else 'BROKEN'}  {promise}")
    _say(f"\nThe figures are in {REPORT}. It took {process_time():.0f} s of processor time.")
    return 0 if all(promises.values()) else 1


def _published(promises: dict[str, bool]) -> list[dict[str, object]]:
    _say("Published instances: matches by one side's wishes, by the product, by the equilibrium")
    rows = []
    for instance in INSTANCES:
        ours = matches(instance)
        name = f"{instance.attention} {instance.left}x{instance.right} seed {instance.seed}"
        _say(f"{name:22} ours {_figures(ours)}   published {_figures(instance.published)}")
        rows.append({**asdict(instance), "ours": ours})
    promises["published figures reproduced to four decimals"] = all(
        round(ours, 4) == round(theirs, 4)
        for row in rows
        for ours, theirs in zip(row["ours"], row["published"], strict=True)
    )
    return rows


def _policies(
    seasons: int, variant_seasons: int, promises: dict[str, bool]
) -> dict[str, dict[str, dict[str, float]]]:
    tables = {}
    for name, kind in {"base": BASE, **VARIANTS}.items():
        count = seasons if kind is BASE else variant_seasons
        table = try_policies(kind, range(FIRST_SEED, FIRST_SEED + count))
        gain = table[PRICED].good / table[PRODUCT].good - 1
        _say(f"\nMarket: {name} ({count} seasons), price over product {gain:+.1%} good matches")
        _say(f"{'lists ranked by':22}" + "".join(f"{column:>15}" for column in COLUMNS))
        for policy, result in table.items():
            figures = "".join(f"{getattr(result, column):>15.3f}" for column in COLUMNS)
            _say(f"{policy:22}{figures}")
        if kind is BASE:
            promises["price gives at least 25 % more good matches on the base"] = gain >= 0.25
        else:
            promises[f"price never gives fewer good matches: {name}"] = gain >= 0
        promises[f"deferred acceptance leaves no blocking pair: {name}"] = all(
            result.envious == 0 for result in table.values()
        )
        tables[name] = {policy: asdict(result) for policy, result in table.items()}
    return tables


def _short_profiles(promises: dict[str, bool]) -> dict[str, dict[str, float]]:
    markets = {
        DRAWN: drawn_market(1),
        ESCO: occupations(7, 400),
        f"{ESCO}, drawn again": occupations(8, 400),
        f"{ESCO}, once more": occupations(9, 400),
        "all occupations of ESCO": occupations(7),
    }
    _say(
        "\nShort profiles: least share of eight named among the first ten, spread of fifty, planted"
    )
    table = {}
    for name, market in markets.items():
        if not market:
            continue
        judged = {}
        for fields_named, skills in NAMED:
            people = guests(2, market, fields=fields_named, skills=skills, count=60)
            found = judged[fields_named, skills] = judge(people, market)
            row = f"{name}, {fields_named} fields and {skills} skills"
            _say(f"{row:44} {found.wanted:.2f}  {found.spread:5.2f}  {found.planted:.2f}")
            promises[f"eight of the first ten were named, own role first: {row}"] = (
                found.wanted == 1 and found.planted >= 0.95
            )
            table[row] = asdict(found)
        for kind in COMPARED if name in SPREAD_BEFORE else ():
            times = apart(name, kind, judged)
            _say(f"{name}, {kind}: {times:.2f} times as far apart as before decision 18")
            promises[f"the first fifty lie twice as far apart: {name}, {kind}"] = times >= 2
    return table


def _skills(promises: dict[str, bool]) -> dict[str, object]:
    tables: dict[str, object] = {}
    for path in (bench_skills.OWN, bench_skills.ESCO):
        if path.exists():
            figures = bench_skills.compare(path, seeds=3, people=150)
            behind = bench_skills.behind(figures)
            _say(f"\nRanking by skills, {path.name}: behind BM25, or words and groups: {behind}")
            promises[f"skills rank better than BM25 and words: {path.name}"] = not behind
            tables[path.name] = figures
    return tables


def _rounds(promises: dict[str, bool]) -> dict[str, dict[str, float]]:
    season = draw_season(60)
    table = compare_rounds(season, score_season(season), seed=1)
    _say("\nCohort round        matches   good   pairs with justified envy")
    for name, row in table.items():
        _say(f"{name:26}{row['matches']:7.0f}{row['good']:7.0f}{row['envious']:12.0f}")
    promises["deferred acceptance leaves no blocking pair: cohort"] = (
        table[DEFERRED]["envious"] == 0
    )
    return table


def _cohort(candidates: int, promises: dict[str, bool]) -> dict[str, float]:
    row = time_cohort(candidates, candidates // 10)
    _say(
        f"\nA round of {row.candidates:,} x {row.roles:,}: {row.compiled_seconds:.1f} s compiled, "
        f"{row.plain_seconds:.1f} s plain, {row.matched:,} matched"
    )
    promises["deferred acceptance leaves no blocking pair: large round"] = row.envious == 0
    promises["a large round takes less than a minute"] = row.plain_seconds < 60
    return asdict(row)


def _paths(people: int) -> list[dict[str, float]]:
    _say("\nPaths of 200 roles: hours, goal, one internship, stack, mix, milliseconds for all")
    rows = [asdict(row) for row in compare_paths(draw_season(7), people)]
    for row in rows:
        _say(
            f"{row['hours']:4.0f} h  goal {row['goal']:.1f}   {row['one']:5.1f}  "
            f"{row['stack']:5.1f}  {row['mix']:5.1f}   {row['milliseconds']:6.0f} ms"
        )
    return rows


def _chances(terms: int, promises: dict[str, bool]) -> dict[str, object]:
    report: dict[str, object] = {}
    for name, kind in {"base": BASE, **VARIANTS}.items():
        judged = judge_terms(play_terms(draw_season(FIRST_SEED, kind), terms=terms, seed=1))
        _say(f"\nWhat applicants are told of their chance, market: {name}")
        for line in judged.lines():
            _say(line)
        promises[f"chances are better than telling everybody the same: {name}"] = (
            max(judged.counted.brier, judged.corrected.brier) < judged.counted.base_brier
        )
        promises[f"chances are off by 2 points at most on average: {name}"] = (
            max(judged.counted.gap, judged.corrected.gap) <= 0.02
        )
        report[name] = asdict(judged)
    return report


def _figures(numbers: tuple[float, ...]) -> str:
    return " ".join(f"{number:9.4f}" for number in numbers)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
