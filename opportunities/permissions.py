"""Who may do what: plain predicates over models, used by operations, API and pages alike.

Roles are relations: a profile, a membership, a permission. Each ``can_view_…`` says of one row
what the queryset's ``visible_to`` says of many.
"""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from opportunities.lifecycle import RoleStatus
from opportunities.models import Application, Employer, Opportunity, User
from opportunities.models.employers import EmployerStatus, MemberRole

MODERATE = "opportunities.moderate_opportunity"

type Viewer = User | AnonymousUser


def is_member(user: Viewer, employer_id: int) -> bool:
    """Say whether this account acts for the employer."""
    return user.is_authenticated and user.memberships.filter(employer=employer_id).exists()


def is_owner(user: Viewer, employer_id: int) -> bool:
    """Say whether this account may change the employer's team, tokens and webhooks."""
    return (
        user.is_authenticated
        and user.memberships.filter(employer=employer_id, role=MemberRole.OWNER).exists()
    )


def can_manage(user: Viewer, opportunity: Opportunity) -> bool:
    """Members of the employer manage its roles."""
    return is_member(user, opportunity.employer_id)


def is_moderator(user: Viewer) -> bool:
    """Say whether this account moderates at all."""
    return user.has_perm(MODERATE)


def can_moderate(user: Viewer, opportunity: Opportunity) -> bool:
    """Moderators decide, but never on a role of their own employer."""
    return is_moderator(user) and not can_manage(user, opportunity)


def can_moderate_employer(user: Viewer, employer: Employer) -> bool:
    """Moderators decide, but never on their own employer."""
    return is_moderator(user) and not is_member(user, employer.pk)


def can_view_employer(user: Viewer, employer: Employer) -> bool:
    """Everybody sees an employer in good standing; its team and moderators see it always."""
    return (
        employer.status == EmployerStatus.ACTIVE
        or is_member(user, employer.pk)
        or is_moderator(user)
    )


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


def can_view_application(user: Viewer, application: Application) -> bool:
    """Say of one row what ``ApplicationQuerySet.visible_to`` says of many."""
    return is_applicant(user, application) or is_member(user, application.opportunity.employer_id)


def is_applicant(user: Viewer, application: Application) -> bool:
    """Say whether this account's profile made the application."""
    return user.is_authenticated and application.profile.user_id == user.pk


def is_suspended(user: User, *, at: datetime) -> bool:
    """Say whether a sanction keeps this account from posting, applying and writing."""
    return user.suspended_until is not None and user.suspended_until > at
