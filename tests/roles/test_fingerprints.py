"""Our fingerprints of postings beside those of datasketch, a library that everybody knows.

The two draw other hash functions, so that signatures differ and only what they tell is compared.
"""

import random
from itertools import combinations

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH

from opportunities.roles.checks import duplicates

WORDS = [f"word{number}" for number in range(4000)]


def postings(kept, *, count=12, length=220):
    """Return texts of which each keeps this share of the words of a common first one."""
    dice = random.Random(repr(kept))
    first = dice.choices(WORDS, k=length)
    texts = [first] + [
        [word if dice.random() < kept else dice.choice(WORDS) for word in first]
        for _ in range(count)
    ]
    return [{"title": "", "description": " ".join(words)} for words in texts]


def triples(posting):
    (text,) = duplicates.body(posting)
    return {int(value) for value in duplicates.shingles(text.text)}


def theirs(posting):
    made = MinHash(num_perm=duplicates.BANDS * duplicates.ROWS, seed=7)
    made.update_batch([value.to_bytes(8, "big") for value in sorted(triples(posting))])
    return made


@pytest.fixture(scope="module")
def estimates():
    """Return rows of the exact share of triples, our estimate and that of datasketch."""
    rows = []
    for kept in (0.5, 0.7, 0.8, 0.9, 0.95, 0.99):
        texts = postings(kept)
        sets = [triples(each) for each in texts]
        ours = [duplicates.signature(each) for each in texts]
        others = [theirs(each) for each in texts]
        rows += [
            (
                len(sets[one] & sets[two]) / len(sets[one] | sets[two]),
                float(np.mean(ours[one] == ours[two])),
                others[one].jaccard(others[two]),
            )
            for one, two in combinations(range(len(texts)), 2)
        ]
    return np.array(rows)


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("one two", 1), ("one two three", 1), ("one two three four", 2)]
)
def test_a_text_has_one_triple_for_each_word_with_two_after_it(text, count):
    assert len(duplicates.shingles(text)) == count


def test_our_estimates_are_as_near_to_the_truth(estimates):
    exact, ours, others = estimates.T

    assert exact.min() < 0.1
    assert exact.max() > 0.9
    assert np.abs(ours - exact).mean() < 1.15 * np.abs(others - exact).mean()
    assert abs((ours - exact).mean()) < 0.01
    # Five standard errors of a share that 120 draws estimate.
    assert (np.abs(ours - exact) <= 5 * np.sqrt(exact * (1 - exact) / 120) + 1 / 120).all()


def test_bands_find_what_those_of_datasketch_find():
    found = {"ours": 0, "datasketch": 0}
    pairs = 0
    for round_ in range(12):
        texts = postings(0.9 + round_ / 1e6)
        index = MinHashLSH(
            num_perm=duplicates.BANDS * duplicates.ROWS, params=(duplicates.BANDS, duplicates.ROWS)
        )
        for at, each in enumerate(texts):
            index.insert(at, theirs(each))
        keys = [set(duplicates.bands(duplicates.signature(each))) for each in texts]
        for one, two in combinations(range(len(texts)), 2):
            pairs += 1
            found["ours"] += bool(keys[one] & keys[two])
            found["datasketch"] += two in index.query(theirs(texts[one]))

    shares = {name: count / pairs for name, count in found.items()}
    assert 0.2 < shares["datasketch"] < 0.95
    assert abs(shares["ours"] - shares["datasketch"]) < 0.06, shares
