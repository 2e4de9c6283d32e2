"""Find the skills that a free text means: by alias, then by words, then by spelling.

Every name (label or alias) of every skill is kept as its word stems with inverse document
frequencies, in one inverted index of NumPy arrays. A text is compared in three ways, blended into
one score in [0, 1]:

- how much of a name the text covers, so that a long line still finds a short name in it;
- how well the text fits all the names of a skill together (BM25), which joins their synonyms;
- whether the words of the name stand together in the text, exactly or in other forms.

A word that no name knows is replaced by the words of names spelled most alike (Dice over
trigrams). The same text always gives the same answer; equal scores are ordered by id.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from opportunities.skills.vocabulary.words import (
    SAID,
    STOP_WORDS,
    normalize,
    stem,
    trigrams,
    without_qualifier,
)

MAX_TEXT: Final = 2_000
"""Characters of a text that are looked at; a line of an advert is far shorter."""

MAX_TOP: Final = 100

_ADVERT_WORDS: Final = frozenset(map(stem, SAID["adverts"].split()))
EVERYDAY: Final = frozenset(SAID["everyday"].split())
AS_WRITTEN: Final = {name.casefold(): name for name in SAID["as_written"].split()}

_ACTIVITIES: Final = ("ing", "tion", "sion", "graphy", "ysis")
"""Ends of names that say what is done, so that the verb's other forms say it too."""

_SHORTEST_FORM: Final = 4
"""Letters of a stem from which on its forms are compared: "wir" is in too many words."""

_LONGEST_ABBREVIATION: Final = 4
_SMALL: Final = re.compile(r"(?<![\w-])[a-z\u00df-\u00ff]{2}")
"""Beginning of a word in small letters."""

_ADVERT_WEIGHT: Final = 0.4
_MASS_HALF: Final = 24.0
_SHARE_NAME: Final = 0.50
_SHARE_BAG: Final = 0.40
_SHARE_PHRASE: Final = 0.10
_ALIKE: Final = 0.38
_ALIKE_KEPT: Final = 3
_BM25_K: Final = 1.2
_BM25_B: Final = 0.5
_LONGEST_PHRASE: Final = 9
_STEPS: Final = 10_000
_STEEPNESS: Final = 4.0
"""Spreads the blend over [0, 1): a name of two telling words in a line scores about two thirds."""


class Resolved(NamedTuple):
    """A skill that a text may mean, and how surely: 1 is one of its names, letter for letter."""

    id: str
    label: str
    score: float


