"""Rank roles and people for each other: pure functions from arrays to arrays.

Read in this order: ``records`` (what comes in), ``facts`` and ``gates`` (what is true, what is
impossible), ``aspects`` and ``scoring`` (what it is worth), ``skills`` and ``taxonomy`` (what is
near what), ``packing`` and ``columns`` (many at once), ``role_index``, ``candidate_view``,
``pairs`` and the kernels (how it is fast), ``ranking`` and ``topk`` (who is best), ``explaining``
and ``changing`` (why, and what if); and by themselves ``odds``, ``hindsight`` and ``calibration``
(how many get an offer, and whether what was said of it came true). The standard library and NumPy
only: no framework, clock, randomness or I/O.
"""

from matching.engine.aspects import ASPECTS
from matching.engine.changing import Change, counterfactuals, pool_counterfactuals
from matching.engine.columns import Candidates, Opportunities
from matching.engine.explaining import Explanation, Line, explain, explain_rows, score_rows
from matching.engine.facts import Facts, dose, facts
from matching.engine.fixed_point import LOWEST, POINT, SCORE, VALUE, WEIGHT
from matching.engine.gates import GATES, gates
from matching.engine.packing import pack_candidates, pack_opportunities
from matching.engine.ranking import KERNELS, Ranker, Ranking, rank
from matching.engine.records import (
    EVIDENCE,
    SUIT_PARTS,
    Candidate,
    Opportunity,
    Skill,
)
from matching.engine.scoring import weights
from matching.engine.skills import IDENTITY, Vocabulary, code_of
from matching.engine.taxonomy import relate
from matching.engine.topk import Lists

__all__ = [
    "ASPECTS",
    "EVIDENCE",
    "GATES",
    "IDENTITY",
    "KERNELS",
    "LOWEST",
    "POINT",
    "SCORE",
    "SUIT_PARTS",
    "VALUE",
    "WEIGHT",
    "Candidate",
    "Candidates",
    "Change",
    "Explanation",
    "Facts",
    "Line",
    "Lists",
    "Opportunities",
    "Opportunity",
    "Ranker",
    "Ranking",
    "Skill",
    "Vocabulary",
    "code_of",
    "counterfactuals",
    "dose",
    "explain",
    "explain_rows",
    "facts",
    "gates",
    "pack_candidates",
    "pack_opportunities",
    "pool_counterfactuals",
    "rank",
    "relate",
    "score_rows",
    "weights",
]
