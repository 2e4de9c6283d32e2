"""Weigh the aspects: what matters to a candidate, what matters to an employer."""

import math
from collections.abc import Mapping
from typing import Final

from matching.engine.aspects import ASPECTS, POLES
from matching.engine.records import Candidate

SAID: Final = 2 / 3
"""The least share of all weight that goes to what a person said, if they said anything."""

TOP_THREE: Final = (4, 3, 2)
"""Multipliers of the up to three aspects named as mattering most."""

FIELDS_FIRST: Final = 2
"""Multiplier of the field where some fields come first."""


def ratings(candidate: Candidate) -> dict[str, float]:
    """Return the importance of every aspect before it is set against the others.

    A rating counts where the candidate gave one, else the goal mixes the two poles. Aspects that
    the profile leaves undefined count for nothing. What was said (skills or wishes named, fields
    named, ratings, the three that matter most) counts for at least ``SAID`` of the whole at the
    middle of the goals, so that what a person never spoke of cannot outweigh what they did speak
    of. The factor is that of the middle for every goal, so that ratings are linear in the goal.
    """
    named = {
        "skills": bool(candidate.targets) or any(candidate.skills.values()),
        "field": bool(candidate.interests),
    }
    raw, middle = (_mixed(candidate, goal, named) for goal in (candidate.goal, 0.5))
    said = {
        aspect
        for aspect in raw
        if named.get(aspect) or aspect in candidate.importance or aspect in candidate.top3
    }
    spoken = math.fsum(middle[aspect] for aspect in said)
    silent = math.fsum(middle[aspect] for aspect in raw if aspect not in said)
    if 0 < spoken < SAID * (spoken + silent):
        raw |= {aspect: raw[aspect] * silent * SAID / (1 - SAID) / spoken for aspect in said}
    return raw


def _mixed(candidate: Candidate, goal: float, named: Mapping[str, bool]) -> dict[str, float]:
    """Return the ratings, or a mixture of the poles, with those on top multiplied."""
    mixed = {
        aspect: candidate.importance.get(aspect, (1 - goal) * quick + goal * deep)
        for aspect, (quick, deep) in POLES.items()
    }
    multipliers = dict(zip(candidate.top3, TOP_THREE, strict=False))
    if candidate.fields_first:
        multipliers["field"] = max(FIELDS_FIRST, multipliers.get("field", 0))
    for aspect, multiplier in multipliers.items():
        mixed[aspect] *= multiplier
    return mixed | {aspect: 0.0 for aspect, is_named in named.items() if not is_named}


def weights(candidate: Candidate) -> dict[str, float]:
    """Return the weight of every aspect, summing to 1; where nothing counts, all weigh the same."""
    raw = ratings(candidate)
    total = sum(raw.values())
    if total <= 0:
        return dict.fromkeys(ASPECTS, 1 / len(ASPECTS))
    return {aspect: importance / total for aspect, importance in raw.items()}
