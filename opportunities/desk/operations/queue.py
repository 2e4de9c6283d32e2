"""The queue of roles in review: oldest first, claimed for a while, so that nobody works twice."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.core.errors import Conflict, WrongState
from opportunities.core.lifecycle import RoleStatus
from opportunities.core.rows import update_row
from opportunities.desk.permissions import require_moderator, require_moderator_at_all
from opportunities.employers.models import EmployerStatus
from opportunities.moderation.outcomes import On, chosen_on
from opportunities.roles.locking import lock_with_employer, require_version
from opportunities.roles.models import Opportunity
from opportunities.roles.models.listings import OpportunityQuerySet

CLAIM: Final = timedelta(minutes=20)
"""A claim holds this long; then somebody else may take the role."""


def waiting(*, moderator: User, at: datetime) -> OpportunityQuerySet:
    """Return the roles that this moderator may decide on now, oldest first."""
    require_moderator_at_all(moderator)
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=at) | Q(claimed_by=moderator)
    return (
        Opportunity.objects.filter(
            free,
            status=RoleStatus.IN_REVIEW,
            employer__status=EmployerStatus.ACTIVE,
            held_decision__due_at__isnull=True,
        )
        .exclude(employer__in=moderator.memberships.values("employer"))
        .order_by("submitted_at", "id")
    )


@transaction.atomic
def claim(*, opportunity_id: int, moderator: User, at: datetime) -> Opportunity:
    """Take a role for a while; claiming it again renews the claim."""
    role = lock_for(moderator, opportunity_id, at=at)
    if role.status != RoleStatus.IN_REVIEW:
        possible = [outcome.name for outcome in chosen_on(On.ROLE, status=role.status)]
        raise WrongState(_("Only a role in review can be claimed."), allowed=possible)
    return take(role, moderator, at=at)


@transaction.atomic
def claim_next(*, moderator: User, at: datetime) -> Opportunity | None:
    """Take the oldest role that waits and that nobody else is taking; None if none waits."""
    role = (
        waiting(moderator=moderator, at=at)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .first()
    )
    return None if role is None else take(role, moderator, at=at)


@transaction.atomic
def release_claim(*, opportunity_id: int, moderator: User, at: datetime) -> Opportunity:
    """Give a claimed role back to the queue."""
    role = lock_for(moderator, opportunity_id, at=at)
    update_row(role, claimed_by=None, claimed_until=None)
    return role


def lock_for(
    moderator: User, opportunity_id: int, *, version: int | None = None, at: datetime
) -> Opportunity:
    """Lock a role, with its employer, for a moderator who may decide on it now; refuse others."""
    role = lock_with_employer(opportunity_id)
    require_moderator(moderator, role)
    is_held = role.claimed_until is not None and role.claimed_until > at
    if is_held and role.claimed_by_id not in {None, moderator.pk}:
        raise Conflict(_("Another moderator is looking at this role."))
    require_version(role, version)
    return role


def take(role: Opportunity, moderator: User, *, at: datetime) -> Opportunity:
    """Let a locked role be one moderator's for a while."""
    update_row(role, claimed_by=moderator, claimed_until=at + CLAIM)
    return role
