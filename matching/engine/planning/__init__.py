"""Compare paths: the best single internship, the best stack of short tasks, the best mix.

In: one candidate and roles as plain records. Out: plans that are feasible in every week, valued by
the same aspects as a single role; what can take the place of each role; and the exact
weights at which one plan overtakes another. Read ``placing``, then ``pool``, ``paths``,
``fallbacks``, ``likelihood`` and ``tipping``.
"""

from matching.engine.planning.likelihood import all_of, any_of, leg_chance
from matching.engine.planning.paths import Paths, best_paths, value_plan
from matching.engine.planning.pool import NOTHING, Plan, is_internship
from matching.engine.planning.tipping import TippingPoint, tipping_weight

__all__ = [
    "NOTHING",
    "Paths",
    "Plan",
    "TippingPoint",
    "all_of",
    "any_of",
    "best_paths",
    "is_internship",
    "leg_chance",
    "tipping_weight",
    "value_plan",
]
