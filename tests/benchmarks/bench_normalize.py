"""Measure how often a damaged or embedded skill name finds its skill, and how fast.

Run: ``python -m tests.benchmarks.bench_normalize [VOCABULARY] [--sample 1000] [--seed 7]``. For a
seeded sample of skills one alias each is withheld from the index; labels and withheld aliases are
then shortened, misspelled and put into advert sentences of our own. Prints recall and MRR.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from opportunities.skills.vocabulary.files import read_vocabulary
from opportunities.skills.vocabulary.resolve import Resolver
from opportunities.skills.vocabulary.words import STOP_WORDS, normalize

ROOT = Path(__file__).parents[2]
ESCO = ROOT.parent / "shared" / "data" / "esco"
OWN = ROOT / "opportunities" / "skills" / "data" / "skills.csv"

SENTENCES = (
    "You will {} together with two colleagues in our Leeds office.",
    "Experience with {} is a plus.",
    "We are looking for someone who can {} from the first week.",
    "In this role you {}, and you report to the head of the department.",
    "Solid knowledge of {} and an eye for the customer.",
    "Your tasks: {}; answering questions of visitors; keeping our lists up to date.",
    "Ideally you have already had to {} during your studies.",
    "Must have: {}",
    "- {} (we will show you how)",
    "About half of the week goes to {}, the rest to small jobs around the shop.",
)


def shortened(text: str, dice: random.Random) -> str:
    words = text.split()
    telling = [at for at, word in enumerate(words) if word.lower() not in STOP_WORDS]
    if len(telling) < 3:
        return text
    lost = dice.choice(telling)
    return " ".join(word for at, word in enumerate(words) if at != lost)


def misspelled(text: str, dice: random.Random) -> str:
    letters = list(text)
    spots = [at for at in range(1, len(letters) - 1) if letters[at].isalpha()]
    for at in sorted(dice.sample(spots, min(len(spots), 1 + len(text) // 25)), reverse=True):
        match dice.randrange(3):
            case 0:
                del letters[at]
            case 1:
                letters[at] = dice.choice("abcdefghijklmnopqrstuvwxyz")
            case _:
                letters[at - 1], letters[at] = letters[at], letters[at - 1]
    return "".join(letters)


def embedded(text: str, dice: random.Random) -> str:
    return dice.choice(SENTENCES).format(text)


def evaluate(
    resolver: Resolver, questions: list[tuple[str, str]], top: int = 10
) -> dict[str, float]:
    """Return recall at 1 and 5, MRR at ``top`` and milliseconds a line."""
    ranks = []
    began = time.perf_counter()
    for text, wanted in questions:
        found = [hit.id for hit in resolver.resolve(text, top)]
        ranks.append(found.index(wanted) + 1 if wanted in found else 0)
    spent = time.perf_counter() - began
    count = len(ranks)
    return {
        "lines": count,
        "recall_1": round(sum(rank == 1 for rank in ranks) / count, 4),
        "recall_5": round(sum(1 <= rank <= 5 for rank in ranks) / count, 4),
        "mrr": round(sum(1 / rank for rank in ranks if rank) / count, 4),
        "ms_per_line": round(1000 * spent / count, 3),
    }


def run(path: Path | str, *, sample: int, seed: int) -> dict[str, object]:
    vocabulary = read_vocabulary(path)
    dice = random.Random(seed)
    rich = [skill for skill in vocabulary.skills if len(skill.aliases) >= 2]
    chosen = {skill.id: skill for skill in dice.sample(rich, min(sample, len(rich)))}
    withheld = {
        key: dice.choice([a for a in skill.aliases if normalize(a) != normalize(skill.label)])
        for key, skill in chosen.items()
    }
    rows = [
        (s.id, s.label, [a for a in s.aliases if normalize(a) != normalize(withheld.get(s.id, ""))])
        for s in vocabulary.skills
    ]
    began = time.perf_counter()
    resolver = Resolver(rows)
    build = time.perf_counter() - began
    ways: dict[str, Callable[[str, str], str]] = {
        "label, one word lost": lambda label, _: shortened(label, dice),
        "label, misspelled": lambda label, _: misspelled(label, dice),
        "label in a sentence": lambda label, _: embedded(label, dice),
        "label misspelled in a sentence": lambda label, _: embedded(misspelled(label, dice), dice),
        "label shortened in a sentence": lambda label, _: embedded(shortened(label, dice), dice),
        "withheld alias": lambda _, alias: alias,
        "withheld alias in a sentence": lambda _, alias: embedded(alias, dice),
        "withheld alias misspelled in a sentence": lambda _, alias: embedded(
            misspelled(alias, dice), dice
        ),
    }
    table = {
        way: evaluate(resolver, [(make(s.label, withheld[k]), k) for k, s in chosen.items()])
        for way, make in ways.items()
    }
    return {"skills": len(rows), "build_seconds": round(build, 2), "ways": table}


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vocabulary", nargs="?", default=ESCO if ESCO.is_dir() else OWN)
    parser.add_argument("--sample", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    figures = run(options.vocabulary, sample=options.sample, seed=options.seed)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
