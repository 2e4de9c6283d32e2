"""Measure how well people on the way to an occupation find the roles that ask for its skills.

Run: ``python -m tests.benchmarks.bench_skills [VOCABULARY] [--occupations 150] [--seed 7]``, where
VOCABULARY is a folder with ``skills.csv(.gz)`` and ``skill_broader.csv(.gz)``, our own list unless
it is named. It has no relations of skills to occupations, so occupations are drawn: as
neighborhoods of the hierarchy (a few skills of each of two to four parents or groups, and some that
everybody needs), or, where ``occupations.csv(.gz)`` is there too, as the skills whose words are
nearest to a real title. Four roles ask for some of the skills of each; three people seek it: one
who has half of them, a student who has two, and one who names siblings of the skills but none of
them, each with some that have nothing to do with it. Levels and importance are all alike, because
the baselines do not see them.
Prints the mean nDCG@10 of the engine and of three baselines.
"""

import argparse
import csv
import gzip
import json
import math
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from matching.engine import Candidate, Opportunity, Skill, pack_candidates, pack_opportunities, rank
from matching.files.vocabulary import vocabulary_of
from matching.priors import PRIORS
from opportunities.skills.vocabulary import VocabularyFile, read_vocabulary, telling_words

OWN = Path(__file__).parents[2] / "opportunities" / "data" / "skills.csv"
DEPTH = 10
ROLES_EACH = 4
WIDEST_WORD = 400


