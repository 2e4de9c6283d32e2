"""Break each bound of the compiled kernel by one unit, and see whether the lists show it.

Run: ``NUMBA_DISABLE_JIT=1 python -m tests.matching.engine.kernel_mutants``. The loops run as plain
Python, so that nothing is compiled: a mutant takes seconds. Prints one line for each, and how many
survived.
"""

import importlib
import random
import sys
from dataclasses import replace

import numpy as np

import matching.engine
from matching.engine import Skill, code_of, pack_candidates, pack_opportunities, relate
from matching.priors import PRIORS
from tests.matching.engine.breaking import broken_engine
from tests.matching.engine.markets import market

GATES = (
    "gates[LOAD, role] <= load",
    "gates[RATE, role] <= rate",
    "gates[LATEST, role] <= latest",
    "gates[LENGTH, role] <= length",
    "gates[END, role] <= last",
    "gates[AGE, role] <= age",
)
"""Comparisons of gates: each becomes strict."""

ONE_BY_ONE = "needed[row, gate] <= had[gate]"
"""The same for one role, or a block: strict for one gate after the other."""

ONE_ROLE = (
    "candidates.hours >= roles.weekly[place]",
    "candidates.rate_floor <= roles.gate_rate[place]",
    "candidates.available_from <= last",
    "first <= last",
    "days <= over - candidates.available_from",
    "first + days <= over",
    "candidates.age_ok >= roles.min_age[place]",
)
"""Those of one role for everybody: likewise."""

MUTANTS = (
    *(("numba_gates", line, line.replace("=", "", 1)) for line in GATES),
    ("numba_gates", "(gates[ENROLMENT, role] & lacking) == 0", "gates[ENROLMENT, role] == 0"),
    *(("numba_gates", ONE_BY_ONE, f"{ONE_BY_ONE} - (gate == {gate})") for gate in range(8)),
    *(("scored_pairs", line, line.replace("=", "", 1)) for line in ONE_ROLE),
    ("numba_one_role", "stated[posting] < must[posting]", "stated[posting] <= must[posting]"),
    ("numba_one_role", "kept += not lacking", "kept += lacking < 2"),
    ("numba_one_role", "min(count, first + BLOCK)", "min(count, first + BLOCK - 1)"),
    ("numba_one_role", "0 if fits else NOBODY", "0"),
    ("numba_one_role", "(people.skill_used[entry] > 0)", "(people.skill_used[entry] > 1)"),
    ("numba_one_role", "if near.is_asked[row]:", "if near.is_asked[row] and growth:"),
    ("numba_one_role", "np.arange(LOWEST_BITS + 2)", "np.arange(1, LOWEST_BITS + 3)"),
    ("numba_gates",
     "stated[needed >> MUST_SHIFT] < (needed",
     "stated[needed >> MUST_SHIFT] <= (needed"),
    ("numba_gates", "(end + BLOCK - 1) // BLOCK", "end // BLOCK"),
    ("numba_gates",
     "range(min(end - base, BLOCK), BLOCK)",
     "range(min(end - base, BLOCK) - 1, BLOCK)"),
    ("numba_gates", "range(max(first - base, 0))", "range(max(first - base + 1, 0))"),
    ("numba_formulas", "if ascending[middle] < wanted", "if ascending[middle] <= wanted"),
    ("numba_gates", "bucket[place] < spans[span, 1]", "bucket[place] <= spans[span, 1]"),
    ("numba_gates", "while place < end and", "while place + 1 < end and"),
    ("numba_lists", "if scores[pair] >= floor[role]", "if scores[pair] > floor[role]"),
    ("numba_lists", "if score >= least", "if score > least"),
    ("numba_lists", "lowest(highest, width))", "lowest(highest, width - 1))"),
    ("numba_lists", "lowest(pool[role], filled) >> 32", "(lowest(pool[role], filled) >> 32) + 1"),
    ("numba_lists",
     "floor[role] = lowest(row, width) >> 32",
     "floor[role] = row[width - 1] >> 32"),
    ("numba_lists",
     "for first in range(groups, count - groups + 1, groups)",
     "for first in range(0, count - groups + 1, groups - 1)"),
    ("numba_tables", "while stop < end and posted", "while stop + 1 < end and posted"),
    ("numba_tables", "kin_count += people.held_weight[entry] > 0", "kin_count += entry % 2"),
    ("numba_tables",
     "related == RELATED and people.held_weight",
     "related and people.held_weight"),
    ("numba_tables", "            if related == RELATED:\n", "            if related:\n"),
    ("numba_tables", "levels & LEVELS_MASK or used", "levels & LEVELS_MASK"),
    ("numba_gates", "among_many = count", "among_many = count + 1"),
    ("numba_loops", "fits & (pair < counts[0])", "fits & (pair <= counts[0])"),
    ("numba_loops", "kept += fits", "kept += fits & 1 - (pair == counts[1] - 1)"),
    ("numba_gates", "kept += is_open\n        among_many", "kept += 1\n        among_many"),
    ("numba_gates",
     "range(spans[ONLY], spans[ONLY + 1])",
     "range(spans[ONLY], spans[ONLY + 1] - 1)"),
    ("numba_gates", "is_open & (pair < counts[1])", "is_open & (pair <= counts[1])"),
    ("numba_tables", "number += start < stop", "number += start + 1 < stop"),
    ("numba_tables",
     "number += run[number, 0] < run[number, 1]",
     "number += run[number, 0] + 1 < run[number, 1]"),
    ("numba_tables", "if related > nearest", "if not nearest"),
    ("numba_tables", "(related - nearest) * weight", "related * weight"),
    ("numba_tables", "last >= wish * STEP else", "last > (wish + 1) * STEP else"),
    ("numba_columns",
     "np.searchsorted(posted[first:end, 0] >> ASKED_BITS, free_at)",
     "np.searchsorted(posted[first:end, 0] >> ASKED_BITS, free_at, 'right')"),
    ("numba_columns", "np.minimum.reduceat(", "np.maximum.reduceat("),
    ("numba_columns", "real = index.must_level > 0", "real = index.must_level > 1"),
)  # fmt: skip
"""Module, passage, and what stands there instead: every comparison that leaves something out."""

