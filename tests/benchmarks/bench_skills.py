"""Measure how well people on the way to an occupation find the roles that ask for its skills.

Run: ``python -m tests.benchmarks.bench_skills [VOCABULARY] [--people 60] [--seeds 3]``, where
VOCABULARY is a folder with ``skills.csv(.gz)`` and ``skill_broader.csv(.gz)``, our own list unless
it is named. It has no relations of skills to occupations, so occupations are drawn: as
neighborhoods of the hierarchy (a few skills of each of two to four parents or groups, and some that
everybody needs), and, where ``occupations.csv(.gz)`` is there too, as the skills whose words are
nearest to each real title, with some of their siblings, of what its group has in common and of what
everybody needs. Of the former four roles ask for some of the skills of each; of the latter each
occupation is a role, and those of its group count a third.

People name some skills of an occupation (see ``KINDS``) and nothing else. Levels and importance are
all alike, because the baselines do not see them. Prints, for each seed, the mean nDCG@10 and the
mean reciprocal rank of the engine, of BM25, and of a simple mix: half the cosine of the words of
the labels, half that of the groups and parents.
"""

import argparse
import csv
import gzip
import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matching.engine import (
    Candidate,
    Opportunity,
    Skill,
    Vocabulary,
    pack_candidates,
    pack_opportunities,
    rank,
)
from matching.files.vocabulary import vocabulary_of
from matching.priors import PRIORS
from opportunities.skills.vocabulary.files import VocabularyFile, read_vocabulary
from opportunities.skills.vocabulary.words import telling_words

ROOT = Path(__file__).parents[2]
OWN = ROOT / "opportunities" / "skills" / "data" / "skills.csv"
ESCO = ROOT.parent / "shared" / "data" / "esco"
DEPTH = 10
ROLES_EACH = 4
WIDEST_WORD = 400
OCCUPATIONS = 150
ENGINE, BM25, MIX = "this engine", "BM25", "words and groups"


@dataclass(frozen=True)
class Asked:
    """Roles: the skills that each asks for, and how much it is worth to whom seeks another."""

    skills: list[list[str]]
    owner: np.ndarray
    """Number of each role's occupation."""
    kin: np.ndarray
    """Number of each occupation's group."""

    def gains(self, occupation: int) -> np.ndarray:
        """Return what each role is worth to somebody who seeks one occupation."""
        return np.where(
            self.owner == occupation, 3.0, 1.0 * (self.kin[self.owner] == self.kin[occupation])
        )


