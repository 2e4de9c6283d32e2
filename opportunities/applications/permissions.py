"""Who sees an application."""

from opportunities.accounts.permissions import Viewer
from opportunities.applications.models import Application
from opportunities.employers.permissions import is_member


def can_view_application(user: Viewer, application: Application) -> bool:
    """Say of one row what ``ApplicationQuerySet.visible_to`` says of many."""
    return is_applicant(user, application) or is_member(user, application.opportunity.employer_id)


def is_applicant(user: Viewer, application: Application) -> bool:
    """Say whether this account's profile made the application."""
    return user.is_authenticated and application.profile.user_id == user.pk
