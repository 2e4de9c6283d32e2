"""The way to the employer's own application page, and how often it is taken.

Only an address on the employer's verified domain is led to (rule 4.3), and only the role's own:
nothing in a request names an address. Clicks are counted by role and day, never by person.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.core.errors import WrongState
from opportunities.core.rows import require_row
from opportunities.employers.permissions import is_member
from opportunities.roles.checks.facts import host_of, is_on_domain
from opportunities.roles.models import ExternalClicks, Opportunity

RECENT_DAYS: Final = 30


class Figures(NamedTuple):
    """How often the way to the employer's site was taken, and who says to have applied there."""

    recent: int
    total: int
    applied: int


def address_of(role: Opportunity) -> str:
    """Return where one applies on the employer's site; nothing if its domain is not verified."""
    employer = role.employer
    is_own = employer.is_verified and is_on_domain(role.apply_url, employer.domain)
    return role.apply_url if is_own else ""


def host(role: Opportunity) -> str:
    """Return the name of the site on which one applies, or nothing."""
    return host_of(address_of(role))


@transaction.atomic
def follow(*, opportunity_id: int, viewer: User | None, at: datetime) -> str:
    """Count a click on the way to the employer's site, and return the address."""
    rows = Opportunity.objects.select_related("employer").filter(pk=opportunity_id)
    role = require_row(rows, _("There is no such role."))
    if not role.is_open(at=at):
        raise WrongState(_("This role no longer takes applications."))
    address = address_of(role)
    if not address:
        raise WrongState(_("This role has no application page on the employer's verified domain."))
    if viewer is None or not is_member(viewer, role.employer_id):
        day, __ = ExternalClicks.objects.get_or_create(opportunity=role, day=at.date())
        ExternalClicks.objects.filter(pk=day.pk).update(count=F("count") + 1)
    return address


def figures(role: Opportunity, *, at: datetime) -> Figures:
    """Return what the employer may know of the way to its site."""
    is_recent = Q(day__gt=at.date() - timedelta(days=RECENT_DAYS))
    clicks = ExternalClicks.objects.filter(opportunity=role).aggregate(
        recent=Sum("count", filter=is_recent, default=0), total=Sum("count", default=0)
    )
    return Figures(**clicks, applied=role.external_applications.count())