TAXONOMY = relate(
    list("abcdefgh"),
    broader=[("a", "b"), ("b", "c"), ("d", "group"), ("e", "group"), ("f", "c"), ("g", "b")],
    words={"g": ["red", "dye"], "h": ["red", "dye", "vat"]},
)

SMALL = (
    ("numba_scores", "LANES: Final = 32", "LANES: Final = 4"),
    ("numba_columns", "BLOCK: Final = 64", "BLOCK: Final = 8"),
    ("numba_gates", "FEW_ROLES: Final = 32", "FEW_ROLES: Final = 4"),
    ("numba_gates", "MANY_ROLES: Final = 1_000", "MANY_ROLES: Final = 10"),
    ("numba_one_role", "BLOCK: Final = 1024", "BLOCK: Final = 4"),
    ("numba_one_role", "LOWEST_BITS: Final = (1 << 11) - 1", "LOWEST_BITS: Final = 3"),
)
"""What makes small markets have many blocks and long lists."""

SETTINGS = (
    (*SMALL, ("numba_columns", "GUIDED: Final = 16", "GUIDED: Final = 1_000")),
    (*SMALL, ("numba_columns", "GUIDED: Final = 16", "GUIDED: Final = 0")),
    SMALL[:1],
    (*SMALL, ("numba_columns", "HIGHEST: Final = 32_766", "HIGHEST: Final = 0")),
)
MARKETS = 12


def on_the_edge(draw, people, roles):
    """Return both with some of them changed so that a gate is just open."""
    people = [
        replace(
            person,
            age_ok=draw.choice([17, 18, 99]),
            skills=person.skills | {draw.choice(["rare", "a"]): 2},
            available_from=draw.choice(["2027-01-04", "2027-03-04", "2027-05-01"]),
            available_until=draw.choice([None, "2027-03-17", "2027-05-14", "2027-06-15"]),
        )
        for person in people
    ]
    roles = [
        replace(
            role,
            min_age=18,
            weeks=draw.choice([2.0, 4.0, role.weeks]),
            start_earliest=draw.choice(["2027-01-04", "2027-03-04", "2027-05-01"]),
            credit=False,
            start_latest=draw.choice(["2027-03-04", "2027-05-01", None]),
        )
        for role in roles
    ]
    roles[3] = replace(roles[3], skills=(Skill("rare", 2, 3), Skill("a", 1, 1)))
    return people, roles


