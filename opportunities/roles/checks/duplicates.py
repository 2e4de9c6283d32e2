"""Near-duplicates: min-hash signatures of word triples, banded and indexed.

Two postings that share most of their triples of words agree in at least one band almost surely,
so one indexed lookup finds the candidates and their signatures tell how alike they are. With 24
bands of 5 rows, postings that share 70 % are found with probability 0.988, those that share 20 %
with 0.008 (1 - (1 - s^5)^24).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import numpy as np
from django.db.models import Count
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

    opportunity_id: int
    likeness: float
    is_own: bool
    was_refused: bool
    spans: tuple[Span, ...] = ()
    role: Opportunity | None = None
    """The posting itself, with its employer and deliverables."""


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


def remember_all(postings: Mapping[int, Mapping[str, str]]) -> None:
    """Store the fingerprints of postings that have none, by their ids."""
    signed = {pk: signature(texts) for pk, texts in postings.items()}
    known = {pk: lowest for pk, lowest in signed.items() if lowest is not None}
    Fingerprint.objects.bulk_create(
        Fingerprint(opportunity_id=pk, shingles=[int(value) for value in lowest])
        for pk, lowest in known.items()
    )
    FingerprintBand.objects.bulk_create(
        FingerprintBand(fingerprint_id=pk, key=key)
        for pk, lowest in known.items()
        for key in bands(lowest)
    )


def similar(lowest: NDArray[np.uint64], *, but: int | None = None) -> list[tuple[int, float]]:
    """Return the ids of stored postings that are near, most alike first.

    One indexed lookup: a plain table of bands, because PostgreSQL expects far too many rows of an
    array overlap and reads the whole table instead of the index.
    """
    candidates = (
        FingerprintBand.objects.filter(key__in=bands(lowest))
        .exclude(fingerprint=but)
        .values("fingerprint")
        .annotate(shared=Count("pk"))
        .order_by("-shared", "fingerprint")
        .values_list("fingerprint", flat=True)[:MAX_CANDIDATES]
    )
    rows = Fingerprint.objects.filter(pk__in=list(candidates)).values_list("pk", "shingles")
    likeness = [
        (pk, float(np.mean(np.array(other, dtype=np.uint64) == lowest))) for pk, other in rows
    ]
    return sorted(
        ((pk, share) for pk, share in likeness if share >= NEAR), key=lambda row: (-row[1], row[0])
    )


def twins(
    texts: Mapping[str, str], *, employer_id: int | None, but: int | None = None, limit: int = 3
) -> list[Twin]:
    """Return the near-duplicates that matter: what was taken down, and what is up elsewhere.

    An employer's own closed or unfinished roles do not count: it may post them again.
    """
    lowest = signature(texts)
    if lowest is None:
        return []
    near = dict(similar(lowest, but=but))
    refused = {RoleStatus.REMOVED, RoleStatus.REJECTED}
    shown = {RoleStatus.IN_REVIEW, RoleStatus.OPEN, RoleStatus.PAUSED}
    found = []
    known = Opportunity.objects.filter(pk__in=near).order_by("id")
    for role in known.select_related("employer").prefetch_related("deliverables"):
        is_own = role.employer_id == employer_id
        counted = refused | shown | (set() if is_own else {RoleStatus.CLOSED})
        if role.status in counted:
            found.append((role, is_own, role.status in refused))
    found.sort(key=lambda row: (not row[2], -near[row[0].pk], row[0].pk))
    return [
        Twin(
            opportunity_id=role.pk,
            likeness=near[role.pk],
            is_own=is_own,
            was_refused=was_refused,
            spans=tuple(common_words(body(texts), _stored_texts(role))),
            role=role,
        )
        for role, is_own, was_refused in found[:limit]
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
