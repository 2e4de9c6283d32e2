"""Compare paths: the best single internship, the best stack of short tasks, the best mix.

In: one candidate and roles as plain records. Out: plans that are feasible in every week, valued by
the same twelve aspects as a single role, so that a plan of one has the role's score; and the exact
weights or goals at which one plan overtakes another. Read ``pool``, then ``paths``, then
``tipping``.
"""

from matching.engine.planning.paths import MAX_ITEMS, Paths, best_paths, value_plan
from matching.engine.planning.pool import NOTHING, Outcomes, Plan, is_internship
from matching.engine.planning.tipping import TippingPoint, tipping_goals, tipping_weight

__all__ = [
    "MAX_ITEMS",
    "NOTHING",
    "Outcomes",
    "Paths",
    "Plan",
    "TippingPoint",
    "best_paths",
    "is_internship",
    "tipping_goals",
    "tipping_weight",
    "value_plan",
]
