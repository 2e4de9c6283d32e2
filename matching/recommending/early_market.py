"""Say first what is true where little is open of what somebody wants, and which change opens more.

Roles are *near* where they pass the person's limits and are in a field that they want; who named no
field wants any. Below ``FEW`` of them the page begins with how many there are. The first page of a
list ends where numbers fall below ``FAR`` of the best one: what follows is there on request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.recommending.queries import Shown
from matching.recommending.widening import Change, widen_all
from matching.store.live import Ranking
from opportunities.core import languages
from opportunities.core.fields_of_work import Field
from opportunities.roles.models import Opportunity

FEW: Final = 3
"""Roles near what somebody wants, below which the page says how few there are."""

FAR: Final = 0.7
"""The share of the best number below which a role is not on the first page of a list."""

WEAK: Final = 40
"""A best number below this is no match, and is said not to be one. Where nothing is near what
somebody wants, such roles are not on the first page."""


@dataclass(frozen=True, slots=True)
class EarlyMarket:
    """How little is open of what somebody wants."""

    fields: str
    """The fields that they want, in words; empty is any."""
    listed: int
    """Open roles in these fields, whoever may take them."""
    near: int
    """Those of them that pass the person's limits."""
    others: int
    """Roles of other fields that pass them."""
    changes: Sequence[Change]
    """Changes of their limits that bring in most roles of these fields: single ones, else two."""

    @property
    def sentence(self) -> str:
        """Say how many there are."""
        words = {
            "fields": self.fields,
            "near": languages.number(self.near),
            "listed": languages.number(self.listed),
        }
        if not self.listed:
            said = _("No role in %(fields)s is open yet.")
        elif not self.fields:
            said = ngettext(
                "Few roles match yet: %(near)s of %(listed)s open roles meets your must-haves.",
                "Few roles match yet: %(near)s of %(listed)s open roles meet your must-haves.",
                self.near,
            )
        elif self.near:
            said = ngettext(
                "Few roles match yet: %(near)s role in %(fields)s meets your must-haves.",
                "Few roles match yet: %(near)s roles in %(fields)s meet your must-haves.",
                self.near,
            )
        else:
            said = ngettext(
                "%(listed)s role in %(fields)s is open, and it does not meet your must-haves.",
                "%(listed)s roles in %(fields)s are open, and none meets your must-haves.",
                self.listed,
            )
        return said % words


def early_market(found: Ranking, *, at: datetime, currency: str) -> EarlyMarket | None:
    """Return how little there is of what a person wants, or None where there is enough.

    Where nothing at all passes the limits of somebody who named no field, the empty list says so.
    """
    person = found.person
    wanted = [name for name, share in person.interests.items() if share >= 1]
    listed = found.state.role_count
    near = found.count_in(wanted, enough=FEW) if wanted else len(found)
    if near >= FEW or not (wanted or near):
        return None
    changes = widen_all(found, at=at, currency=currency, fields=wanted, today=near)
    if wanted:
        listed = Opportunity.objects.listed(at=at).filter(field__in=wanted).count()
    return EarlyMarket(
        fields=languages.listed([Field(name).label for name in wanted], alternatives=True),
        listed=listed,
        near=near,
        others=len(found) - near,
        changes=changes,
    )


def first_page(rows: Sequence[Shown], early: EarlyMarket | None) -> Sequence[Shown]:
    """Return those of the first rows of a list that do not fall far below the best one.

    Where nothing is near what the person wants, weak ones are left out as well.
    """
    least = FAR * max((row.number for row in rows), default=0)
    if early and not early.near:
        least = max(least, WEAK)
    far = next((place for place, row in enumerate(rows) if row.number < least), len(rows))
    return rows[:far]
