"""Near-duplicates: min-hash signatures of word triples, banded and indexed.

Two postings that share most of their triples of words agree in at least one band almost surely,
so one indexed lookup finds the candidates and their signatures tell how alike they are. With 24
bands of 5 rows, postings that share 70 % are found with probability 0.988, those that share 20 %
with 0.008 (1 - (1 - s^5)^24).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from opportunities.core.lifecycle import RoleStatus
from opportunities.moderation.models import Fingerprint, FingerprintBand
from opportunities.roles.checks.folding import Folded, fold
from opportunities.roles.checks.results import Span
from opportunities.roles.models import Opportunity

BANDS: Final = 24
ROWS: Final = 5
NEAR: Final = 0.7
"""Least share of common word triples that makes a near-duplicate."""
MAX_CANDIDATES: Final = 200
MOST_TWINS: Final = 3
"""Near-duplicates that are shown of a posting."""
WORD: Final = re.compile(r"\w+")
WIDTH: Final = 3

_DRAWN: Final = np.frombuffer(
    b"".join(
        blake2b(index.to_bytes(4, "big"), digest_size=16, person=b"fingerprint").digest()
        for index in range(BANDS * ROWS)
    ),
    dtype=np.uint64,
).reshape(-1, 2)
_FACTORS: Final = _DRAWN[:, 0] | np.uint64(1)
_OFFSETS: Final = _DRAWN[:, 1]


@dataclass(frozen=True, slots=True)
class Twin:
    """A posting that says nearly the same, and the words here that it shares."""

    role: Opportunity
    """The posting itself, with its employer and deliverables."""
    likeness: float
    is_own: bool
    was_refused: bool
    spans: tuple[Span, ...]


def body(texts: Mapping[str, str]) -> list[Folded]:
    """Return the folded texts that make a posting what it is."""
    names = sorted(name for name in texts if name.startswith("deliverables."))
    return [
        fold(name, texts[name])
        for name in ("title", "summary", "description", *names)
        if texts.get(name)
    ]


def shingles(text: str) -> NDArray[np.uint64]:
    """Return the distinct hashes of all triples of words; shorter texts are one hash."""
    words = WORD.findall(text)
    count = max(len(words) - WIDTH + 1, 1 if words else 0)
    return np.unique(
        np.fromiter(
            (_hash(words[index : index + WIDTH]) for index in range(count)),
            dtype=np.uint64,
            count=count,
        )
    )


def signature(texts: Mapping[str, str]) -> NDArray[np.uint64] | None:
    """Return the min-hash signature of a posting, shape (120,) in 32 bits; None without words."""
    parts = [shingles(part.text) for part in body(texts)]
    hashes = np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.uint64)
    if not len(hashes):
        return None
    with np.errstate(over="ignore"):
        permuted = (hashes[:, None] * _FACTORS + _OFFSETS) >> np.uint64(32)
    lowest: NDArray[np.uint64] = permuted.min(axis=0)
    return lowest


def bands(lowest: NDArray[np.uint64]) -> list[int]:
    """Return one signed 64-bit key for each band of a signature."""
    return [
        int.from_bytes(
            blake2b(rows.tobytes(), digest_size=8, key=index.to_bytes(2, "big")).digest(),
            "big",
            signed=True,
        )
        for index, rows in enumerate(lowest.reshape(BANDS, ROWS))
    ]


def remember(opportunity: Opportunity, texts: Mapping[str, str]) -> None:
    """Store the fingerprint of a posting, in place of the one it had."""
    Fingerprint.objects.filter(opportunity=opportunity).delete()
    remember_all({opportunity.pk: texts})


def remember_all(postings: Mapping[int, Mapping[str, str]]) -> dict[int, NDArray[np.uint64]]:
    """Store the fingerprints of postings that have none, by their ids, and return them.

    A posting without words has none.
    """
    signed = {pk: signature(texts) for pk, texts in postings.items()}
    known = {pk: lowest for pk, lowest in signed.items() if lowest is not None}
    Fingerprint.objects.bulk_create(
        Fingerprint(opportunity_id=pk, shingles=lowest.tolist()) for pk, lowest in known.items()
    )
    FingerprintBand.objects.bulk_create(
        FingerprintBand(fingerprint_id=pk, key=key)
        for pk, lowest in known.items()
        for key in bands(lowest)
    )
    return known


def similar(
    signatures: Sequence[NDArray[np.uint64]], *, but: int | None = None
) -> list[list[tuple[int, float]]]:
    """Return for each signature the ids of stored postings that are near, most alike first.

    One indexed look-up for each, in one question: a plain table of bands, because PostgreSQL
    expects far too many rows of an array overlap and reads the whole table instead of the index.
    """
    keys = [(place, key) for place, lowest in enumerate(signatures) for key in bands(lowest)]
    if not keys:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SHARING, [*map(list, zip(*keys, strict=True)), but or 0, MAX_CANDIDATES])
        sharing: list[tuple[int, int]] = cursor.fetchall()
    rows = Fingerprint.objects.filter(pk__in={pk for _, pk in sharing})
    stored = {pk: np.array(other, np.uint64) for pk, other in rows.values_list("pk", "shingles")}
    near: list[list[tuple[int, float]]] = [[] for _ in signatures]
    for place, pk in sharing:
        share = float(np.mean(stored[pk] == signatures[place]))
        if share >= NEAR:
            near[place].append((pk, share))
    return [sorted(each, key=lambda row: (-row[1], row[0])) for each in near]


_SHARING: Final = """
SELECT place, fingerprint_id FROM (
    SELECT asked.place, band.fingerprint_id, row_number() OVER (
        PARTITION BY asked.place ORDER BY count(*) DESC, band.fingerprint_id
    ) AS rank
    FROM unnest(%s::int[], %s::bigint[]) AS asked (place, key)
    JOIN moderation_fingerprintband AS band ON band.key = asked.key
    WHERE band.fingerprint_id <> %s
    GROUP BY asked.place, band.fingerprint_id
) AS ranked WHERE rank <= %s
"""


def twins(
    texts: Mapping[str, str], *, employer_id: int | None, but: int | None = None
) -> list[Twin]:
    """Return the near-duplicates that matter: what was taken down, and what is up elsewhere.

    An employer's own closed or unfinished roles do not count: it may post them again.
    """
    lowest = signature(texts)
    near = [] if lowest is None else similar([lowest], but=but)[0]
    return _twins([(texts, employer_id, near)])[0]


def remember_new(roles: Mapping[int, tuple[Mapping[str, str], int]]) -> list[list[Twin]]:
    """Store the fingerprints of new roles, and return the near-duplicates of each.

    ``roles`` has texts and employer by id, in the order in which they come in: those before
    one count among what is near to it, those after it do not.
    """
    known = remember_all({pk: texts for pk, (texts, _) in roles.items()})
    place = {pk: number for number, pk in enumerate(roles)}
    near = {
        pk: [(other, share) for other, share in found if place.get(other, -1) < place[pk]]
        for pk, found in zip(known, similar([*known.values()]), strict=True)
    }
    return _twins([(texts, whose, near.get(pk, [])) for pk, (texts, whose) in roles.items()])


def _twins(
    postings: Sequence[tuple[Mapping[str, str], int | None, list[tuple[int, float]]]],
) -> list[list[Twin]]:
    """Return the near-duplicates that matter of postings: texts, employer, and what is near."""
    refused = {RoleStatus.REMOVED, RoleStatus.REJECTED}
    shown = {RoleStatus.IN_REVIEW, RoleStatus.OPEN, RoleStatus.PAUSED}
    around = Opportunity.objects.filter(pk__in={pk for *_, near in postings for pk, _ in near})
    states = {pk: rest for pk, *rest in around.values_list("pk", "employer_id", "status")}
    chosen: list[list[tuple[int, float]]] = []
    for _, employer_id, near in postings:
        others = shown | refused | {RoleStatus.CLOSED}
        counted = [
            (pk, share)
            for pk, share in near
            if states[pk][1] in (shown | refused if states[pk][0] == employer_id else others)
        ]
        counted.sort(key=lambda row: (states[row[0]][1] not in refused, -row[1], row[0]))
        chosen.append(counted[:MOST_TWINS])
    stored = around.filter(pk__in={pk for each in chosen for pk, _ in each})
    known = {
        role.pk: role for role in stored.select_related("employer").prefetch_related("deliverables")
    }
    return [
        [
            Twin(
                role=known[pk],
                likeness=share,
                is_own=known[pk].employer_id == employer_id,
                was_refused=known[pk].status in refused,
                spans=tuple(common_words(body(texts), _stored_texts(known[pk]))),
            )
            for pk, share in near
        ]
        for (texts, employer_id, _), near in zip(postings, chosen, strict=True)
    ]


def common_words(here: Iterable[Folded], there: Iterable[str]) -> list[Span]:
    """Return the stretches of words here that stand there as well, triple by triple."""
    known = {int(value) for text in there for value in shingles(text)}
    spans = []
    for text in here:
        words = list(WORD.finditer(text.text))
        start = end = -1
        for index in range(max(len(words) - WIDTH + 1, 0)):
            triple = words[index : index + WIDTH]
            if _hash([word[0] for word in triple]) not in known:
                continue
            if end >= 0 and triple[0].start() > end:
                spans.append(text.span(start, end))
                start = -1
            start = triple[0].start() if start < 0 else start
            end = triple[-1].end()
        if end >= 0:
            spans.append(text.span(start, end))
    return spans


def _hash(words: list[str]) -> int:
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=8).digest(), "big")


def _stored_texts(role: Opportunity) -> list[str]:
    parts = [
        text
        for deliverable in role.deliverables.all()
        for text in (deliverable.title, deliverable.done_means)
    ]
    return [fold("", text).text for text in (role.title, role.summary, role.description, *parts)]