class Draw:
    """Draw occupations, roles and people from one vocabulary."""

    def __init__(self, source: VocabularyFile, seed: int) -> None:
        self.dice = random.Random(seed)
        self.skills = [skill.id for skill in source.skills]
        known = set(self.skills)
        self.families: dict[str, list[str]] = defaultdict(list)
        self.parents: dict[str, list[str]] = defaultdict(list)
        for child, parent in source.broader:
            if child in known:
                self.families[parent].append(child)
                self.parents[child].append(parent)
        self.general = [s.id for s in source.skills if "cross" in s.reuse] or self.skills
        self.words = {skill.id: set(telling_words(skill.label)) for skill in source.skills}

    def common(self) -> str:
        """Draw a skill that everybody needs, few of them most often."""
        return self.general[min(int(self.dice.expovariate(1 / 40)), len(self.general) - 1)]

    def from_hierarchy(self, count: int) -> list[list[str]]:
        themes = [parent for parent, some in self.families.items() if 4 <= len(some) <= 120]
        found = []
        for _ in range(count):
            skills = {self.common() for _ in range(3)}
            for theme in self.dice.sample(themes, self.dice.randint(2, 4)):
                family = self.families[theme]
                skills |= set(self.dice.sample(family, min(len(family), self.dice.randint(3, 7))))
            found.append(sorted(skills))
        return found

    def from_titles(self, count: int, titles: list[str]) -> list[list[str]]:
        bearing: dict[str, list[str]] = defaultdict(list)
        for skill in self.skills:
            for word in self.words[skill]:
                bearing[word].append(skill)
        weight = {
            word: math.log(1 + len(self.skills) / len(some)) for word, some in bearing.items()
        }
        norm = {
            skill: math.sqrt(sum(weight[word] ** 2 for word in words)) or 1.0
            for skill, words in self.words.items()
        }
        found = []
        for title in self.dice.sample(titles, len(titles)):
            near: Counter[str] = Counter()
            for word, times in Counter(telling_words(title)).items():
                if word in bearing and len(bearing[word]) <= WIDEST_WORD:
                    for skill in bearing[word]:
                        near[skill] += weight[word] ** 2 * min(3, 1 + math.log(times))
            best = sorted(near, key=lambda skill: (-near[skill] / norm[skill], skill))[:12]
            if len(best) >= 10:
                own = set(self.dice.sample(best, 9)) | {self.common() for _ in range(4)}
                found.append(sorted(own))
            if len(found) == count:
                break
        return found

    def roles(self, occupations: list[list[str]]) -> list[tuple[int, Opportunity]]:
        return [
            (
                number,
                Opportunity(
                    id=ROLES_EACH * number + copy,
                    hours_total=20,
                    weeks=2,
                    skills=tuple(
                        Skill(name)
                        for name in self.dice.sample(
                            skills, min(len(skills), self.dice.randint(5, 8))
                        )
                    ),
                ),
            )
            for number, skills in enumerate(occupations)
            for copy in range(ROLES_EACH)
        ]

    def people(self, occupations: list[list[str]]) -> list[tuple[int, str, Candidate]]:
        found = []
        for number, skills in enumerate(occupations):
            some = {
                "half of the skills": self.dice.sample(skills, len(skills) // 2) + self.noise(2),
                "two of the skills": self.dice.sample(skills, 2) + self.noise(1),
                "sibling skills": [
                    self.sibling(name, skills)
                    for name in self.dice.sample(skills, min(6, len(skills)))
                ]
                + self.noise(1),
            }
            for kind, held in some.items():
                levels = dict.fromkeys(held, 1)
                found.append((number, kind, Candidate(id=len(found), skills=levels)))
        return found

    def noise(self, count: int) -> list[str]:
        return self.dice.sample(self.skills, count) + [self.common() for _ in range(count)]

    def sibling(self, name: str, left_out: list[str]) -> str:
        """Return another skill under a parent or in a group of this one."""
        others = {
            other
            for parent in self.parents[name]
            for other in self.families[parent]
            if other not in left_out
        }
        return self.dice.choice(sorted(others)) if others else self.dice.choice(self.skills)


def baselines(person: Candidate, roles: list[Opportunity]) -> dict[str, np.ndarray]:
    """Return the scores of the roles by coverage, by Jaccard and by BM25."""
    asked = [{skill.name for skill in role.skills} for role in roles]
    held = set(person.skills)
    common = Counter(name for names in asked for name in names)
    mean = sum(map(len, asked)) / len(asked)
    rarity = {
        name: math.log(1 + (len(roles) - count + 0.5) / (count + 0.5))
        for name, count in common.items()
    }
    shared = [names & held for names in asked]
    pairs = list(zip(asked, shared, strict=True))
    return {
        "skill coverage": np.array([len(both) / len(names) for names, both in pairs]),
        "Jaccard": np.array([len(both) / len(names | held) for names, both in pairs]),
        "BM25": np.array(
            [
                sum(rarity[name] for name in both)
                * 2.2
                / (1 + 1.2 * (0.25 + 0.75 * len(names) / mean))
                for names, both in pairs
            ]
        ),
    }


def ndcg(hits: np.ndarray) -> float:
    """Return the nDCG@10 of a list, given which of its entries are right."""
    discount = 1 / np.log2(np.arange(2, DEPTH + 2))
    return float((hits[:DEPTH] * discount[: len(hits)]).sum() / discount[:ROLES_EACH].sum())


def measure(draw: Draw, occupations: list[list[str]], source: VocabularyFile) -> dict[str, dict]:
    """Return the mean nDCG@10 of every way to rank, for every kind of person."""
    numbered, people = draw.roles(occupations), draw.people(occupations)
    owners = np.array([number for number, _ in numbered])
    mixed = np.random.default_rng(1).permutation(len(numbered))
    roles = [numbered[place][1] for place in mixed]
    owners = owners[mixed]
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    vocabulary = vocabulary_of(source)
    jobs = pack_opportunities(roles, priors=PRIORS, vocabulary=vocabulary)
    seekers = pack_candidates([person for _, _, person in people], vocabulary=vocabulary)
    lists = rank(seekers, jobs, k=DEPTH, vocabulary=vocabulary.weigh(jobs)).candidates
    for row, (number, kind, person) in enumerate(people):
        found["this engine"][kind].append(ndcg(owners[lists.positions[row]] == number))
        for name, scores in baselines(person, roles).items():
            best = np.argsort(-scores, kind="stable")[:DEPTH]
            found[name][kind].append(ndcg(owners[best] == number))
    return {
        name: {kind: round(float(np.mean(some)), 3) for kind, some in kinds.items()}
        for name, kinds in found.items()
    }


def titles(folder: Path) -> list[str]:
    """Return the titles of occupations with their other names, if the folder has them."""
    for name, how in (("occupations.csv.gz", gzip.open), ("occupations.csv", open)):
        if (folder / name).exists():
            with how(folder / name, "rt", encoding="utf-8") as file:
                return [f"{row['label']} {row['alt_labels']}" for row in csv.DictReader(file)]
    return []


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vocabulary", type=Path, nargs="?", default=OWN)
    parser.add_argument("--occupations", type=int, default=150)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    source = read_vocabulary(chosen.vocabulary)
    draw = Draw(source, chosen.seed)
    figures = {"hierarchy": measure(draw, draw.from_hierarchy(chosen.occupations), source)}
    if known := titles(chosen.vocabulary):
        occupations = draw.from_titles(chosen.occupations, known)
        figures["titles"] = measure(draw, occupations, source)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
