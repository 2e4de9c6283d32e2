"""What the page of a role says to the one who looks at it; a higher room knows what."""

from typing import Final

from django.http import HttpRequest

from opportunities.core.providers import Provider

whose_fit: Final[Provider[[HttpRequest], object]] = Provider("whose fit a role's page shows")
"""What parts the pages of somebody who told something from those of everybody else."""

fit_of: Final[Provider[..., str]] = Provider("the fit on a role's page")
"""How an open role fits the visitor, as HTML, or nothing; the page rests on what it reads."""

odds_of: Final[Provider[..., str]] = Provider("the odds on a role's page")
"""How many applied to an open role and how many get an offer, as HTML, the same for everybody.

It is counted every few minutes and changes no row that the page rests on: it may be older by as
long as a page is kept.
"""
