"""Where people begin who have just signed in and were on no page in particular."""

from django.conf import settings

from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_moderator
from opportunities.employers.membership import memberships_of


def first_page(user: User) -> str:
    """Return the name of the page where somebody's work waits: that of the site before their own.

    Administrators begin in the admin, moderators at their desk, members of an organization at
    its roles, and everybody else at their matches.
    """
    if user.is_superuser:
        return "admin:index"
    if is_moderator(user):
        return "opportunities:desk"
    if user.is_staff:
        return "admin:index"
    return "opportunities:employer-home" if memberships_of(user) else settings.LOGIN_REDIRECT_URL
