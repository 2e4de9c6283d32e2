"""What a candidate says of applying on an employer's own site; nobody else is told."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.applications.applying import profile_of
from opportunities.applications.models import ExternalApplication
from opportunities.candidates import moving
from opportunities.core.errors import NotAllowed, NotFound, WrongState
from opportunities.employers.permissions import is_member
from opportunities.roles.locking import lock_role
from opportunities.roles.permissions import can_view

moving.moves(ExternalApplication, moving.rows_of(ExternalApplication, once="opportunity"))


@transaction.atomic
def state_applied(*, opportunity_id: int, candidate: User, at: datetime) -> ExternalApplication:
    """Put on the candidate's track that they applied on the employer's site; twice is once."""
    role = lock_role(opportunity_id)
    if not can_view(candidate, role):
        raise NotFound(_("There is no such role."))
    profile = profile_of(candidate, at=at)
    if not role.apply_url:
        raise WrongState(_("This role takes applications here."))
    if is_member(candidate, role.employer_id):
        raise NotAllowed(_("You act for this employer, so you cannot apply to it."))
    return ExternalApplication.objects.get_or_create(
        profile=profile, opportunity=role, defaults={"stated_at": at}
    )[0]


def take_back(*, statement_id: int, candidate: User) -> None:
    """Take off the track what the candidate stated; only they knew of it."""
    own = ExternalApplication.objects.filter(pk=statement_id, profile__user=candidate)
    if not own.delete()[0]:
        raise NotFound(_("There is no such entry."))