def markets():
    """Yield small markets in which much is equal: twins of roles and people, prices, few values."""
    for seed in range(MARKETS):
        draw = random.Random(seed)
        people, roles = market(seed, 12, 50)
        if seed % 2 == 0:
            people, roles = on_the_edge(draw, people, roles)
        people += [replace(person, id=add + person.id) for add in (20, 40) for person in people[:8]]
        roles += [replace(role, id=100 + role.id) for role in draw.sample(roles, 14)]
        # Of twins, the one with the lower id is ranked last: people follow each other by region.
        first, last = sorted(("BE", "FR"), key=code_of)
        people = [
            replace(person, rights=frozenset({"GH"}), regions={first if person.id >= 20 else last})
            for person in people
        ]
        roles += [replace(role, id=100 + role.id) for role in draw.sample(roles, 14)]
        # Of twins, the one with the lower id comes later: those abroad are ranked first.
        people = [
            replace(person, rights=frozenset({"DE"}), regions=person.regions | {"BE"})
            if person.id >= 20
            else replace(person, rights=frozenset({"GH"}), regions=person.regions | {"BE"})
            for person in people
        ]
        vocabulary = TAXONOMY if seed % 4 < 2 else relate(list("abcdefgh"))
        columns = (
            pack_candidates(people, vocabulary=vocabulary),
            pack_opportunities(roles, priors=PRIORS, vocabulary=vocabulary),
        )
        known = {"vocabulary": vocabulary.weigh(columns[1]), "k": 2 + seed % 3}
        if seed % 3:
            known["prices"] = np.random.default_rng(seed).integers(0, 4, len(roles)) * 3.0
        if seed == 5:
            known["order"] = "fit"
        yield columns, known


def lists(engine, columns, known, kernel):
    """Yield the lists of both sides, of the candidates in one portion or two, and of some roles.

    The latter are of everybody who may take one of them.
    """
    people, roles = columns
    ranker = engine.Ranker(roles, kernel=kernel, **known)
    for rows in np.array_split(np.argsort(people.ids), 1 + known["k"] % 2):
        found = ranker.rank(people.take(rows))
        yield from (found.ids, found.scores)
    found = ranker.opportunity_lists()
    yield from (found.ids, found.scores)
    yield from of_roles(engine, columns, known, kernel)


def of_roles(engine, columns, known, kernel):
    """Yield who may take every fifth role, and their scores."""
    name = engine.__name__
    scored_pairs = importlib.import_module(f"{name}.scored_pairs")
    build_index = importlib.import_module(f"{name}.role_index").build_index
    people, roles = columns
    for place in range(0, len(roles), 5):
        yield from importlib.import_module(engine.KERNELS[kernel]).score_role(
            people,
            np.flatnonzero(scored_pairs.may_take(people, roles, place)),
            build_index(roles.take(np.array([place])), vocabulary=known["vocabulary"]),
            by_fit=place % 2 == 0,
        )


def shows(passages, cases):
    """Return the first of the markets in which a list differs, or what went wrong in it."""
    with broken_engine(*passages, left_out=("allocating", "evaluation", "planning")) as engine:
        for number, (columns, known, right) in enumerate(cases):
            try:
                found = lists(engine, columns, known, "fast")
                is_right = all(map(np.array_equal, found, right))
            except (IndexError, ValueError, OverflowError) as error:
                return f"market {number}: {type(error).__name__}"
            if not is_right:
                return f"market {number}"
    return None


def main() -> int:
    """Print what became of each mutant, and return how many were not noticed."""
    cases = [(*case, [*lists(matching.engine, *case, "numpy")]) for case in markets()]
    for number, setting in enumerate(SETTINGS):
        if noticed := shows(setting, cases):
            raise AssertionError(f"unbroken, setting {number}: {noticed}")
    survivors = 0
    for module, old, new in MUTANTS:
        noticed = None
        for number, setting in enumerate(SETTINGS):
            if noticed := shows((*setting, (module, old, new)), cases):
                noticed = f"setting {number}, {noticed}"
                break
        survivors += noticed is None
        sys.stdout.write(f"{noticed or 'NOT NOTICED':32} {module}: {old}  ->  {new}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(MUTANTS)} mutants, {survivors} not noticed\n")
    return survivors


if __name__ == "__main__":
    sys.exit(main())