class Resolver:
    """An in-memory index over the names of a vocabulary; build it once, ask it often."""

    def __init__(self, rows: Iterable[tuple[str, str, Sequence[str]]]) -> None:
        """Index (id, label, aliases) rows, in any order."""
        ordered = sorted(rows, key=lambda row: row[0])
        self._skills = [(row[0], row[1]) for row in ordered]
        self._exact: defaultdict[str, list[int]] = defaultdict(list)
        self._phrases: defaultdict[str, list[int]] = defaultdict(list)
        self._single: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        """The names of one word of each skill, by their stems."""
        self._index(ordered)

    def _index(self, rows: Sequence[tuple[str, str, Sequence[str]]]) -> None:
        terms: dict[str, int] = {}
        words: dict[str, int] = {}
        """Each word of a name, and the number of its stem."""
        name_terms: list[int] = []
        name_sizes: list[int] = []
        name_owner: list[int] = []
        for skill, (_, label, aliases) in enumerate(rows):
            names = dict.fromkeys(
                normalize(text) for text in (label, without_qualifier(label), *aliases)
            )
            for name in names:
                if not name:
                    continue
                self._exact[name].append(skill)
                if " " not in name:
                    self._single[skill, stem(name)].append(name)
                said = [word for word in name.split() if word not in STOP_WORDS] or name.split()
                found = [stem(word) for word in said]
                self._phrases[" ".join(found)].append(skill)
                distinct = dict.fromkeys(found)
                name_terms.extend(terms.setdefault(term, len(terms)) for term in distinct)
                words.update((word, terms[term]) for word, term in zip(said, found, strict=True))
                name_sizes.append(len(distinct))
                name_owner.append(skill)
        self._terms = terms
        self._build(
            np.asarray(name_terms, np.int64),
            np.asarray(name_sizes, np.int64),
            np.asarray(name_owner, np.int64),
        )
        self._index_spelling(words)
        self._alike_cache: dict[str, list[tuple[int, float]]] = {}

    def _build(
        self, terms: NDArray[np.int64], sizes: NDArray[np.int64], owner: NDArray[np.int64]
    ) -> None:
        """Lay out the inverted indexes: term to names, and term to skills with BM25 weights.

        The entries of term t stand at ``starts[t]:starts[t + 1]``.
        """
        term_count, name_count, skill_count = len(self._terms), len(sizes), len(self._skills)
        names = np.repeat(np.arange(name_count), sizes)
        skills = owner[names]
        pairs, counts = np.unique(terms * max(skill_count, 1) + skills, return_counts=True)
        pair_term, pair_skill = np.divmod(pairs, max(skill_count, 1))
        holders = np.bincount(pair_term, minlength=term_count)
        self._idf = np.log1p((skill_count - holders + 0.5) / (holders + 0.5)).astype(np.float32)

        order = np.lexsort((names, terms))
        self._name_starts = np.searchsorted(terms[order], np.arange(term_count + 1))
        self._names = names[order].astype(np.int32)
        self._name_mass = np.bincount(names, weights=self._idf[terms], minlength=name_count).astype(
            np.float32
        )
        self._name_owner = owner

        per_skill = np.bincount(owner, minlength=skill_count)
        frequency = counts / np.maximum(per_skill[pair_skill], 1)
        length = np.bincount(pair_skill, weights=frequency, minlength=skill_count)
        usual = max(float(length.mean()), 1e-9) if skill_count else 1.0
        damping = _BM25_K * (1 - _BM25_B + _BM25_B * length[pair_skill] / usual)
        weight = self._idf[pair_term] * frequency * (_BM25_K + 1) / (frequency + damping)
        self._skill_starts = np.searchsorted(pair_term, np.arange(term_count + 1))
        self._skill_of = pair_skill.astype(np.int32)
        self._weights = weight.astype(np.float32)

    def _index_spelling(self, words: dict[str, int]) -> None:
        grams: dict[str, int] = {}
        gram_of: list[int] = []
        word_of: list[int] = []
        sizes: list[int] = []
        for number, word in enumerate(words):
            found = dict.fromkeys(trigrams(word))
            gram_of.extend(grams.setdefault(gram, len(grams)) for gram in found)
            word_of.extend([number] * len(found))
            sizes.append(len(found))
        gram_array = np.asarray(gram_of, np.int64)
        order = np.argsort(gram_array, kind="stable")
        self._grams = grams
        self._gram_starts = np.searchsorted(gram_array[order], np.arange(len(grams) + 1))
        self._gram_words = np.asarray(word_of, np.int64)[order]
        self._gram_sizes = np.asarray(sizes, np.int64)
        self._word_terms = np.fromiter(words.values(), np.int64, len(words))

    def resolve(self, text: str, top: int = 5) -> list[Resolved]:
        """Return at most ``top`` skills, the surest first; nothing for a text without words."""
        if not self._skills or top < 1:
            return []
        line = normalize(text[:MAX_TEXT])
        query = self._query(line)
        if not query and line not in self._exact:
            return []
        scores = self._scores(query)
        # A skill that has a name standing in the line is lifted, the more the longer that is.
        for skill, (length, _, _) in self._standing(line).items():
            scores[skill] += _SHARE_PHRASE * min(length, 4) / 4
        scores = -np.expm1(-_STEEPNESS * scores)
        for skill in self._exact.get(line, ()):
            scores[skill] = 1.0
        return best_of(scores, self._skills, top=min(top, MAX_TOP))

    def named(self, text: str) -> list[Resolved]:
        """Return the skills of which a name stands in the text, in the order in which they do.

        Far surer than ``resolve``, which also says what a text may mean. A name of one word
        counts in another form only where that is a form of the same activity ("edited", but not
        "look" for Looker), and one that is part of a longer name ("bank" in "food bank") not at
        all. One that is an everyday word as well ("go", "rest") counts where it is the whole text,
        and that of a product where it is written as the product is ("in Notion").
        """
        text = text[:MAX_TEXT]
        line = normalize(text)
        standing = self._standing(line)
        spans = {
            skill: range(place, place + len(words.split()))
            for skill, (_, place, words) in standing.items()
        }
        longer = [span for span in spans.values() if len(span) > 1]
        found = [
            skill
            for skill, (_, place, words) in standing.items()
            if len(spans[skill]) > 1
            or (
                self._is_said(skill, words, text, is_whole=words == line)
                and (words == line or not any(place in span for span in longer))
            )
        ]
        return [
            Resolved(*self._skills[skill], 1.0)
            for skill in sorted(found, key=lambda skill: (standing[skill][1], skill))
        ]

    def _is_said(self, skill: int, word: str, text: str, *, is_whole: bool) -> bool:
        """Say whether a word of a text names a skill, which has a name of its stem."""
        names = self._single.get((skill, stem(word)), ())
        if word in names:
            return is_whole or _is_telling(word, text)
        is_everyday = word in EVERYDAY or word in AS_WRITTEN
        return not is_everyday and any(_is_form(word, name) for name in names)

    def _query(self, line: str) -> dict[int, float]:
        """Return the weight of every known term that the line names or nearly names."""
        query: dict[int, float] = {}
        for word in line.split():
            if word in STOP_WORDS:
                continue
            term = stem(word)
            weight = _ADVERT_WEIGHT if term in _ADVERT_WORDS else 1.0
            number = self._terms.get(term)
            close = [(number, 1.0)] if number is not None else self._alike(word)
            for other, likeness in close:
                query[other] = max(query.get(other, 0.0), weight * likeness)
        return query

    def _alike(self, word: str) -> list[tuple[int, float]]:
        """Return the terms of the words spelled most like one, with their likeness in (0, 1)."""
        if word in self._alike_cache:
            return self._alike_cache[word]
        found = [self._grams[gram] for gram in dict.fromkeys(trigrams(word)) if gram in self._grams]
        close: dict[int, float] = {}
        if found:
            starts, words = self._gram_starts, self._gram_words
            hits = np.concatenate([words[starts[gram] : starts[gram + 1]] for gram in found])
            shared = np.bincount(hits, minlength=len(self._gram_sizes))
            dice = 2 * shared / (self._gram_sizes + len(trigrams(word)))
            near = np.flatnonzero(dice >= _ALIKE)
            for number in near[np.lexsort((near, -dice[near]))]:
                close.setdefault(int(self._word_terms[number]), float(dice[number]))
                if len(close) == _ALIKE_KEPT:
                    break
        self._alike_cache[word] = list(close.items())
        return self._alike_cache[word]

    def _scores(self, query: dict[int, float]) -> NDArray[np.float64]:
        names, name_gains, skills, skill_gains = [], [], [], []
        for term, weight in query.items():
            start, stop = self._name_starts[term : term + 2]
            names.append(self._names[start:stop])
            name_gains.append(np.full(stop - start, weight * self._idf[term], np.float32))
            start, stop = self._skill_starts[term : term + 2]
            skills.append(self._skill_of[start:stop])
            skill_gains.append(self._weights[start:stop] * np.float32(weight))
        if not names:
            return np.zeros(len(self._skills))
        matched = np.bincount(
            np.concatenate(names),
            weights=np.concatenate(name_gains),
            minlength=len(self._name_mass),
        )
        # Names of one skill stand together, so their best score is a maximum over runs.
        touched = np.flatnonzero(matched)
        gains, owners = matched[touched], self._name_owner[touched]
        by_name = np.minimum(gains / self._name_mass[touched], 1.0) * gains / (gains + _MASS_HALF)
        firsts = np.flatnonzero(np.diff(owners, prepend=-1))
        best = np.zeros(len(self._skills))
        best[owners[firsts]] = np.maximum.reduceat(by_name, firsts)
        bag = np.bincount(
            np.concatenate(skills), weights=np.concatenate(skill_gains), minlength=len(self._skills)
        )
        mass = sum(float(self._idf[term]) * weight for term, weight in query.items())
        bag /= max(mass * (_BM25_K + 1) / 2, 1e-9)
        scores: NDArray[np.float64] = _SHARE_NAME * best + _SHARE_BAG * np.minimum(bag, 1.0)
        return scores

    def _standing(self, line: str) -> dict[int, tuple[int, int, str]]:
        """Return the skills that have a name in a line: its length, its place and its words.

        Of several names the longest counts, of those the first.
        """
        words = line.split()
        forms = [(place, stem(word)) for place, word in enumerate(words) if word not in STOP_WORDS]
        longest: dict[int, tuple[int, int, str]] = {}
        for table, sequence, places in (
            (self._exact, words, range(len(words))),
            (self._phrases, [form for _, form in forms], [place for place, _ in forms]),
        ):
            for start in range(len(sequence)):
                for stop in range(start + 1, min(start + _LONGEST_PHRASE, len(sequence)) + 1):
                    for skill in table.get(" ".join(sequence[start:stop]), ()):
                        if stop - start > longest.get(skill, (0, 0, ""))[0]:
                            said = " ".join(words[places[start] : places[stop - 1] + 1])
                            longest[skill] = stop - start, places[start], said
        return longest


