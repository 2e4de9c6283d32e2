"""What one may know of the chance at a role: places, applicants, when an answer is due, a range.

The range says how applications like this one went for others. It is never a promise, and where
too few have been answered there is none.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from opportunities.applications.tracking import promise
from opportunities.roles.models import Opportunity


@dataclass(frozen=True, slots=True)
class Chance:
    """What is known of one role; shares of applicants who get an offer, in [0, 1].

    ``low`` to ``high`` holds the true share of four in five such roles and ``middle`` is the best
    single guess; all three are None where too few applications were answered to say anything.
    ``applicants`` is None where there are too few to name, or where people apply elsewhere.
    ``decision_due`` is the day on which whoever applies now is promised an answer.
    """

    low: float | None
    high: float | None
    middle: float | None
    places: int
    applicants: int | None
    decision_due: date | None


def chances(roles: Collection[int], at: datetime) -> dict[int, Chance]:
    """Return the chance at each of these roles by its id; roles that do not exist are left out."""
    rows = Opportunity.objects.select_related("employer").in_bulk(list(roles))
    return {
        role.pk: Chance(
            low=None,
            high=None,
            middle=None,
            places=role.capacity,
            applicants=None,
            decision_due=promise(role, since=at.date()).due_on,
        )
        for role in rows.values()
    }
