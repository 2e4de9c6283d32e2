"""Weigh the aspects: what matters to a candidate, what matters to an employer."""

from typing import Final

from matching.engine.records import ASPECTS, POLES, Candidate

TOP_THREE: Final = (4, 3, 2)
"""Multipliers of the up to three aspects named as mattering most."""


def ratings(candidate: Candidate) -> dict[str, float]:
    """Return the importance of every aspect before it is set against the others.

    A rating counts where the candidate gave one, else the goal mixes the two poles. Aspects that
    the profile leaves undefined count for nothing.
    """
    raw = {
        aspect: candidate.importance.get(
            aspect, (1 - candidate.goal) * quick + candidate.goal * deep
        )
        for aspect, (quick, deep) in POLES.items()
    }
    multipliers = dict(zip(candidate.top3, TOP_THREE, strict=False))
    if candidate.fields_first:
        multipliers["field"] = TOP_THREE[0]
    for aspect, multiplier in multipliers.items():
        raw[aspect] *= multiplier
    if not candidate.targets:
        raw["skills"] = 0.0
    if not candidate.interests:
        raw["field"] = 0.0
    return raw


def weights(candidate: Candidate) -> dict[str, float]:
    """Return the weight of every aspect, summing to 1; where nothing counts, all weigh the same."""
    raw = ratings(candidate)
    total = sum(raw.values())
    if total <= 0:
        return dict.fromkeys(ASPECTS, 1 / len(ASPECTS))
    return {aspect: importance / total for aspect, importance in raw.items()}
