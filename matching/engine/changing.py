"""Ask what one changed fact would do, for a candidate and for a whole pool.

In: a role as its employer states it, and the people. Out: changes with what they gain. Each is
scored anew; nothing is approximated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from matching.engine.candidate_view import view_candidates
from matching.engine.columns import Candidates
from matching.engine.explaining import score_rows
from matching.engine.fixed_point import POINT
from matching.engine.numpy_kernel import eligible_pairs
from matching.engine.packing import pack_candidates, pack_opportunities
from matching.engine.pairs import eligible
from matching.engine.placing import Pairs
from matching.engine.records import Candidate, Opportunity, Priors
from matching.engine.role_index import build_index
from matching.engine.skills import IDENTITY, Vocabulary

SMALLEST_GAIN: Final = 0.5
"""Changes that gain less than so many points are not worth a line."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one fact and what it would do."""

    name: str
    fields: Mapping[str, Any]
    """The fields of the role that change, with their new values."""
    gain: float
    """Points of fit that it adds; over a pool, to the median of those who pass all gates."""
    opens_to: int = 0
    """How many more candidates of a pool it lets through the gates."""


def changes(opportunity: Opportunity, rate: float) -> list[tuple[str, dict[str, Any]]]:
    """Return the single-fact changes that an employer could make, each with its name."""
    shown = opportunity.evidence or ()
    return [
        ("pay", {"pay_kind": "hourly", "pay_amount": rate}),
        ("schedule", {"schedule": "flexible"}),
        ("schedule", {"schedule": "asynchronous"}),
        ("mentor_minutes_per_week", {"mentor_minutes_per_week": 60.0}),
        ("public_works", {"public_works": 1}),
        ("steps", {"steps": ("profile", "resume")}),
        ("contacts", {"contacts": 5}),
        *(
            ("evidence", {"evidence": (*shown, item)})
            for item in ("reference", "certificate", "evaluation")
            if item not in shown
        ),
    ]


def counterfactuals(
    candidate: Candidate,
    opportunity: Opportunity,
    *,
    priors: Priors,
    vocabulary: Vocabulary = IDENTITY,
    top: int = 5,
) -> list[Change]:
    """Return the changes of the role that would gain this candidate most, the best first."""
    menu = changes(opportunity, candidate.rate_target)
    variants = [opportunity, *(replace(opportunity, **fields) for _, fields in menu)]
    base, *fits = _fits(candidate, variants, priors, vocabulary)
    found = [
        Change(name, fields, round(fit - base, 2))
        for (name, fields), fit in zip(menu, fits, strict=True)
        if fit - base > SMALLEST_GAIN
    ]
    return sorted(found, key=lambda change: (-change.gain, change.name))[:top]


def openings(opportunity: Opportunity) -> list[tuple[str, dict[str, Any]]]:
    """Return the single-fact changes that could let more people through the gates."""
    return [
        ("mode", {"mode": "remote"}),
        ("start_latest", {"start_latest": None}),
        ("requires_enrolment", {"requires_enrolment": False}),
        ("credit", {"credit": True}),
        ("must", {"skills": tuple(replace(skill, must=False) for skill in opportunity.skills)}),
    ]


def pool_counterfactuals(
    candidates: Candidates,
    opportunity: Opportunity,
    *,
    priors: Priors,
    rate: float,
    vocabulary: Vocabulary = IDENTITY,
    top: int = 5,
) -> list[Change]:
    """Return the changes of a role that would reach more of a pool of candidates, the best first.

    ``rate`` is the hourly pay to try. The gain is the median over the candidates who pass the gates
    now. Changes that neither gain half a point nor let anyone in are left out.
    """
    menu = [
        (name, fields)
        for name, fields in changes(opportunity, rate) + openings(opportunity)
        if any(getattr(opportunity, field) != value for field, value in fields.items())
    ]
    variants = [opportunity, *(replace(opportunity, **fields) for _, fields in menu)]
    roles = pack_opportunities(
        [replace(variant, id=place) for place, variant in enumerate(variants)],
        priors=priors,
        vocabulary=vocabulary,
    )
    index = build_index(roles, vocabulary=vocabulary)
    view = view_candidates(candidates, index)
    pairs = eligible_pairs(view, index, 0, len(view))
    pairs = Pairs.concatenate([pairs.keep(slice(0)), *eligible(view, index, pairs)])
    passing = [pairs.candidate[index.position[pairs.role] == n] for n in range(len(variants))]
    fits = [
        score_rows(
            candidates, roles, passing[0], np.full(len(passing[0]), n), vocabulary=vocabulary
        ).fit
        for n in range(len(variants))
    ]
    found = [
        Change(
            name,
            fields,
            round(float(np.median(fits[n] - fits[0])) / POINT, 2) if len(passing[0]) else 0.0,
            len(passing[n]) - len(passing[0]),
        )
        for n, (name, fields) in enumerate(menu, start=1)
    ]
    worth = [change for change in found if change.gain > SMALLEST_GAIN or change.opens_to > 0]
    return sorted(worth, key=lambda change: (-change.opens_to, -change.gain, change.name))[:top]


def _fits(
    candidate: Candidate, variants: Sequence[Opportunity], priors: Priors, vocabulary: Vocabulary
) -> list[float]:
    places = np.arange(len(variants), dtype=np.int64)
    scores = score_rows(
        pack_candidates([candidate], vocabulary=vocabulary),
        pack_opportunities(variants, priors=priors, vocabulary=vocabulary),
        np.zeros(len(variants), np.int64),
        places,
        vocabulary=vocabulary,
    )
    return [float(fit) / POINT for fit in scores.fit]
