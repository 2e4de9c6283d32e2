"""What the page of a role says to the one who looks at it; a higher room knows what."""

from datetime import datetime
from typing import Final

from django.http import HttpRequest

from opportunities.core.page_cache import Basis
from opportunities.core.providers import Provider
from opportunities.roles.models import Opportunity


def _nobody(request: HttpRequest) -> object:
    return ()


def _nothing(
    request: HttpRequest, role: Opportunity, *, at: datetime, is_late: bool, basis: Basis
) -> str:
    return ""


def _no_odds(role: Opportunity, *, at: datetime) -> str:
    return ""


whose_fit: Final = Provider("whose fit a role's page shows", otherwise=_nobody)
"""What parts the pages of somebody who told something from those of everybody else."""

fit_of: Final = Provider("the fit on a role's page", otherwise=_nothing)
"""How an open role fits the visitor, as HTML, or nothing; the page rests on what it reads."""

odds_of: Final = Provider("the odds on a role's page", otherwise=_no_odds)
"""How many applied to an open role and how many get an offer, as HTML, the same for everybody.

It is counted every few minutes and changes no row that the page rests on: it may be older by as
long as a page is kept.
"""
