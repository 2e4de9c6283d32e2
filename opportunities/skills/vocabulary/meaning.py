"""Find the skills that a line means without naming them: by word vectors and by letters.

Each name (label or alias) of a skill becomes two vectors: the mean of the static word vectors of
its words, and the TF-IDF of the letters of its words, three to five at a time. A line is compared
with both by cosine; vectors know that a ledger has to do with bookkeeping, letters that
"bookeeping" does. The score of a skill is two thirds vectors, one third letters.

The word vectors and their tokenizer are files in the wheel of ``wordllama`` (extra ``semantic``):
32,000 tokens of 256 numbers, 16 MB as float16. They are read straight from there, so nothing is
fetched, and the library itself is not imported. Without it everything is compared by words.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from opportunities.skills.vocabulary.resolve import MAX_TEXT, MAX_TOP, Resolved, best_of
from opportunities.skills.vocabulary.words import STOP_WORDS, normalize

type Rows = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Skills as (id, label, aliases)."""

_WEIGHTS: Final = "weights/l2_supercat_256.safetensors"
_TOKENIZER: Final = "tokenizers/l2_supercat_tokenizer_config.json"
_SHORTEST_GRAM: Final = 3
_LONGEST_GRAM: Final = 5
SHARE_VECTORS: Final = 2 / 3
_BLOCK: Final = 32
"""Lines that one matrix product compares; with all of ESCO its result takes 13 MB."""
_GRAIN: Final = np.float32(2048)
LEAST: Final = 0.12
"""The lowest score that is told; below it hardly a skill is right."""


class WordVectors:
    """Static vectors of words: a text is the mean of the vectors of its tokens."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer: Any = import_module("tokenizers").Tokenizer.from_file(
            str(folder / _TOKENIZER)
        )
        weights = import_module("safetensors.numpy").load_file(folder / _WEIGHTS)
        self._table: NDArray[np.float16] = weights["embedding.weight"]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of length 1 for each text, shape (texts, 256); zeros for an empty one."""
        rows = np.zeros((len(texts), self._table.shape[1]), np.float32)
        for row, text in zip(rows, texts, strict=True):
            # One at a time: the tokenizer's own threads do not outlive a fork.
            tokens = self._tokenizer.encode(text, add_special_tokens=False).ids
            if tokens:
                np.add.reduce(self._table[tokens], axis=0, dtype=np.float32, out=row)
        return _unit(rows)


@lru_cache(maxsize=1)
def word_vectors() -> WordVectors | None:
    """Return the vectors of the installed wheel, read once a process; None without the extra."""
    spec = find_spec("wordllama")
    for place in (spec and spec.submodule_search_locations) or ():
        folder = Path(place)
        if (folder / _WEIGHTS).is_file() and (folder / _TOKENIZER).is_file():
            return WordVectors(folder)
    return None