class Draw:
    """Draw occupations, roles and people from one vocabulary."""

    def __init__(self, source: VocabularyFile, seed: int, needed: frozenset[str]) -> None:
        self.dice = random.Random(seed)
        self.skills = [skill.id for skill in source.skills]
        known = set(self.skills)
        self.families: dict[str, list[str]] = defaultdict(list)
        self.parents: dict[str, list[str]] = defaultdict(list)
        for child, parent in source.broader:
            if child in known:
                self.families[parent].append(child)
                self.parents[child].append(parent)
        self.general = [skill for skill in self.skills if skill in needed] or self.skills
        self.words = {skill.id: set(telling_words(skill.label)) for skill in source.skills}
        self.bearing: dict[str, list[str]] = defaultdict(list)
        for skill in self.skills:
            for word in sorted(self.words[skill]):
                self.bearing[word].append(skill)
        self.weight = {
            word: math.log(1 + len(self.skills) / len(some)) for word, some in self.bearing.items()
        }

    def common(self) -> str:
        """Draw a skill that everybody needs, few of them most often."""
        return self.general[min(int(self.dice.expovariate(1 / 40)), len(self.general) - 1)]

    def near(self, title: str, count: int) -> list[str]:
        """Return the skills whose words are nearest to a title."""
        near: Counter[str] = Counter()
        for word, times in Counter(telling_words(title)).items():
            if len(self.bearing.get(word, self.skills)) <= WIDEST_WORD:
                for skill in self.bearing[word]:
                    near[skill] += self.weight[word] ** 2 * min(3, 1 + math.log(times))
        norm = {
            skill: math.sqrt(sum(self.weight[word] ** 2 for word in self.words[skill]))
            for skill in near
        }
        return sorted(near, key=lambda skill: (-near[skill] / norm[skill], skill))[:count]

    def siblings(self, skill: str, count: int, widest: int = WIDEST_WORD) -> list[str]:
        """Draw others under a parent or in a group of this one."""
        others = {
            other
            for parent in self.parents[skill]
            if len(self.families[parent]) <= widest
            for other in self.families[parent]
        }
        return self.dice.sample(sorted(others), min(count, len(others)))

    def from_hierarchy(self) -> Asked:
        """Return four roles for each of some neighborhoods of the hierarchy."""
        themes = [parent for parent, some in self.families.items() if 4 <= len(some) <= 120]
        roles = []
        for _ in range(OCCUPATIONS):
            skills = {self.common() for _ in range(3)}
            for theme in self.dice.sample(themes, self.dice.randint(2, 4)):
                family = self.families[theme]
                skills |= set(self.dice.sample(family, min(len(family), self.dice.randint(3, 7))))
            roles += [
                self.dice.sample(sorted(skills), min(len(skills), self.dice.randint(5, 8)))
                for _ in range(ROLES_EACH)
            ]
        owner = np.repeat(np.arange(OCCUPATIONS), ROLES_EACH)
        return Asked(roles, owner, np.arange(OCCUPATIONS))

    def from_titles(self, titles: Sequence[tuple[str, str]]) -> Asked:
        """Return one role for each title; titles come with the code of their group."""
        shared: dict[str, Counter[str]] = defaultdict(Counter)
        nearest = {title: self.near(title, 40) for _, title in titles}
        for group, title in titles:
            shared[group[:3]].update(nearest[title][:12])
        roles = []
        for group, title in titles:
            count = int(min(80, max(8, self.dice.lognormvariate(3.3, 0.5))))
            skills = set(nearest[title][: max(6, count // 2)])
            for skill in sorted(skills):
                if self.dice.random() < 1 / 3:
                    skills |= set(self.siblings(skill, 2, widest=60))
            pool = [skill for skill, _ in shared[group[:3]].most_common(60)]
            skills |= set(self.dice.sample(pool, min(len(pool), count // 3)))
            skills |= {self.common() for _ in range(max(3, count // 5))}
            roles.append(self.dice.sample(sorted(skills), min(count, len(skills))))
        _, kin = np.unique([group for group, _ in titles], return_inverse=True)
        return Asked(roles, np.arange(len(roles)), kin)

    def known(self, skills: list[str], count: int) -> list[str]:
        """Draw some skills of an occupation."""
        return self.dice.sample(skills, min(count, len(skills)))

    def others(self, count: int) -> list[str]:
        """Draw skills that have nothing to do with it."""
        return self.dice.sample(self.skills, count)

    def swapped(self, some: list[str], left_out: list[str]) -> list[str]:
        """Return a sibling in place of each; another skill where there is none."""
        found = []
        for skill in some:
            siblings = [other for other in self.siblings(skill, 60) if other not in left_out]
            found.append(siblings[0] if siblings else self.dice.choice(self.skills))
        return found


def _half_siblings(draw: Draw, skills: list[str]) -> list[str]:
    some = draw.known(skills, 10)
    half = len(some) // 2
    return some[half:] + draw.swapped(some[:half], skills)


KINDS: dict[str, Callable[[Draw, list[str]], list[str]]] = {
    "two skills": lambda draw, skills: draw.known(skills, 2),
    "five skills": lambda draw, skills: draw.known(skills, 5),
    "five skills, two others": lambda draw, skills: draw.known(skills, 5) + draw.others(2),
    "ten, half of them siblings": _half_siblings,
    "five siblings, no skill": lambda draw, skills: draw.swapped(draw.known(skills, 5), skills),
    "half of the skills": lambda draw, skills: (
        draw.known(skills, max(2, len(skills) // 2)) + draw.others(3)
    ),
}
"""What a person names of an occupation's skills."""


class Baselines:
    """Rank roles by BM25 over skills, and by the words and groups of skills."""

    def __init__(self, draw: Draw, asked: Asked) -> None:
        self._draw, self._asked = draw, [set(skills) for skills in asked.skills]
        count = len(self._asked)
        common = Counter(name for names in self._asked for name in names)
        self._rarity = {
            name: math.log(1 + (count - some + 0.5) / (some + 0.5)) for name, some in common.items()
        }
        length = np.array([len(names) for names in self._asked])
        self._damping = 2.2 / (1 + 1.2 * (0.25 + 0.75 * length / length.mean()))
        self._bearing: dict[str, list[int]] = defaultdict(list)
        for role, names in enumerate(self._asked):
            for name in names:
                self._bearing[name].append(role)
        self._sides = []
        for parts in (draw.words, draw.parents):
            counts = [
                Counter(part for name in names for part in parts[name]) for names in asked.skills
            ]
            bearers = Counter(part for some in counts for part in some)
            place = {part: number for number, part in enumerate(bearers)}
            weight = np.array([math.log(1 + count / some) for some in bearers.values()])
            table = np.zeros((count, len(place)), np.float32)
            for role, some in enumerate(counts):
                for part, times in some.items():
                    table[role, place[part]] = times * weight[place[part]]
            table /= np.linalg.norm(table, axis=1, keepdims=True) + 1e-9
            self._sides.append((parts, place, weight, table))

    def scores(self, held: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the scores of all roles."""
        bm25 = np.zeros(len(self._asked))
        for name in set(held):
            bm25[self._bearing.get(name, [])] += self._rarity.get(name, 0.0)
        mix = np.zeros(len(self._asked))
        for parts, place, weight, table in self._sides:
            vector = np.zeros(len(place))
            for name in held:
                for part in parts[name]:
                    if part in place:
                        vector[place[part]] += weight[place[part]]
            mix += table @ (vector / (np.linalg.norm(vector) + 1e-9)).astype(table.dtype) / 2
        return {BM25: bm25 * self._damping, MIX: mix}


def judged(order: np.ndarray, gains: np.ndarray) -> tuple[float, float]:
    """Return the nDCG@10 and the reciprocal rank within ten of a list of roles, best first."""
    discount = 1 / np.log2(np.arange(2, DEPTH + 2))
    found = gains[order[:DEPTH]]
    ideal = np.sort(gains)[::-1][:DEPTH]
    hits = np.flatnonzero(found == gains.max())
    return float(found @ discount / (ideal @ discount)), 1 / (1 + hits[0]) if len(hits) else 0.0


def measure(
    draw: Draw, asked: Asked, vocabulary: Vocabulary, people: int
) -> dict[str, dict[str, list[float]]]:
    """Return, for every kind of person and way to rank, mean nDCG@10 and mean reciprocal rank."""
    mixed = np.random.default_rng(1).permutation(len(asked.skills))
    asked = Asked([asked.skills[place] for place in mixed], asked.owner[mixed], asked.kin)
    roles = [
        Opportunity(
            id=number, hours_total=20, weeks=2, skills=tuple(Skill(name) for name in sorted(skills))
        )
        for number, skills in enumerate(asked.skills)
    ]
    seeking = []
    for occupation in draw.dice.sample(range(len(asked.kin)), min(people, len(asked.kin))):
        own = np.flatnonzero(asked.owner == occupation)
        skills = sorted({name for role in own for name in asked.skills[role]})
        seeking += [(occupation, kind, choose(draw, skills)) for kind, choose in KINDS.items()]
    jobs = pack_opportunities(roles, priors=PRIORS, vocabulary=vocabulary)
    seekers = pack_candidates(
        [
            Candidate(id=number, skills=dict.fromkeys(held, 1))
            for number, (_, _, held) in enumerate(seeking)
        ],
        vocabulary=vocabulary,
    )
    lists = rank(seekers, jobs, k=DEPTH, vocabulary=vocabulary.weigh(jobs)).candidates
    baselines = Baselines(draw, asked)
    found: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    for row, (occupation, kind, held) in enumerate(seeking):
        gains = asked.gains(occupation)
        found[kind][ENGINE].append(judged(lists.positions[row], gains))
        for name, scores in baselines.scores(held).items():
            found[kind][name].append(judged(np.argsort(-scores, kind="stable"), gains))
    return {
        kind: {name: np.mean(some, axis=0).round(3).tolist() for name, some in ways.items()}
        for kind, ways in found.items()
    }


def titles(folder: Path) -> list[tuple[str, str]]:
    """Return group and title with other names of occupations, if the folder has them."""
    return [
        (row["isco"], f"{row['label']} {row['alt_labels']}") for row in _rows(folder, "occupations")
    ]


def needed_everywhere(folder: Path) -> frozenset[str]:
    """Return the skills that ESCO finds in many sectors, if the folder is ESCO's."""
    return frozenset(row["id"] for row in _rows(folder, "skills") if "cross" in row["reuse"])


def _rows(folder: Path, stem: str) -> list[dict[str, str]]:
    for name, how in ((f"{stem}.csv.gz", gzip.open), (f"{stem}.csv", open)):
        if (folder / name).exists():
            with how(folder / name, "rt", encoding="utf-8") as file:
                return list(csv.DictReader(file))
    return []


def compare(path: Path, *, seeds: int, people: int) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Return the figures of every draw and seed from one vocabulary."""
    source = read_vocabulary(path)
    vocabulary = vocabulary_of(source)
    known = titles(path)
    figures = {}
    for seed in range(7, 7 + seeds):
        draw = Draw(source, seed, needed_everywhere(path))
        figures[f"hierarchy, seed {seed}"] = measure(
            draw, draw.from_hierarchy(), vocabulary, people
        )
        if known:
            asked = draw.from_titles(known)
            figures[f"{len(known):,} titles, seed {seed}"] = measure(
                draw, asked, vocabulary, people
            )
    return figures


def behind(figures: dict[str, dict[str, dict[str, list[float]]]]) -> list[str]:
    """Return the rows in which the engine is not ahead of both baselines, by nDCG@10."""
    return [
        f"{drawn}, {kind}"
        for drawn, kinds in figures.items()
        for kind, ways in kinds.items()
        if ways[ENGINE][0] <= max(ways[BM25][0], ways[MIX][0])
    ]


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vocabulary", type=Path, nargs="?", default=OWN)
    parser.add_argument("--people", type=int, default=60, help="occupations that are sought")
    parser.add_argument("--seeds", type=int, default=3)
    chosen = parser.parse_args()
    figures = compare(chosen.vocabulary, seeds=chosen.seeds, people=chosen.people)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    for row in behind(figures):
        sys.stdout.write(f"behind: {row}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
