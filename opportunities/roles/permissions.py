"""Who may do what: plain predicates over models, used by operations, API and pages alike.

Roles are relations: a profile, a membership, a permission. Each ``can_view_…`` says of one row
what the queryset's ``visible_to`` says of many.
"""

from opportunities.accounts.permissions import Viewer, is_moderator
from opportunities.core.lifecycle import RoleStatus
from opportunities.employers.models import EmployerStatus
from opportunities.employers.permissions import is_member
from opportunities.roles.models import Opportunity


def can_manage(user: Viewer, opportunity: Opportunity) -> bool:
    """Members of the employer manage its roles."""
    return is_member(user, opportunity.employer_id)


def can_moderate(user: Viewer, opportunity: Opportunity) -> bool:
    """Moderators decide, but never on a role of their own employer."""
    return is_moderator(user) and not can_manage(user, opportunity)


def can_view(user: Viewer, opportunity: Opportunity) -> bool:
    """Say of one row what ``OpportunityQuerySet.visible_to`` says of many."""
    is_public = (
        opportunity.status in {RoleStatus.OPEN, RoleStatus.CLOSED}
        and opportunity.opened_at is not None
        and opportunity.employer.status == EmployerStatus.ACTIVE
    )
    return (
        is_public
        or is_moderator(user)
        or can_manage(user, opportunity)
        or (user.is_authenticated and opportunity.applications.filter(profile__user=user).exists())
    )
