"""Applications on the employer's own site: the way there, how often it is taken, who says so.

Only an address on the employer's verified domain is led to (rule 4.3), and only the role's own:
nothing in a request names an address. Clicks are counted by role and day, never by person.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.db.models import F, Sum

from opportunities.accounts.models import User
from opportunities.applications.applying import profile_of
from opportunities.applications.models import ExternalApplication, ExternalClicks
from opportunities.core.errors import NotAllowed, NotFound, WrongState
from opportunities.employers.permissions import is_member
from opportunities.roles.checks.facts import host_of, is_on_domain
from opportunities.roles.locking import lock_role
from opportunities.roles.models import Opportunity
from opportunities.roles.permissions import can_view

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
    role = Opportunity.objects.select_related("employer").filter(pk=opportunity_id).first()
    if role is None:
        raise NotFound("There is no such role.")
    if not role.is_open(at=at):
        raise WrongState("This role no longer takes applications.")
    address = address_of(role)
    if not address:
        raise WrongState("This role has no application page on the employer's verified domain.")
    if viewer is None or not is_member(viewer, role.employer_id):
        day, _ = ExternalClicks.objects.get_or_create(opportunity=role, day=at.date())
        ExternalClicks.objects.filter(pk=day.pk).update(count=F("count") + 1)
    return address


@transaction.atomic
def state_applied(*, opportunity_id: int, candidate: User, at: datetime) -> ExternalApplication:
    """Put on the candidate's track that they applied on the employer's site; twice is once."""
    role = lock_role(opportunity_id)
    if not can_view(candidate, role):
        raise NotFound("There is no such role.")
    profile = profile_of(candidate, at=at)
    if not role.apply_url:
        raise WrongState("This role takes applications here.")
    if is_member(candidate, role.employer_id):
        raise NotAllowed("You act for this employer, so you cannot apply to it.")
    stated, _ = ExternalApplication.objects.get_or_create(
        profile=profile, opportunity=role, defaults={"stated_at": at}
    )
    return stated


def take_back(*, statement_id: int, candidate: User) -> None:
    """Take off the track what the candidate stated; only they knew of it."""
    own = ExternalApplication.objects.filter(pk=statement_id, profile__user=candidate)
    if not own.delete()[0]:
        raise NotFound("There is no such entry.")


def figures(role: Opportunity, *, at: datetime) -> Figures:
    """Return what the employer may know of the way to its site."""
    clicks = ExternalClicks.objects.filter(opportunity=role)
    recent = clicks.filter(day__gt=at.date() - timedelta(days=RECENT_DAYS))
    return Figures(
        recent=recent.aggregate(sum=Sum("count"))["sum"] or 0,
        total=clicks.aggregate(sum=Sum("count"))["sum"] or 0,
        applied=ExternalApplication.objects.filter(opportunity=role).count(),
    )
