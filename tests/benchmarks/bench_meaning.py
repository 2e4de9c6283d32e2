"""Measure how many lines of our own find a skill that they mean, by words and by meaning.

Run: ``python -m tests.benchmarks.bench_meaning [VOCABULARY]``. Prints hit@5 for the lines by which
shares and thresholds were chosen (``tune``) and for those held out, by words alone (as without the
extra ``semantic``), by letters alone, by word vectors alone and by mixes; how many proposals are
right; and CPU seconds for an index and for 1,000 lines. ESCO, where it is present, serves for the
seconds alone, since the lines are labelled with skills of our list.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from time import process_time

from opportunities.skills.vocabulary import meaning
from opportunities.skills.vocabulary.files import read_vocabulary
from opportunities.skills.vocabulary.link import enriched
from opportunities.skills.vocabulary.meaning import Meanings, word_vectors
from opportunities.skills.vocabulary.resolve import Resolver
from opportunities.skills.vocabulary.words import telling_words
from tests.benchmarks.bench_normalize import ESCO, OWN
from tests.skills.advert_lines import hits, labelled

LEAST_PROPOSED = 0.4
FEWEST_WORDS = 4


def by_meaning(index: Meanings, vectors: float) -> Callable[[Sequence[str]], list[list[str]]]:
    """Return a finder whose scores are word vectors by this share, and letters for the rest."""

    def find(texts: Sequence[str]) -> list[list[str]]:
        shipped, meaning.SHARE_VECTORS = meaning.SHARE_VECTORS, vectors
        try:
            return [[hit.id for hit in found] for found in index.likely(texts)]
        finally:
            meaning.SHARE_VECTORS = shipped

    return find


def proposals(index: Meanings, resolver: Resolver, part: str) -> str:
    """Return how many of the first skills of lines that name none are right, of how many."""
    lines = [
        line
        for line in labelled()
        if line.part == part
        and len(telling_words(line.text)) >= FEWEST_WORDS
        and not resolver.named(line.text)
    ]
    found = index.likely([line.text for line in lines], 1)
    told = [
        hits[0].id in line.skills
        for line, hits in zip(lines, found, strict=True)
        if hits and hits[0].score >= LEAST_PROPOSED
    ]
    return f"{sum(told)} of {len(told)}"


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("vocabulary", nargs="?", default=ESCO if ESCO.is_dir() else OWN)
    options = parser.parse_args()
    vectors = word_vectors()
    if vectors is None:
        sys.exit("The extra semantic is missing.")
    own = read_vocabulary(OWN).skills
    rows = tuple((skill.id, skill.label, skill.aliases) for skill in own)
    index, resolver = Meanings(rows, vectors), Resolver(rows)
    ways: dict[str, Callable[[Sequence[str]], list[list[str]]]] = {
        "words": lambda texts: [[hit.id for hit in resolver.resolve(text)] for text in texts],
        "letters": by_meaning(index, 0.0),
        "word vectors": by_meaning(index, 1.0),
        "even mix": by_meaning(index, 0.5),
        "mix": by_meaning(index, meaning.SHARE_VECTORS),
    }
    parts = ("tune", "held")
    table = {
        way: {part: round(hits(find, part), 3) for part in parts} for way, find in ways.items()
    }
    began = process_time()
    skills = enriched(read_vocabulary(options.vocabulary).skills, own)
    read = process_time()
    large = Meanings(tuple((skill.id, skill.label, skill.aliases) for skill in skills), vectors)
    built = process_time()
    large.likely(islice(cycle(line.text for line in labelled()), 1_000))
    figures = {
        "hit_5": table,
        "proposals_right": {part: proposals(index, resolver, part) for part in parts},
        "skills": len(large),
        "read_seconds": round(read - began, 2),
        "index_seconds": round(built - read, 2),
        "seconds_for_1000_lines": round(process_time() - built, 2),
    }
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
