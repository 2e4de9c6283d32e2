"""Candidates choose which employers never see them and are never shown to them."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opportunities.candidates import moving, profiles
from opportunities.candidates.models import BlockedEmployer
from opportunities.candidates.profiles import ProfileOwner
from opportunities.core.errors import LimitReached
from opportunities.core.rows import require_row
from opportunities.core.signals import announce_profile
from opportunities.employers.models import Employer

MAX_BLOCKED: Final = 200

moving.moves(BlockedEmployer, moving.rows_of(BlockedEmployer, once="employer", most=MAX_BLOCKED))


@transaction.atomic
def block_employer(*, owner: ProfileOwner, employer: str, at: datetime) -> BlockedEmployer:
    """Block an employer, named by slug or id; blocking it again changes nothing."""
    profile = profiles.locked(owner)
    named = Employer.objects.filter(Q(slug=employer) | Q(public_id=employer))
    found = require_row(named, _("There is no such employer."))
    blocked = BlockedEmployer.objects.filter(profile=profile, employer=found).first()
    if blocked is not None:
        return blocked
    if profile.blocked_employers.count() >= MAX_BLOCKED:
        full = ngettext(
            "You have blocked %(number)s employer already.",
            "You have blocked %(number)s employers already.",
            MAX_BLOCKED,
        )
        raise LimitReached(full % {"number": MAX_BLOCKED})
    blocked = BlockedEmployer.objects.create(profile=profile, employer=found, blocked_at=at)
    announce_profile(profile)
    return blocked


@transaction.atomic
def unblock_employer(*, owner: ProfileOwner, employer: str) -> None:
    """Unblock an employer; one that is not blocked changes nothing."""
    profile = profiles.locked(owner)
    deleted, __ = profile.blocked_employers.filter(
        Q(employer__slug=employer) | Q(employer__public_id=employer)
    ).delete()
    if deleted:
        announce_profile(profile)