class Meanings:
    """An in-memory index over the names of a vocabulary, compared by meaning."""

    def __init__(self, rows: Rows, vectors: WordVectors) -> None:
        ordered = sorted(rows)
        self._skills = [(row[0], row[1]) for row in ordered]
        self._vectors = vectors
        self._exact: defaultdict[str, list[int]] = defaultdict(list)
        names: list[str] = []
        firsts: list[int] = []
        for skill, (_, label, aliases) in enumerate(ordered):
            firsts.append(len(names))
            names.extend(dict.fromkeys(_telling(name) for name in (label, *aliases)))
            for name in dict.fromkeys(normalize(name) for name in (label, *aliases)):
                self._exact[name].append(skill)
        self._firsts = np.asarray(firsts, np.int64)
        self._names = vectors.embed(names)
        self._middles = (
            _unit(np.add.reduceat(self._names, self._firsts, axis=0)) if names else self._names
        )
        self._letters = _Letters(names)

    def likely(self, lines: Iterable[str], top: int = 5) -> list[list[Resolved]]:
        """Return for each line at most ``top`` skills that it may mean, the likeliest first.

        The scores are from ``LEAST`` to 1, which is one of the names, letter for letter. Equal
        scores are ordered by id. A line that shares no three letters with any name has none.
        """
        texts = [normalize(line[:MAX_TEXT]) for line in lines]
        most = max(0, min(top, MAX_TOP))
        return [
            best_of(scores, self._skills, top=most, least=LEAST)
            for start in range(0, len(texts), _BLOCK)
            for scores in self._scored(texts[start : start + _BLOCK])
        ]

    def _scored(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        if not self._skills:
            yield from (np.zeros(0, np.float32) for _ in texts)
            return
        telling = [_telling(text) for text in texts]
        asked = self._vectors.embed(telling)
        nearest = np.maximum.reduceat(asked @ self._names.T, self._firsts, axis=1)
        by_meaning = (nearest + asked @ self._middles.T) / 2
        for text, words, meant in zip(texts, telling, by_meaning, strict=True):
            spelled = np.maximum.reduceat(self._letters.cosines(words), self._firsts)
            if not spelled.any():
                yield spelled
                continue
            scores = SHARE_VECTORS * meant + (1 - SHARE_VECTORS) * spelled
            scores[self._exact.get(text, [])] = 1.0
            yield scores


class _Letters:
    """TF-IDF of runs of letters over names, as an inverted index of NumPy arrays."""

    def __init__(self, names: Sequence[str]) -> None:
        grams: dict[str, int] = {}
        runs: dict[str, NDArray[np.int64]] = {}
        parts: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
        sizes: list[int] = []
        for name in names:
            size = 0
            for word in name.split():
                if word not in runs:
                    numbers = [grams.setdefault(gram, len(grams)) for gram in _grams(word)]
                    runs[word] = np.asarray(numbers, np.int64)
                parts.append(runs[word])
                size += len(runs[word])
            sizes.append(size)
        count = max(len(names), 1)
        owners = np.repeat(np.arange(len(names)), sizes)
        pairs, times = np.unique(np.concatenate(parts) * count + owners, return_counts=True)
        terms, owners = np.divmod(pairs, count)
        self._idf = np.log((1 + count) / (1 + np.bincount(terms, minlength=len(grams)))) + 1
        weights = (1 + np.log(times)) * self._idf[terms]
        lengths = np.sqrt(np.bincount(owners, weights**2, minlength=count))
        self._grams = grams
        self._starts = np.searchsorted(terms, np.arange(len(grams) + 1))
        self._owners = owners.astype(np.int32)
        self._weights = (weights / lengths[owners]).astype(np.float32)
        self._count = len(names)

    def cosines(self, text: str) -> NDArray[np.float32]:
        """Return the cosine of a text with each name, shape (names,)."""
        known = [
            (self._grams[gram], 1 + np.log(count))
            for gram, count in Counter(_grams(text)).items()
            if gram in self._grams
        ]
        if not known:
            return np.zeros(self._count, np.float32)
        weights = np.asarray([times * self._idf[gram] for gram, times in known])
        weights /= np.linalg.norm(weights)
        runs = [slice(*self._starts[gram : gram + 2]) for gram, _ in known]
        gains = [self._weights[run] * weight for run, weight in zip(runs, weights, strict=True)]
        return np.bincount(
            np.concatenate([self._owners[run] for run in runs]),
            np.concatenate(gains),
            minlength=self._count,
        ).astype(np.float32)


def _telling(text: str) -> str:
    """Return the comparable words of a text that tell something, or all where none does."""
    words = normalize(text).split()
    return " ".join([word for word in words if word not in STOP_WORDS] or words)


def _grams(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        for size in range(_SHORTEST_GRAM, min(_LONGEST_GRAM, len(padded)) + 1):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale rows to length 1, each component to the nearest 2048th.

    A sum of products of two such rows is a whole number of 2^-22 below 2, which single precision
    holds: cosines are exact in any order of summation, however many lines are asked at a time.
    """
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled = np.divide(rows, np.where(lengths == 0, 1, lengths), dtype=np.float32)
    return np.divide(np.rint(scaled * _GRAIN), _GRAIN, dtype=np.float32)
