"""Who may decide: moderators, but never about an employer of their own."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opportunities.accounts.models import User
from opportunities.accounts.permissions import is_moderator
from opportunities.core.errors import NotAllowed, NotFound
from opportunities.employers.models import Employer
from opportunities.employers.permissions import can_moderate_employer
from opportunities.roles.models import Opportunity
from opportunities.roles.permissions import can_moderate, can_view

OWN = gettext_lazy("You act for this employer; another moderator decides.")


def require_moderator(moderator: User, role: Opportunity) -> None:
    """Refuse everybody but moderators who do not act for the role's employer."""
    if can_moderate(moderator, role):
        return
    if is_moderator(moderator):
        raise NotAllowed(OWN)
    if can_view(moderator, role):
        raise NotAllowed(_("Only moderators may do this."))
    raise NotFound(_("There is no such role."))


def require_moderator_of(moderator: User, employer: Employer) -> None:
    """Refuse everybody but moderators who do not act for the employer."""
    if can_moderate_employer(moderator, employer):
        return
    raise NotAllowed(OWN if is_moderator(moderator) else _("Only moderators may do this."))


def require_moderator_at_all(moderator: User) -> None:
    """Refuse everybody who does not moderate."""
    if not is_moderator(moderator):
        raise NotAllowed(_("Only moderators may do this."))
