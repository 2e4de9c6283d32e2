"""What the marketplace announces to whoever listens (today: matching).

``…_changing`` is sent inside the transaction that changes the row, so that what is owed commits
with it; ``…_changed`` is sent after the commit and only nudges a worker.
"""

from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.dispatch import Signal

if TYPE_CHECKING:
    from opportunities.candidates.models import CandidateProfile
    from opportunities.roles.models import Opportunity

opportunity_changing = Signal()
"""A role opened, changed or left the market. Sends ``opportunity_id: int``."""
opportunity_changed = Signal()
"""The same, after the commit."""
opportunity_moved = Signal()
"""Roles came into another state, inside the transaction. Sends ``opportunity_ids: list[int]``.

A pause and its end are not announced.
"""
application_moved = Signal()
"""A step of an application, inside the transaction. Sends ``application`` and ``action: str``."""
employer_changed = Signal()
"""An employer was verified or sanctioned, inside the transaction. Sends ``employer_id: int``."""
import_asked = Signal()
"""An employer handed a file of roles in, after the commit. Sends ``job_id: int``."""
reading_asked = Signal()
"""A team asked for a reading of a source, after the commit."""
profile_changing = Signal()
"""A candidate's profile changed. Sends ``profile_id: int``."""
profile_changed = Signal()
"""The same, after the commit."""


def announce_opportunity(opportunity: "Opportunity") -> None:
    """Tell inside the transaction that this role changed, and once more after the commit."""
    sender = type(opportunity)
    opportunity_changing.send(sender=sender, opportunity_id=opportunity.pk)
    transaction.on_commit(
        partial(opportunity_changed.send, sender=sender, opportunity_id=opportunity.pk)
    )


def announce_profile(profile: "CandidateProfile") -> None:
    """Tell inside the transaction that this profile changed, and once more after the commit."""
    sender = type(profile)
    profile_changing.send(sender=sender, profile_id=profile.pk)
    transaction.on_commit(partial(profile_changed.send, sender=sender, profile_id=profile.pk))
