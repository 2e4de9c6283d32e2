"""Who acts for an employer, and who sees it."""

from opportunities.accounts.models import User
from opportunities.accounts.permissions import Viewer, is_moderator
from opportunities.employers.models import Employer, EmployerStatus, MemberRole


def is_member(user: Viewer, employer_id: int) -> bool:
    """Say whether this account acts for the employer."""
    return user.is_authenticated and user.memberships.filter(employer=employer_id).exists()


def is_owner(user: Viewer, employer_id: int) -> bool:
    """Say whether this account may change the employer's team, tokens and webhooks."""
    return (
        user.is_authenticated
        and user.memberships.filter(employer=employer_id, role=MemberRole.OWNER).exists()
    )


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


def members_of(employer: Employer | int) -> list[User]:
    """Return the people who act for an employer."""
    return list(User.objects.filter(memberships__employer=employer, is_active=True).order_by("id"))