def best_of(
    scores: NDArray[np.floating],
    skills: Sequence[tuple[str, str]],
    *,
    top: int,
    least: float = 1 / _STEPS,
) -> list[Resolved]:
    """Return at most ``top`` of the skills (id, label) that score ``least``, the best first.

    Equal scores keep the order of the skills. Scores are rounded, so that the last bits of a
    product, which depend on its shape, order nothing.
    """
    rounded = np.rint(np.clip(scores, 0, 1) * _STEPS).astype(np.int32)
    found = np.flatnonzero(rounded >= least * _STEPS)
    if 0 < top < len(found):
        bar = np.partition(rounded[found], len(found) - top)[len(found) - top]
        found = found[rounded[found] >= bar]
    ranked = found[np.lexsort((found, -rounded[found]))][:top]
    return [
        Resolved(skills[at][0], skills[at][1], int(rounded[at]) / _STEPS) for at in ranked.tolist()
    ]


def _is_form(word: str, name: str) -> bool:
    """Say whether a word of the same stem is a form of a name: a plural, or what is done."""
    if name in {f"{word}s", f"{word}es"} or word in {f"{name}s", f"{name}es"}:
        return len(name) > _LONGEST_ABBREVIATION
    return name.endswith(_ACTIVITIES) and len(stem(word)) >= _SHORTEST_FORM


def _is_telling(word: str, text: str) -> bool:
    """Say whether a name of one word means a skill within a text: a product as it is written.

    At the beginning of a sentence, and in a heading, every word has its capital.
    """
    if word not in AS_WRITTEN:
        return word not in EVERYDAY
    within = rf"[\w,;(\"&/]\s*\b(?<!-){AS_WRITTEN[word]}\b(?!-)"
    return _SMALL.search(text) is not None and re.search(within, text) is not None
