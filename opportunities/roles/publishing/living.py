"""Living postings: what an employer says of a role while it is on the market and after."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from opportunities.accounts.models import User
from opportunities.core import languages
from opportunities.core.errors import Fault, Invalid
from opportunities.core.lifecycle import ON_MARKET, RoleStatus
from opportunities.core.rows import update_row
from opportunities.core.signals import announce_opportunity
from opportunities.roles import drafts
from opportunities.roles.models import Opportunity, RoleOutcome
from opportunities.roles.models.listings import ClosedBecause
from opportunities.roles.publishing.rows import own_role, require_posting, require_state
from opportunities.roles.review import move


@transaction.atomic
def pause(*, opportunity_id: int, actor: User, at: datetime) -> Opportunity:
    """Take a role off the lists for a while; who has applied is still answered."""
    role = own_role(opportunity_id, actor, at=at)
    move(role, "pause", paused_at=at)
    announce_opportunity(role)
    return role


@transaction.atomic
def resume(*, opportunity_id: int, actor: User, at: datetime) -> Opportunity:
    """Put a paused role back on the lists; that also confirms it."""
    role = own_role(opportunity_id, actor, at=at)
    require_posting(role.employer)
    move(role, "resume", paused_at=None, confirmed_at=at)
    announce_opportunity(role)
    return role


@transaction.atomic
def extend(*, opportunity_id: int, actor: User, apply_by: date, at: datetime) -> Opportunity:
    """Move the last day to apply of a role on the market to a later one; that confirms it."""
    role = own_role(opportunity_id, actor, at=at)
    require_state(role, ON_MARKET, _("Cannot extend this role: it is %(state)s."))
    if role.apply_by is not None and apply_by <= role.apply_by:
        told = {"day": languages.day(role.apply_by, "j F Y")}
        detail = _("The last day to apply is already %(day)s.") % told
        raise Invalid(Fault("apply_by", "not_later", detail))
    values = {**drafts.values_of(role), "apply_by": apply_by}
    faults = [
        fault
        for fault in drafts.submission_faults(values, today=role.today(at=at))
        if fault.field == "apply_by"
    ]
    if faults:
        raise Invalid(*faults)
    _save(role, apply_by=apply_by, confirmed_at=at, changed_at=at)
    announce_opportunity(role)
    return role


@transaction.atomic
def confirm(*, opportunity_id: int, actor: User, at: datetime) -> Opportunity:
    """Say that a role on the market is still open."""
    role = own_role(opportunity_id, actor, at=at)
    require_state(role, ON_MARKET, _("Cannot confirm this role: it is %(state)s."))
    was_hidden = role.hidden_at is not None
    _save(role, confirmed_at=at, hidden_at=None)
    if was_hidden:
        announce_opportunity(role)
    return role


@transaction.atomic
def close(*, opportunity_id: int, actor: User, outcome: str, at: datetime) -> Opportunity:
    """Close a role for good and say what happened; who has applied is still answered."""
    role = own_role(opportunity_id, actor, at=at)
    _require_outcome(outcome)
    move(role, "close", closed_at=at, closed_because=ClosedBecause.EMPLOYER, outcome=outcome)
    announce_opportunity(role)
    return role


@transaction.atomic
def close_at_source(role: Opportunity, *, outcome: str = "", at: datetime) -> None:
    """Take a locked role off the market that the system it comes from has closed or hidden.

    What became of it is what the employer said beforehand of all such roles (``outcome``), or is
    still for the employer to say.
    """
    if role.status in ON_MARKET:
        move(role, "close", closed_at=at, closed_because=ClosedBecause.EMPLOYER, outcome=outcome)
        announce_opportunity(role)
    elif role.status == RoleStatus.IN_REVIEW:
        move(role, "withdraw", claimed_by=None, claimed_until=None)


@transaction.atomic
def state_outcome(*, opportunity_id: int, actor: User, outcome: str, at: datetime) -> Opportunity:
    """Say what happened to a role that closed by itself, or correct what was said."""
    role = own_role(opportunity_id, actor, at=at)
    require_state(role, [RoleStatus.CLOSED], _("Only a closed role has an outcome."))
    _require_outcome(outcome)
    _save(role, outcome=outcome)
    return role


def _require_outcome(outcome: str) -> None:
    if outcome not in RoleOutcome.values:
        known = ", ".join(RoleOutcome.values)
        detail = _("Say what happened, one of: %(known)s.") % {"known": known}
        raise Invalid(Fault("outcome", "unknown_choice", detail))


def _save(role: Opportunity, **changes: Any) -> None:
    update_row(role, version=role.version + 1, **changes)
