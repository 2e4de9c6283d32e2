"""The one number that stands on a role, and its parts: what is shown is what orders.

The number is the key of the list, rounded: whoever stands higher never shows less. Its parts are
whole points that add up to it, by largest remainder.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from matching.engine import POINT, Candidate, Explanation
from matching.store.live import Order

type PartKey = Literal["fit", "suit", "in_demand", "answers_late"]

DEMOTION: Final = 10 * POINT
"""What a role that leaves applicants without their answer loses of its number in every list."""

PART_LABELS: Final[Mapping[PartKey, Any]] = {
    "fit": pgettext_lazy("part of a match", "fit"),
    "suit": pgettext_lazy("part of a match", "suit"),
    "in_demand": pgettext_lazy("part of a match", "in demand"),
    "answers_late": pgettext_lazy("part of a match", "answers late"),
}
STRONG, FAIR = 75, 60


@dataclass(frozen=True, slots=True)
class Part:
    """One addend of the number; a deduction has less than no points."""

    key: PartKey
    points: int
    of: int | None = None
    """The whole score, from 0 to 100, that these points come from."""

    @property
    def label(self) -> str:
        """Return what people call it."""
        return str(PART_LABELS[self.key])

    @property
    def size(self) -> int:
        """Return the points without their sign."""
        return abs(self.points)


@dataclass(frozen=True, slots=True)
class MatchNumber:
    """A number from 0 to 100 with its parts."""

    order: Order
    value: int
    parts: tuple[Part, ...]

    @property
    def band(self) -> str:
        """Name the number: the same number always has the same word."""
        return "strong" if self.value >= STRONG else "fair" if self.value >= FAIR else "partial"

    @property
    def name(self) -> str:
        """Return what the number is called in this order."""
        return _("Fit") if self.order == "fit" else _("Match")

    @property
    def title(self) -> str:
        """Name the number with its band."""
        if self.order == "fit":
            words = {"strong": _("Strong fit"), "fair": _("Fair fit"), "partial": _("Partial fit")}
        else:
            words = {
                "strong": _("Strong match"),
                "fair": _("Fair match"),
                "partial": _("Partial match"),
            }
        return words[self.band]

    def points_of(self, key: PartKey) -> int:
        """Return the points of one part."""
        return sum(part.points for part in self.parts if part.key == key)


def order_of(person: Candidate) -> Order:
    """Return the usual order: until somebody names skills, their suit is a guess and fit ranks."""
    return "mutual" if person.skills else "fit"


def place_in_list(rank: int, *, is_late: bool) -> int:
    """Return the exact key of a list from what the engine ranked by; the larger stands higher."""
    return rank - DEMOTION * is_late


def number_of(
    explanation: Explanation,
    *,
    order: Order = "mutual",
    price: int = 0,
    is_late: bool = False,
    fit: float | None = None,
) -> MatchNumber:
    """Return the number of one pair; ``fit`` stands in for the explained one, for a range.

    By itself it is the number that orders a role's list of candidates.

    ``price`` is in ten-thousandths of a point. Fit and suit share their geometric mean in
    proportion; what is taken off never takes more than there is.
    """
    own_fit = explanation.fit if fit is None else fit
    exact: dict[PartKey, float] = {}
    if order == "fit":
        left = round(own_fit * POINT)
        exact["fit"] = left
    else:
        together = own_fit + explanation.suit
        left = round(
            (explanation.mutual if fit is None else math.sqrt(fit * explanation.suit)) * POINT
        )
        share = own_fit / together if together else 0.0
        exact["fit"], exact["suit"] = left * share, left * (1 - share)
        exact["in_demand"] = -min(price, left)
        left += int(exact["in_demand"])
    if is_late:
        exact["answers_late"] = -min(DEMOTION, left)
        left += int(exact["answers_late"])
    value = int(np.rint(left / POINT))
    scores: dict[PartKey, float] = {"fit": own_fit, "suit": explanation.suit}
    parts = (
        Part(key, points, int(np.rint(scores[key])) if key in scores else None)
        for key, points in _whole(exact, value).items()
    )
    return MatchNumber(order, value, tuple(part for part in parts if part.points or part.of))


def _whole(exact: Mapping[PartKey, float], total: int) -> dict[PartKey, int]:
    """Return whole points that add up to the total, the largest remainders rounded up."""
    whole = {key: math.floor(units / POINT) for key, units in exact.items()}
    remainders = sorted(exact, key=lambda key: whole[key] - exact[key] / POINT)
    for key in remainders[: total - sum(whole.values())]:
        whole[key] += 1
    return whole
